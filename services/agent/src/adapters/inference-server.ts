import type { ListedModel, LoadedModel } from '@llm-monitor/contracts/events';

/** A server that may or may not be there. Each read throws when it is not. */
export interface InferenceServer {
  provider: string;
  /** Null when it does not say. */
  version(): Promise<string | null>;
  listed(): Promise<ListedModel[]>;
  loaded(): Promise<LoadedModel[]>;
}
