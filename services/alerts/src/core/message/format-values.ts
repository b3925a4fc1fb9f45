import type { ChannelLanguage } from '@llm-monitor/contracts/alerts';

import { cleanText } from './clean-text.ts';
import { MESSAGE_TEXTS } from './message-texts.ts';

const GIB = 1024 ** 3;

/** `12.5 %`, `840 ms`, `3 GiB`: a figure in its unit, as the language writes it. */
export function formatValue(value: number, unit: string, language: ChannelLanguage): string {
  const number = (figure: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(figure);
  if (unit === 'bytes') return `${number(value / GIB)} GiB`;
  if (unit === 's' && value !== 0 && Math.abs(value) < 1) return `${number(value * 1000)} ms`;
  const name = MESSAGE_TEXTS[language].units[unit] ?? cleanText(unit, 24);
  return name ? `${number(value)} ${name}` : number(value);
}

/** `90 s`, `5 min`, `3 h 20 min`, `2 d 4 h`. */
export function formatSpan(seconds: number, language: ChannelLanguage): string {
  const day = language === 'it' ? 'g' : 'd';
  const parts = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small > 0 ? `${big} ${bigUnit} ${small} ${smallUnit}` : `${big} ${bigUnit}`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return parts(hours, 'h', minutes % 60, 'min');
  return parts(Math.floor(hours / 24), day, hours % 24, 'h');
}

/** `2026-05-01 10:00 UTC`: who reads it may be anywhere. */
export function formatTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return cleanText(iso, 40);
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
