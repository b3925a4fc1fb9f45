import { expect, test } from 'vitest';

import { captureText } from './captured-text.ts';

const preview = { capture: 'preview', redact: undefined } as const;

test('a preview is at most 200 units and an ellipsis, never half a character', () => {
  expect(captureText('x'.repeat(200), 'prompt', preview)).toEqual({ preview: 'x'.repeat(200) });
  expect(captureText(`${'x'.repeat(199)}🙂…`, 'prompt', preview).preview).toBe(
    `${'x'.repeat(199)}…`,
  );
});

test('nothing is captured when capture is off', () => {
  expect(captureText('secret', 'prompt', { ...preview, capture: 'off' })).toEqual({});
});

test('a full text is cut at 24 KiB of UTF-8 and says so', () => {
  const long = captureText('é'.repeat(20_000), 'response', { ...preview, capture: 'full' });
  expect(Buffer.byteLength(long.full ?? '')).toBe(24 * 1024);
  expect(long.truncated).toBe(true);
  const short = captureText('é', 'response', { ...preview, capture: 'full' });
  expect(short).toEqual({ preview: 'é', full: 'é', truncated: false });
});

test('a redaction is told what the text is, and applied before the cut', () => {
  const redact = (text: string, kind: string) => `${kind}:${text.replaceAll('secret ', '')}`;
  const { preview: seen } = captureText(`${'secret '.repeat(20)}${'y'.repeat(100)}`, 'prompt', {
    capture: 'preview',
    redact,
  });
  expect(seen).toBe(`prompt:${'y'.repeat(100)}`);
});

test('a redaction that throws, or gives no text, leaves nothing', () => {
  const broken = () => {
    throw new Error('broken');
  };
  expect(captureText('x', 'prompt', { capture: 'full', redact: broken })).toEqual({});
  expect(captureText('x', 'prompt', { capture: 'full', redact: () => 1n as never })).toEqual({});
});
