import { EVENT_FAMILIES } from '@llm-monitor/contracts/bus';

const MAX_PATTERNS = 16;
const TOKEN = /^[A-Za-z0-9_-]{1,256}$/;

export const PATTERNS_FORM = `one to ${MAX_PATTERNS} subjects of events below "llm.", separated by commas, with the wildcards * (one token) and > (the rest), for example llm.request.failed.>,llm.alert.>`;

/**
 * Reads subjects that somebody wants to hear, and makes them such that no command and no answer fits any of them: what would take in all
 * families becomes one pattern for each.
 * @returns undefined when it is something else
 */
export function parsePatterns(text: string): string[] | undefined {
  const patterns = [...new Set(text.split(',').map((word) => word.trim()))];
  if (patterns.length > MAX_PATTERNS) return undefined;
  const allowed: string[] = [];
  for (const pattern of patterns) {
    const expanded = toEventPatterns(pattern);
    if (!expanded) return undefined;
    allowed.push(...expanded);
  }
  return [...new Set(allowed)];
}

function toEventPatterns(pattern: string): string[] | undefined {
  const [root, family = '', ...rest] = pattern.split('.');
  if (root !== 'llm' || !rest.every((token, i) => isToken(token, i === rest.length - 1))) {
    return undefined;
  }
  if (family === '>' && rest.length === 0) return EVENT_FAMILIES.map((each) => `llm.${each}.>`);
  // A family alone is no event's subject.
  if (rest.length === 0) return undefined;
  if (family === '*') return EVENT_FAMILIES.map((each) => ['llm', each, ...rest].join('.'));
  return EVENT_FAMILIES.some((each) => each === family) ? [pattern] : undefined;
}

const isToken = (token: string, isLast: boolean): boolean =>
  token === '*' || (token === '>' && isLast) || TOKEN.test(token);
