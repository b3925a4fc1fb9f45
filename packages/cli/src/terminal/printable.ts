import { stripVTControlCharacters } from 'node:util';

/** Characters that steer a terminal (C0 but for line breaks and tabs, DEL, C1) or turn the direction of what follows. */
// eslint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const BLANKS = /[\s\u2028\u2029\u200b\ufeff]+/g;
const INVISIBLE_IN_JSON = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** What comes from outside must not steer the terminal. Line breaks and tabs stay. */
export function printable(text: string): string {
  return text.toWellFormed().replace(STEERING, '�');
}

/** The same as one line: whole escape sequences go, and each run of white space is one blank. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(BLANKS, ' ')
    .replace(STEERING, '')
    .trim();
}

/** JSON in one line, in which nothing steers a terminal: `JSON.stringify` leaves DEL and C1 as they are. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    INVISIBLE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
