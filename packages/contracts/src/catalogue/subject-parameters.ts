import { DEAD_LETTER_REASONS } from '../events/dead-letter.ts';

interface SubjectParameter {
  description: string;
  examples: readonly string[];
  enum?: readonly string[];
}

/** The parameters of addresses. Each is one token: in names every character but `A-Z a-z 0-9 - _` is `_`. */
export const SUBJECT_PARAMETERS: Readonly<Record<string, SubjectParameter>> = {
  app: { description: 'The app that makes the call.', examples: ['generator'] },
  model: {
    description: 'The model that is called; `llama3.2:3b` is `llama3_2_3b`.',
    examples: ['llama3_2_3b'],
  },
  instance: { description: 'One process of an app, or an agent.', examples: ['4f2a91c0'] },
  host: { description: 'The name of a machine.', examples: ['workstation'] },
  bot: { description: 'The name of a trading bot.', examples: ['alpha'] },
  rule: { description: 'The id of a rule of alerts.', examples: ['slow-answers'] },
  channel: { description: 'The id of an alert channel.', examples: ['kitchen'] },
  reason: {
    description: 'Why a message could not be used.',
    examples: ['invalid-event'],
    enum: DEAD_LETTER_REASONS,
  },
};
