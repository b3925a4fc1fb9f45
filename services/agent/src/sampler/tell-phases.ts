import type { LoadedModel } from '@llm-monitor/contracts/events';

import type { TelemetryPublisher } from '../adapters/telemetry-publisher.ts';
import type { RunningCall } from '../core/running-calls.ts';
import { createWaitingPhases } from '../core/waiting-phases.ts';

/** Says of the running calls of one Ollama what they wait for. */
export interface PhaseTeller {
  look(calls: readonly RunningCall[], loaded: readonly LoadedModel[]): void;
}

export function tellPhases(publish: Pick<TelemetryPublisher, 'waiting'>): PhaseTeller {
  const phases = createWaitingPhases();
  let expiries = new Map<string, string | null>();
  let ready = new Set<string>();

  /** While it loads a model, a server that lists it already counts its time to live from each look anew. */
  const readyModels = (loaded: readonly LoadedModel[]) => {
    const names = loaded.filter(
      ({ name, expiresAt }) => ready.has(plain(name)) || expiries.get(plain(name)) === expiresAt,
    );
    expiries = new Map(loaded.map(({ name, expiresAt }) => [plain(name), expiresAt]));
    return new Set(names.map(({ name }) => plain(name)));
  };

  return {
    look(calls, loaded) {
      ready = readyModels(loaded);
      const known = calls.filter(({ isInference }) => isInference);
      const generating = new Map<string, number>();
      for (const { model } of known.filter((call) => call.hasOutput)) {
        generating.set(plain(model), (generating.get(plain(model)) ?? 0) + 1);
      }
      const waiting = new Map(
        known
          .filter((call) => !call.hasOutput)
          .map((call) => [`${call.app}:${call.requestId}`, call]),
      );
      const inOrder = [...waiting].map(([key, { model }]) => ({ key, model: plain(model) }));
      for (const [key, phase] of phases.look(inOrder, { ready, generating })) {
        const call = waiting.get(key);
        if (call) publish.waiting(call, phase);
      }
    },
  };
}

/** Ollama takes `mistral` for `mistral:latest`. */
function plain(model: string): string {
  return model.endsWith(':latest') ? model.slice(0, -':latest'.length) : model;
}
