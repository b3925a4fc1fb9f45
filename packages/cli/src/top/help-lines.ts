import { clip } from '../terminal/fit.ts';

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['1 2 3 4, Tab', 'running calls, models, hosts, recent calls'],
  ['↑ ↓, j k, PgUp PgDn', 'select a row'],
  ['s, r', 'sort by the next column, reverse'],
  ['/, Esc', 'show only what has a text; show all again'],
  ['p, blank', 'pause: the screen stands still, nothing else does'],
  ['c', 'cancel the selected call, after a question'],
  ['d', 'demo traffic alone, or none of it'],
  ['q, Ctrl+C', 'quit'],
];
const NOTES = [
  '≈ is an estimate from the pieces of an answer; its end brings true counts.',
  'p95 is of the completed calls under "recent"; success and errors of all time.',
  'While the line is lost the last data stay, and the corner says how old.',
];
const KEY_COLUMNS = 22;

export function helpLines(width: number): string[] {
  const keys = KEYS.map(([key, does]) => `  ${key.padEnd(KEY_COLUMNS)}${does}`);
  return [...keys, '', ...NOTES.map((note) => `  ${note}`), '', '  Any key goes back.'].map(
    (line) => clip(line, width),
  );
}
