import { oneLine } from '../terminal/printable.ts';
import { fit } from '../terminal/fit.ts';
import type { Style } from '../terminal/terminal.ts';
import type { Finding, Level } from './finding.ts';

const SUBJECT_COLUMNS = 16;

/** All findings, worst or best as they come, and below them how many are bad. */
export function formatFindings(findings: readonly Finding[], style: Style): string {
  const signs: Record<Level, string> = {
    ok: style.green('✓'),
    note: style.cyan('·'),
    warning: style.yellow('!'),
    problem: style.red('✗'),
  };
  const lines = findings.flatMap(({ level, subject, detail, fix }) => [
    `${signs[level]} ${fit(oneLine(subject), SUBJECT_COLUMNS)}  ${oneLine(detail)}`,
    ...(fix === undefined ? [] : fix.split('\n').map((line) => formatFix(line, style))),
  ]);
  return [...lines, '', formatVerdict(findings, style)].join('\n');
}

function formatFix(line: string, style: Style): string {
  return `${' '.repeat(SUBJECT_COLUMNS + 4)}${style.bold('→')} ${oneLine(line)}`;
}

function formatVerdict(findings: readonly Finding[], style: Style): string {
  const [problems, warnings] = (['problem', 'warning'] as const).map(
    (wanted) => findings.filter(({ level }) => level === wanted).length,
  ) as [number, number];
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  if (problems > 0)
    return style.red(`${count(problems, 'problem')}, ${count(warnings, 'warning')}.`);
  return warnings > 0
    ? style.yellow(`No problem, ${count(warnings, 'warning')}.`)
    : style.green('Nothing is wrong.');
}
