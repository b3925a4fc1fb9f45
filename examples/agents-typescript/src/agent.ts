import { createMonitor, withContext } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';

/** Somebody who asks a model, under a name of its own in the monitor. */
export interface Agent {
  readonly name: string;
  /** The whole answer. @param task what the call belongs to: all calls of a task are one session */
  ask(prompt: string, task: string): Promise<string>;
  /** Resolves once the monitor knows of every call, or after two seconds. */
  close(): Promise<void>;
}

/**
 * Where agents are programs of their own, none of this is needed: `LLM_MONITOR_APP=background node background.js`, and the
 * import is all that differs from plain `ollama`.
 */
export function createAgent(name: string, options: { model: string; tags: string[] }): Agent {
  const monitor = createMonitor({ app: name });
  const ollama = new Ollama({
    host: process.env['OLLAMA_HOST'] ?? 'http://127.0.0.1:11434',
    monitor,
  });
  return {
    name,
    ask: (prompt, task) =>
      withContext({ sessionId: task, tags: options.tags }, async () => {
        const answer = await ollama.chat({
          model: options.model,
          messages: [{ role: 'user', content: prompt }],
          stream: true,
        });
        let text = '';
        for await (const part of answer) text += part.message.content;
        return text;
      }),
    async close() {
      await monitor.flush(2000);
      await monitor.close();
    },
  };
}
