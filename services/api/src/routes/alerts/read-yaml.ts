import {
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  YAMLParseError,
  type Document,
} from 'yaml';

import { ProblemError } from '../../problem.ts';

/**
 * Time goes with the tokens, not with the bytes: so many take a tenth of a second, and nothing else is answered meanwhile. As many rules as there
 * may be, with every field, have 36,000.
 */
const MAX_TOKENS = 40_000;
/** A text of many lines is one token, and takes time by its lines. */
const MAX_LINES = 200_000;

/** @throws {ProblemError} that says where it is no YAML, or what of YAML is not taken */
export function readYaml(text: string): unknown {
  if (hasTooMany(text)) throw notYaml('it has more fields and lines than rules may have');
  const lineCounter = new LineCounter();
  try {
    // The library compares each key of a map with all others, which takes seconds where there are many.
    const document = parseDocument(text, { lineCounter, uniqueKeys: false, logLevel: 'error' });
    const [error] = document.errors;
    if (error) throw error;
    const twice = findDoubledKey(document);
    if (twice) {
      const { line, col } = lineCounter.linePos(twice.offset);
      throw notYaml(`"${twice.name}" stands there twice, at line ${line}, column ${col}`);
    }
    // An alias may stand for more than was sent.
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (error) {
    throw error instanceof ProblemError ? error : notYaml(whyNotRead(error));
  }
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

function whyNotRead(error: unknown): string {
  if (error instanceof YAMLParseError) return error.message;
  const isAlias = error instanceof ReferenceError;
  return isAlias ? 'aliases (*name) are not taken, write out what they stand for' : String(error);
}
