import { isNestedDeeper } from '@llm-monitor/runtime';
import { Composer, isScalar, Lexer, LineCounter, Parser, visit, type Document } from 'yaml';

import { ProblemError } from '../../problem.ts';

/**
 * Time goes with the tokens, not with the bytes: so many take a tenth of a second, and nothing else is answered meanwhile. As many rules as there
 * may be, with every field, have 36,000.
 */
const MAX_TOKENS = 40_000;
/** A text of many lines is one token, and takes time by its lines. */
const MAX_LINES = 200_000;
/** Rules need five. */
const MAX_DEPTH = 20;

/** @throws {ProblemError} that says where it is no YAML, or what of YAML is not taken */
export function readYaml(text: string): unknown {
  if (hasTooMany(text)) throw notYaml('it has more fields and lines than rules may have');
  const lineCounter = new LineCounter();
  const placeOf = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `at line ${line}, column ${col}`;
  };
  const document = compose(text, lineCounter);
  // Only the first is told: there may be one for each token.
  const [error] = document.errors;
  if (error) throw notYaml(`${error.message} ${placeOf(error.pos[0])}`);
  const twice = findDoubledKey(document);
  if (twice) throw notYaml(`"${twice.name}" stands there twice, ${placeOf(twice.offset)}`);
  try {
    // An alias may stand for more than was sent.
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    throw notYaml(whyNotTaken(cause));
  }
}

function compose(text: string, lineCounter: LineCounter): Document {
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  if (isNestedDeeper(tokens, MAX_DEPTH)) throw notYaml(`it is nested more than ${MAX_DEPTH} deep`);
  // The library compares each key of a map with all others, which takes seconds where there are many.
  const composer = new Composer({ lineCounter, uniqueKeys: false, logLevel: 'error' });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (!document || second) throw notYaml('it holds multiple documents');
  return document;
}

const notYaml = (why: string) =>
  new ProblemError(400, 'Not YAML', `The body cannot be read: ${why}`);

function hasTooMany(text: string): boolean {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  if (lines > MAX_LINES) return true;
  let count = 0;
  for (const _token of new Lexer().lex(text)) if (++count > MAX_TOKENS) return true;
  return false;
}

function findDoubledKey(document: Document): { name: string; offset: number } | undefined {
  let found: { name: string; offset: number } | undefined;
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          found = { name: name.slice(0, 64), offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
}

function whyNotTaken(error: unknown): string {
  const isAlias = error instanceof ReferenceError;
  return isAlias ? 'aliases (*name) are not taken, write out what they stand for' : String(error);
}
