import { expect, test } from 'vitest';

import { readFeedFields } from './feed.ts';

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const joined = (...texts: string[]) =>
  Buffer.concat(bytes(...texts).flatMap((text, i) => (i === 0 ? [text] : [Buffer.of(0xff), text])));

test('fields of an entry are read from one value, whatever their texts hold', () => {
  const fields = ['request-1:shop', 's1', 'a', 'ÿ \u{fffd} \u001e 蛋', 'in', '', 's', '1'];
  expect(readFeedFields([Buffer.from('joined'), joined(...fields)])).toEqual(fields);
  expect(readFeedFields([Buffer.from('joined'), joined('request-1:shop')])).toEqual([
    'request-1:shop',
  ]);
});

test('fields that are each by themselves are as they are', () => {
  for (const fields of [[], ['ops', '[]'], ['request-1:shop', 's1', 'a', 'ÿ'], ['joined']]) {
    expect(readFeedFields(bytes(...fields))).toEqual(fields);
  }
});
