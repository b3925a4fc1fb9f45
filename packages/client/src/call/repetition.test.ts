import { describe, expect, test } from 'vitest';

import { createRepetitionWatch, longestRepetition, type Repetition } from './repetition.ts';

/** Plays a text in small pieces at some pace, as a model would say it, and gives all that was found meanwhile. */
function play(text: string, charsPerSecond = 200): (Repetition | undefined)[] {
  const watch = createRepetitionWatch();
  const found: (Repetition | undefined)[] = [];
  for (let at = 0; at < text.length; at += 5) {
    watch.add(text.slice(at, at + 5));
    found.push(watch.look((at / charsPerSecond) * 1000));
  }
  found.push(watch.look(Infinity));
  return found;
}
const everFound = (text: string, pace?: number) => play(text, pace).find((one) => one);
const numbered = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

const PROSE = `Alerts tell people what matters. A rule looks at one figure over a window of time, and fires when it stays
beyond a threshold for long enough. Who is told, and how, stands in channels. A quiet night stays quiet: only what is critical
comes through, and the rest waits for the morning. Each alert says since when it holds, what was measured, and where to look.`;

test('the longest repetition at the end of a text', () => {
  expect(longestRepetition('abcabcabc')).toEqual({ period: 3, length: 9 });
  expect(longestRepetition('xx_abcabcab')).toEqual({ period: 3, length: 8 });
  expect(longestRepetition('abcdefgh')).toEqual({ period: 0, length: 0 });
  expect(longestRepetition('')).toEqual({ period: 0, length: 0 });
});

describe('a loop', () => {
  test('of one sentence is found within some repetitions, and counted on', () => {
    const sentence = 'I am sorry, I cannot help with that. ';
    const found = play(PROSE + sentence.repeat(100));
    expect(found.at(-1)?.period).toBe(sentence.length);
    expect(found.at(-1)?.times).toBeGreaterThanOrEqual(99);
    const first = found.findIndex((one) => one);
    expect(first * 5).toBeLessThan(PROSE.length + 30 * sentence.length);
  });
  test.each([
    ['a word', 'the '.repeat(400), 4],
    [
      'a paragraph nearly as long as half of what is held',
      `${PROSE}\n\n`.repeat(8),
      PROSE.length + 2,
    ],
    ['a list that begins anew', '- apples\n- pears\n- plums\n- cherries\n'.repeat(60), 36],
    ['one sign that never ends', 'G'.repeat(4000), 1],
    ['a row of code', '    result = await fetch(url)\n'.repeat(60), 30],
    ['Chinese', '我不知道你在说什么，请再说一遍。'.repeat(150), 16],
  ])('of %s', (_, text, period) => {
    expect(everFound(PROSE + text)?.period).toBe(period);
  });
  test('is found at any pace of the model', () => {
    const text = PROSE + 'over and over again. '.repeat(300);
    for (const pace of [20, 200, 2000, 20_000]) expect(everFound(text, pace)?.period).toBe(21);
  });
  test('is over when something else comes', () => {
    const found = play('again and again. '.repeat(100) + PROSE.repeat(2));
    expect(found.some((one) => one)).toBe(true);
    expect(found.at(-1)).toBeUndefined();
  });
});

describe('no loop is', () => {
  const base64 = Buffer.from(
    Array.from({ length: 3000 }, (_, n) => (n > 900 && n < 2000 ? 0 : (n * 7919) % 251)),
  ).toString('base64');
  const row = '| ------------------------ | ---------- | ---------- | ---------- | ---------- |\n';
  test.each([
    ['prose', PROSE],
    [
      'a song with a refrain',
      numbered(12, (n) => `Verse ${n} goes on\nLa la la la la\nLa la la la la`),
    ],
    ['a table', row + numbered(60, (n) => `| item ${n} | ${n * 3} | yes | no | maybe | yes |`)],
    [
      'an empty table',
      row +
        '|                          |            |            |            |            |\n'.repeat(
          6,
        ),
    ],
    ['a list with numbers', numbered(120, (n) => `${n}. The next item of the list`)],
    [
      'code with equal lines',
      numbered(30, (n) => `  it('case ${n}', () => {\n    run();\n  });\n`),
    ],
    ['deep indentation', numbered(60, (n) => `${' '.repeat(40)}value${n}: {`)],
    ['closing brackets', numbered(40, (n) => `${'  '.repeat(40 - n)}}`)],
    ['a ruler', `${'-'.repeat(400)}\n${'='.repeat(400)}\n`],
    ['base64 with a thousand zeros in it', base64],
    ['a matrix of zeros', '[0, 0, 0, 0, 0, 0, 0, 0, 0, 0],\n'.repeat(32)],
    ['an array of nulls', 'null, '.repeat(200)],
    ['hexadecimal', '00000000: 0000 0000 0000 0000 0000 0000 0000 0000\n'.repeat(10)],
    ['dots that lead to a page', numbered(40, (n) => `Chapter ${n} ${'.'.repeat(60)} ${n * 7}`)],
    ['empty cells', '    <td></td>\n'.repeat(84)],
    ['laughter', 'ha'.repeat(120)],
    ['a CSV with equal rows', 'true,false,,,0\n'.repeat(90)],
  ])('%s', (_, text) => {
    for (const pace of [50, 400, 20_000]) expect(everFound(PROSE + text, pace)).toBeUndefined();
  });
});

test('a look a second: between two the answer stays as it was', () => {
  const watch = createRepetitionWatch();
  watch.add('so it goes, again and again. '.repeat(200));
  expect(watch.look(0)).toBeDefined();
  watch.add(PROSE.repeat(3));
  expect(watch.look(900)).toBeDefined();
  expect(watch.look(1000)).toBeUndefined();
});

test('what something else came between is counted anew', () => {
  const watch = createRepetitionWatch();
  const sentence = 'I can not help with that, sorry. ';
  const timesAfter = (nowMs: number, text: string) => {
    watch.add(text);
    return watch.look(nowMs)?.times;
  };
  expect(timesAfter(0, sentence.repeat(40))).toBe(24);
  expect(timesAfter(1000, sentence.repeat(40))).toBe(64);
  expect(timesAfter(2000, PROSE + sentence.repeat(10))).toBeUndefined();
  expect(timesAfter(3000, sentence.repeat(20))).toBe(30);
});
