import type { Parameters } from '@llm-monitor/contracts/events';

/** What a call asks for, read from its request. Absent means unknown. */
export interface CallDescription {
  /** `ollama`, `openai` … */
  provider: string;
  model: string;
  /** `chat`, `generate`, `embed`, `load`, `unload`, `pull` … */
  operation: string;
  stream: boolean;
  serverAddress?: string;
  serverPort?: number;
  parameters?: Parameters;
  /** The text that stands for the prompt in a preview: the last thing the user said. */
  promptText?: string;
  /** Length of everything that was said, in UTF-16 code units. */
  promptChars?: number;
  imageCount?: number;
  imageBytes?: number;
  toolNames?: string[];
  timeoutMs?: number;
  keepAlive?: string | number;
}
