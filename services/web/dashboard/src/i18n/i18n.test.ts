import { describe, expect, test } from 'vitest';

import { en } from './en.ts';
import { createI18n, languageOf, loadCatalogue } from './i18n.ts';
import { it as italian } from './it.ts';

/** Words that are the same in both languages. */
const SAME = new Set([
  ...['LLM Monitor', 'tok/s', 'p50', 'p95', 'p99', 'Prompt', 'App', 'Host', 'Id', 'Provider'],
  ...['CPU', 'GPU', 'VRAM', 'in VRAM'],
]);

function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => texts(part, `${path}.${name}`));
}

describe('the Italian catalogue', () => {
  test('has every text of the English one, and no other', () => {
    expect(texts(italian).map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
  });

  test('leaves nothing empty and nothing in English', () => {
    const english = new Map(texts(en));
    const untranslated = texts(italian).filter(
      ([path, text]) => text === '' || (text === english.get(path) && !SAME.has(text)),
    );
    expect(untranslated).toEqual([]);
  });

  test('agrees in number', () => {
    expect(italian.tiles.totalCalls(1)).toBe('chiamata in tutto');
    expect(italian.tiles.totalCalls(2)).toBe('chiamate in tutto');
  });
});

describe('the language', () => {
  test('is Italian for any Italian tag, else English', () => {
    expect(['it', 'it-CH', 'IT'].map(languageOf)).toEqual(['it', 'it', 'it']);
    expect(['de', 'ita-x', '', undefined].map(languageOf)).toEqual(['en', 'en', 'en', 'en']);
  });

  test('brings its number format', async () => {
    await loadCatalogue('it');
    expect(createI18n('it').format.rate(1.5)).toBe('1,5');
    expect(createI18n('en').format.rate(1.5)).toBe('1.5');
  });
});
