import { createLineSplitter } from './line-splitter.ts';

/** One server-sent event. `data` is empty when it was too long to be read. */
export interface ServerSentEvent {
  event: string;
  data: string;
}

/** Cuts bytes into server-sent events. */
export interface EventSplitter {
  add(bytes: Uint8Array): void;
  /** Gives a last event that no empty line ended. */
  end(): void;
}

/** @param skip see `createLineSplitter`; asked only between two events */
export function createEventSplitter(
  onEvent: (event: ServerSentEvent) => void,
  skip: (text: string, from: number) => number = (_, from) => from,
): EventSplitter {
  let event = '';
  let data: string[] = [];
  const give = () => {
    if (event !== '' || data.length > 0) onEvent({ event, data: data.join('\n') });
    event = '';
    data = [];
  };
  const lines = createLineSplitter(
    (whole) => {
      const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
      if (line === '') give();
      else if (line.startsWith('data:')) data.push(valueOf(line, 5));
      else if (line.startsWith('event:')) event = valueOf(line, 6);
    },
    (text, from) => (event === '' && data.length === 0 ? skip(text, from) : from),
  );
  return {
    add: lines.add,
    end() {
      lines.end();
      give();
    },
  };
}

/** What is behind a field's colon, without one leading space. */
function valueOf(line: string, from: number): string {
  return line.slice(line[from] === ' ' ? from + 1 : from);
}
