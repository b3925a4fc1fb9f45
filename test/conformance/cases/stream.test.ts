import { describe, expect, test } from 'vitest';

import {
  answer,
  chunk,
  done,
  LAST_CHUNK,
  line,
  said,
  streamed,
  streamHead,
} from '../../helpers/http-bytes.ts';
import { gate, type Step } from '../../helpers/raw-server.ts';
import { useTwinCases } from '../../helpers/twin-cases.ts';
import { askOnce, chat, streamChat } from '../../helpers/twin-programs.ts';
import { raw, type TwinRawServer } from '../../helpers/twin-raw.ts';
import type { Program } from '../../helpers/twin-run.ts';

const cases = useTwinCases();

const WORDS = ['Hé', 'llo ', '日本', '語 ', '🙂', ' end'];
const SAID = WORDS.join('');
const LINES = answer(...WORDS);

/** Cuts bytes into pieces of this size, wherever that falls. */
function cut(bytes: string | Uint8Array, size: number): Buffer[] {
  const all = Buffer.from(bytes);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.subarray(index * size, (index + 1) * size),
  );
}

/** What must have been understood of an answer in these words. */
const understood = {
  outcome: 'completed',
  model: 'llama3.2:3b',
  chunks: WORDS.length,
  outputChars: SAID.length,
  responsePreview: SAID,
  finishReason: 'stop',
  usage: { inputTokens: 11, outputTokens: 3, source: 'server' },
};

async function expectUnderstood(steps: readonly Step[], more: object = {}) {
  const { told, bare } = await cases.expectSame(
    streamChat,
    raw(() => steps),
  );
  for (const { ended } of told) expect(ended[0]).toMatchObject({ ...understood, ...more });
  return { told, bare };
}

describe('case 1: a line that is split across chunks', () => {
  test.each([1, 2, 3, 7, 97])(
    'case 1: a chunk every %d bytes, also inside a character',
    async (size) => {
      await expectUnderstood(streamed(cut(LINES.join(''), size)));
    },
  );

  test('case 1: every byte of head, chunk sizes and body in a packet of its own', async () => {
    const chunks = cut(LINES.join(''), 61).map(chunk);
    const all = [streamHead(), ...chunks, LAST_CHUNK].map((one) => Buffer.from(one));
    await expectUnderstood(cut(Buffer.concat(all), 1));
  });

  test('case 1: half of a character waits until the other half has come', async () => {
    const bytes = Buffer.from([line(said('🙂')), line(done())].join(''));
    const middle = bytes.indexOf('🙂') + 2;
    await expectUnderstood(streamed([bytes.subarray(0, middle), bytes.subarray(middle)]), {
      chunks: 1,
      outputChars: 2,
      responsePreview: '🙂',
    });
  });

  test('case 1: a character whose halves are escaped in two lines', async () => {
    const half = (escaped: string) => `{"message":{"content":"${escaped}"},"done":false}\n`;
    await expectUnderstood(streamed([half('\\ud83d'), half('\\ude42'), line(done())]), {
      chunks: 2,
      outputChars: 2,
      responsePreview: '🙂',
    });
  });
});

describe('case 2: several lines in one chunk', () => {
  test('case 2: all lines in one chunk, the last without a newline', async () => {
    await expectUnderstood(streamed([LINES.join('').trimEnd()]));
  });

  test('case 2: lines that end in CR LF, empty lines, and one that is no JSON', async () => {
    const { bare } = await expectUnderstood(
      streamed([LINES.join('\r\n\n').replace('\n', '\r\n{"message": nonsense\n')]),
    );
    expect(bare.notes.join()).toContain('invalid json');
  });

  test('case 2: a list instead of an object is passed on', async () => {
    await expectUnderstood(streamed([LINES[0]!, '[]\n', ...LINES.slice(1)]));
  });

  // ollama-js throws at such a line and reads no further, of which a fetch alone learns nothing.
  test.each(['null', '5', '"text"'])('case 2: a line that is no object: %s', async (odd) => {
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => streamed([LINES[0]!, `${odd}\n`, ...LINES.slice(1)])),
      { untold: ['fetch'] },
    );
    expect(told[0]?.ended[0]).toMatchObject({ outcome: 'error', error: { type: 'TypeError' } });
  });
});

describe('case 3: a final line that carries more than numbers', () => {
  test('case 3: the last piece of content', async () => {
    const { told } = await expectUnderstood(
      streamed([
        ...LINES.slice(0, -2),
        line(done({ message: { role: 'assistant', content: ' end' } })),
      ]),
    );
    for (const { calls } of told) expect(calls[0]?.firstToken).toHaveLength(1);
  });

  test('case 3: a tool call, and nothing before it', async () => {
    const call = { function: { name: 'weather', arguments: { city: 'Roma' } } };
    const message = { role: 'assistant', content: '', tool_calls: [call] };
    const { told } = await cases.expectSame(
      streamChat,
      raw(() => streamed([line(done({ message }))])),
    );
    for (const { calls, ended } of told) {
      expect(calls[0]?.firstToken).toHaveLength(1);
      expect(ended[0]).toMatchObject({ outcome: 'completed', chunks: 1 });
      expect(ended[0]?.ttftMs).toBeGreaterThan(0);
    }
  });
});

describe('case 4: exactly one end', () => {
  test('case 4: the end is told while the body is still open, and once, though nobody reads to its end', async () => {
    const program: Program<TwinRawServer> = async (ollama, note, server) => {
      const parts = await ollama.chat({ ...chat, stream: true });
      const generator = parts[Symbol.asyncIterator]();
      let result = await generator.next();
      for (; !result.done; result = await generator.next()) note(result.value);
      note(result);
      // Who asks further gets the same again, and who leaves leaves nothing.
      note([await generator.next(), await generator.return(undefined)]);
      const [call] = await lastCalls();
      if (call) expect(call.ended).toHaveLength(1);
      server.open('end of the body');
    };
    const lastCalls = () => cases.lastEnded(1);
    const { told } = await cases.expectSame(
      program,
      raw(() => streamed([...LINES, gate('end of the body')])),
    );
    for (const { ended } of told) expect(ended[0]).toMatchObject(understood);
  });

  test('case 4: one end for an answer that is one object', async () => {
    const { told } = await cases.expectSame(
      askOnce,
      raw(() => [
        streamHead({ 'Content-Type': 'application/json' }),
        chunk(line(done({ message: { role: 'assistant', content: SAID } }))),
        LAST_CHUNK,
      ]),
    );
    for (const { ended, calls } of told) {
      expect(ended[0]).toMatchObject({
        outcome: 'completed',
        responsePreview: SAID,
        outputChars: SAID.length,
      });
      expect(calls[0]?.firstToken).toHaveLength(0);
    }
  });
});
