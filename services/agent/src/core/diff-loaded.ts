import type { LoadedModel } from '@llm-monitor/contracts/events';

/** What changed in a server's memory between two looks. A longer expiry alone is no change. */
export function diffLoaded(
  before: readonly LoadedModel[],
  after: readonly LoadedModel[],
): { loaded: LoadedModel[]; unloaded: LoadedModel[] } {
  const names = (models: readonly LoadedModel[]) => new Set(models.map((model) => model.name));
  const was = names(before);
  const is = names(after);
  return {
    loaded: after.filter((model) => !was.has(model.name)),
    unloaded: before.filter((model) => !is.has(model.name)),
  };
}
