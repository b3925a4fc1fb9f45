import { InvalidArgumentError } from 'commander';

import { parsePort } from '../stack/ports.ts';

export function readPort(text: string): number {
  const port = parsePort(text);
  if (port === undefined) throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return port;
}

export function readCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return count;
}

export function readMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0) || minutes > 7 * 24 * 60) {
    throw new InvalidArgumentError('It must be a number of minutes, such as 5 or 0.5.');
  }
  return minutes;
}

export function readSeconds(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds.');
}
