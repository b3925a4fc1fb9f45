import { answerFormat } from '../answer-format.ts';
import { createMessagesAnswer } from './messages-answer.ts';

/** Anthropic's messages API, which other servers speak too. */
export const anthropicFormat = answerFormat(
  { provider: 'anthropic', operation: 'chat', prompt: 'messages', instructions: 'system' },
  createMessagesAnswer,
);
