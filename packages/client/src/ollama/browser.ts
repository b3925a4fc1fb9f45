import { Ollama as Bare, type AbortableAsyncIterator } from 'ollama/browser';

import { followed, monitoredConfig, type MonitoredConfig } from './monitored.ts';

export * from 'ollama/browser';
export type { MonitoredConfig };

/** The `Ollama` of the package `ollama/browser`, whose calls the monitor sees. Results, errors and types are those of the original. */
export type Ollama = Bare;

/** Its constructor, which takes what is particular to a monitored client besides. */
interface OllamaConstructor {
  new (config?: MonitoredConfig): Ollama;
  readonly prototype: Ollama;
}

// An expression, since a class of our own would be a type of its own, that the original's clients are not of.
export const Ollama: OllamaConstructor = class Ollama extends Bare {
  readonly #abortOnBreak: boolean;

  constructor(config?: MonitoredConfig) {
    super(monitoredConfig(config));
    this.#abortOnBreak = config?.abortOnBreak ?? false;
  }

  protected override processStreamableRequest<T extends object>(
    endpoint: string,
    request: { stream?: boolean } & Record<string, unknown>,
  ): Promise<T | AbortableAsyncIterator<T>> {
    return followed(() => super.processStreamableRequest<T>(endpoint, request), this.#abortOnBreak);
  }
};

/** A client of the Ollama on this machine, as the default export of `ollama/browser` is. */
export default new Ollama();
