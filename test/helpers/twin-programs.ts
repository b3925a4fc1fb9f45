import type { Program } from './twin-run.ts';

export const chat = {
  model: 'llama3.2:3b',
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
};

/** Streams one chat and notes every message. */
export const streamChat: Program = async (ollama, note) => {
  for await (const part of await ollama.chat({ ...chat, stream: true })) note(part);
};

/** Asks once, without streaming. */
export const askOnce: Program = (ollama) => ollama.chat({ ...chat });
