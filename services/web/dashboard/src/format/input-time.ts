import type { Zone } from './format.ts';

/** A moment as `<input type="datetime-local">` writes it, which says no zone; empty where it is none. */
export function toInputTime(iso: string | null, zone: Zone): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  const offsetMs = zone === 'utc' ? 0 : at.getTimezoneOffset() * 60_000;
  return new Date(at.getTime() - offsetMs).toISOString().slice(0, 16);
}

/** The moment that such an input says, in ISO 8601; empty where it is none. */
export function fromInputTime(text: string, zone: Zone): string {
  const at = new Date(zone === 'utc' && text !== '' ? `${text}Z` : text);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
