import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- fault results -->';
const END = '<!-- /fault results -->';

/** Puts the table of one run into a document, in the place of an earlier one of the same servers and lengths. */
export function writeFaultTable(file, run, lines) {
  const text = readFileSync(file, 'utf8');
  const [before, between, after] = [
    text.slice(0, text.indexOf(BEGIN) + BEGIN.length),
    text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)),
    text.slice(text.indexOf(END)),
  ];
  const heading = `### ${run.servers}, ${run.full ? 'true lengths' : 'short lengths'}`;
  const others = between
    .split(/^(?=### )/m)
    .filter((part) => part.startsWith('### ') && !part.startsWith(`${heading}\n`));
  const parts = [...others, faultTable(heading, run, lines)].sort((a, b) => a.localeCompare(b));
  const body = parts.map((part) => `\n${part.trim()}\n`).join('');
  writeFileSync(file, `${before}\n${body}\n${after}`);
}

function faultTable(heading, run, lines) {
  const rows = lines.map(
    ({ fault, measured, verdict }) => `| ${cell(fault)} | ${cell(measured)} | ${cell(verdict)} |`,
  );
  return [
    heading,
    '',
    `${run.date}, ${run.machine}.`,
    '',
    '| fault | measured | verdict |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
