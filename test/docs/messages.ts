import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../helpers/project-root.ts';

/** A message that a person may see, as the source has it: `…` for what is filled in. */
export interface Message {
  text: string;
  /** Where it is printed. */
  file: string;
}

const PRINTED =
  /new (?:CliError|ConfigError)\(\s*|new ProblemError\(\s*[\w.]+(?: \?\? \w+)?,\s*|\blog\.(?:warn|error|fatal)\(\s*/g;
const LITERAL = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/;
/** Text within `${…}` that has braces of its own is cut at the first: enough to recognise the message. */
const FILLED_IN = /\$\{[^}]*\}/g;
const FIRST_SENTENCE = /^.*?[.:](?=\s|$)/;

/** First sentences of all errors and warnings that the command and the services print. */
export function printedMessages(): Message[] {
  const root = projectRoot();
  return ['packages', 'services']
    .flatMap((folder) => sourcesBelow(join(root, folder)))
    .flatMap((path) => messagesOf(readFileSync(path, 'utf8'), path.slice(root.length + 1)));
}

const PROBLEM = /new ProblemError\(\s*(\d{3}),\s*'([^']+)'/g;

/** Titles and statuses of the API's answers, where both stand in its source. */
export function answeredProblems(): { title: string; status: number }[] {
  const sources = sourcesBelow(join(projectRoot(), 'services/api'));
  return sources.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(PROBLEM)].map(([, status, title = '']) => ({
      title,
      status: Number(status),
    })),
  );
}

export function messagesOf(source: string, file: string): Message[] {
  return [...source.matchAll(PRINTED)].flatMap((match) => {
    const rest = afterFields(source.slice(match.index + match[0].length));
    const literal = LITERAL.exec(rest);
    if (!literal) return [];
    const raw = literal[1] ?? literal[2] ?? literal[3] ?? '';
    const text = raw
      .replace(FILLED_IN, '…')
      .replaceAll(/\\n[^]*$/g, '')
      .replaceAll(/\\(.)/g, '$1');
    return [{ text: FIRST_SENTENCE.exec(text)?.[0] ?? text, file }];
  });
}

/** What comes after the fields of a log line: `{ err }, `. */
function afterFields(rest: string): string {
  if (!rest.startsWith('{')) return rest;
  let depth = 0;
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '{') depth++;
    else if (rest[i] === '}' && --depth === 0) return rest.slice(i + 1).replace(/^\s*,\s*/, '');
  }
  return rest;
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return ['node_modules', 'dist', 'dashboard'].includes(entry.name) ? [] : sourcesBelow(path);
    }
    return /(?<!\.test|\.d)\.ts$/.test(entry.name) ? [path] : [];
  });
}
