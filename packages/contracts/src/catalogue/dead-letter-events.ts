import { STREAMS } from '../bus/streams.ts';
import { DEAD_LETTER_REASONS, DeadLetterData } from '../events/dead-letter.ts';
import type { PublicEvent } from './public-event.ts';

const TITLES: Record<(typeof DEAD_LETTER_REASONS)[number], { title: string; when: string }> = {
  'invalid-json': {
    title: 'A message was no JSON',
    when: 'A collector could not read a message as JSON.',
  },
  'invalid-event': {
    title: 'A message was no such event',
    when: 'A collector read an event that its schema does not take.',
  },
  'too-large': { title: 'An event was too large', when: 'An event had more than 64 KiB.' },
  'unknown-subject': {
    title: 'Nothing is known at that subject',
    when: 'A message was published below `llm.request.` at a subject that is none of those here.',
  },
};

const inCamelCase = (words: string): string =>
  words.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());

/** What collectors could not use. */
export const DEAD_LETTER_EVENTS: readonly PublicEvent[] = DEAD_LETTER_REASONS.map((reason) => ({
  name: `deadLetter${inCamelCase(reason)}`,
  ...TITLES[reason],
  address: `llm.dead-letter.${reason}`,
  sentBy: ['collector'],
  type: `llm.dead-letter.${reason}.v1`,
  data: DeadLetterData,
  dataName: 'DeadLetterData',
  stream: STREAMS.deadLetters,
  example: {
    reason,
    detail: 'data.model: must be a string',
    stream: STREAMS.requests,
    sequence: 1234,
    originalSubject: 'llm.request.started.generator.llama3_2_3b',
    body: '{"specversion":"1.0"}',
    bodyBytes: 21,
    truncated: false,
    storedAt: '2026-05-01T10:00:00.000Z',
    sentAt: '2026-05-01T09:59:59.990Z',
  },
}));
