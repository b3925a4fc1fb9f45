import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { projectRoot } from '../helpers/project-root.ts';
import { answeredProblems, messagesOf, printedMessages } from './messages.ts';

const GUIDES = ['troubleshooting.md', 'it/problemi.md'];

/** All that stands between backticks, the punctuation of a sentence aside. */
function quoted(guide: string): string[] {
  const text = readFileSync(join(projectRoot(), 'docs/guide', guide), 'utf8');
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, quote = '']) => bare(quote));
}

const bare = (text: string) => text.replace(/[\s.:]+$/, '');

/** Is the message, or the beginning of it, in the guide? */
const has = (quotes: readonly string[], text: string) =>
  quotes.some(
    (quote) => hasWords(quote) && (bare(text).startsWith(quote) || quote.startsWith(bare(text))),
  );

const hasWords = (text: string) => /\p{L}{2}/u.test(text);

test.each(GUIDES)('%s has every message that the command and the services print', (guide) => {
  const quotes = quoted(guide);
  const missing = printedMessages().filter(({ text }) => hasWords(text) && !has(quotes, text));
  expect(missing.map(({ text, file }) => `${file}: ${text}`)).toEqual([]);
});

test.each(GUIDES)('%s has the status of every answer of the API', (guide) => {
  const text = readFileSync(join(projectRoot(), 'docs/guide', guide), 'utf8');
  const rows = text.split('\n').flatMap((line) => {
    const [, titles = '', statuses = ''] = line.split('|');
    return /^[\d\s,–]*\d{3}[\d\s,–]*$/.test(statuses) ? [{ titles, statuses }] : [];
  });
  const wrong = answeredProblems().filter(({ title, status }) => {
    const row = rows.find(({ titles }) => titles.includes(`\`${title}\``));
    return !row || !isIn(row.statuses, status);
  });
  expect(answeredProblems().length).toBeGreaterThan(25);
  expect(wrong).toEqual([]);
});

function isIn(statuses: string, status: number): boolean {
  return statuses.split(',').some((span) => {
    const [first = 0, last = first] = span.split('–').map(Number);
    return first <= status && status <= last;
  });
}

test('messages are found in whatever form the source has them', () => {
  const source = [
    "throw new CliError('LLM Monitor does not run.', { hint: 'Start it.' });",
    'throw new ConfigError(`HOST=${host} is open. Set a token.`);',
    "throw new ProblemError(\n  404,\n  'No such app',\n  'Ask for others.');",
    "log.warn({ err: { message } }, 'a sample was lost');",
    'throw new CliError(title);',
  ].join('\n');
  expect(messagesOf(source, 'x').map(({ text }) => text)).toEqual([
    'LLM Monitor does not run.',
    'HOST=… is open.',
    'No such app',
    'a sample was lost',
  ]);
});
