import type { CallTracker } from '../call/call-tracker.ts';
import type { Answer } from './answer.ts';
import { createEventSplitter, type ServerSentEvent } from './event-splitter.ts';
import { parseObject, type JsonObject } from './json-fields.ts';
import { createLineShape } from './line-shape.ts';
import { trackPiece, trackRun, type BodyReader } from './wire-format.ts';

const NO_END = 'The stream ended without a finish reason.';

/** Reads an answer that is a stream of server-sent events. The call ends at the last one that matters. */
export function createEventStreamReader(answer: Answer, tracker: CallTracker): BodyReader {
  let atMs = 0;
  let isDone = false;
  const shape = createLineShape();
  const read = ({ event, data }: ServerSentEvent) => {
    if (isDone) return;
    isDone = data.startsWith('[DONE]');
    const message = isDone ? undefined : messageOf(event, data);
    const said = message && answer.read(message);
    isDone ||= answer.state() === 'over';
    const end = isDone ? answer.ending() : undefined;
    if (said?.isOutput && said.chars === said.text.length && answer.state() === 'open') {
      const before = event === '' ? 'data: ' : `event: ${event}\ndata: `;
      shape.learn(data, said.text, { before, after: '\n\n' });
    }
    if (said || end)
      trackPiece({ chars: 0, text: '', isOutput: false, ...said, atMs, end }, tracker);
  };
  const splitter = createEventSplitter(read, (text, from) =>
    isDone ? from : trackRun(shape.readRun(text, from), atMs, tracker),
  );
  return {
    chunk(bytes, arrivedMs) {
      atMs = arrivedMs;
      splitter.add(bytes);
    },
    end(endedMs) {
      atMs = endedMs;
      splitter.end();
      if (answer.state() !== 'open') tracker.end({ ...answer.ending(), atMs });
      else {
        const error = { type: 'Error', message: NO_END };
        tracker.end({ ...answer.ending(), outcome: 'incomplete', error, atMs });
      }
    },
    settled: () => (answer.state() === 'open' ? undefined : answer.ending()),
  };
}

/** An event of which only its name could be read is still told of. */
function messageOf(event: string, data: string): JsonObject | undefined {
  if (data === '') return { type: event };
  const message = parseObject(data);
  const isUnmarkedError = event === 'error' && message && message['error'] === undefined;
  return isUnmarkedError ? { error: message } : message;
}
