import { answerFormat } from '../answer-format.ts';
import type { WireFormat } from '../wire-format.ts';
import { createChatAnswer } from './chat-answer.ts';
import { createResponsesAnswer } from './responses-answer.ts';

const provider = 'openai';

/** The protocols of OpenAI, which many servers speak, by the end of a URL's path. */
export const openaiFormats: readonly { path: RegExp; format: WireFormat }[] = [
  {
    path: /\/chat\/completions\/?$/,
    format: answerFormat({ provider, operation: 'chat', prompt: 'messages' }, createChatAnswer),
  },
  {
    // The second is of LM Studio.
    path: /\/(v1|api\/v0)\/completions\/?$/,
    format: answerFormat({ provider, operation: 'generate', prompt: 'prompt' }, createChatAnswer),
  },
  {
    path: /\/responses\/?$/,
    format: answerFormat(
      { provider, operation: 'chat', prompt: 'input', instructions: 'instructions' },
      createResponsesAnswer,
    ),
  },
  {
    path: /\/embeddings\/?$/,
    format: answerFormat({ provider, operation: 'embed', prompt: 'input' }, createChatAnswer),
  },
];
