import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- fault results -->';
const END = '<!-- /fault results -->';

/**
 * Puts the table of one run into a document, in the place of an earlier one of the same servers and lengths.
 * @param {{ isPart: boolean }} options the run was of some files only: the other rows of the earlier table stay
 */
export function writeFaultTable(file, run, lines, { isPart }) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(BEGIN) || !text.includes(END)) throw new Error(`${file} has no ${BEGIN}`);
  const from = text.indexOf(BEGIN) + BEGIN.length;
  const to = text.indexOf(END);
  const tables = text.slice(from, to).split(/^(?=### )/m);
  const heading = `### ${run.servers}, ${run.full ? 'true lengths' : 'short lengths'}`;
  const isEarlier = (table) => table.startsWith(`${heading}\n`);
  const kept = isPart ? (tables.find(isEarlier) ?? '').split('\n').filter(isRow) : [];
  const others = tables.filter((table) => table.startsWith('### ') && !isEarlier(table));
  const parts = [...others, faultTable(heading, run, mergeRows(kept, lines.map(toRow)))];
  const body = parts.map((part) => `\n${part.trim()}\n`).sort((a, b) => a.localeCompare(b));
  writeFileSync(file, `${text.slice(0, from)}\n${body.join('')}\n${text.slice(to)}`);
}

function faultTable(heading, { date, machine }, rows) {
  const head = ['| fault | measured | verdict |', RULE];
  return [heading, '', `${date}, ${machine}.`, '', ...head, ...rows].join('\n');
}

/** A row of a fault takes the place of an earlier one. */
function mergeRows(kept, rows) {
  const byFault = new Map(kept.map((row) => [faultOf(row), row]));
  for (const row of rows) byFault.set(faultOf(row), row);
  return byFault.values();
}

const RULE = '|---|---|---|';
const isRow = (line) => line.startsWith('| ') && !line.startsWith('| fault |');
const faultOf = (row) => row.split(' | ', 1)[0];
const toRow = ({ fault, measured, verdict }) =>
  `| ${cell(fault)} | ${cell(measured)} | ${cell(verdict)} |`;
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
