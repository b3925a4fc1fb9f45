import { readActive, readHosts, readLifetimes, type Store } from '@llm-monitor/read-model';

import { callFamilies } from '../metrics/call-families.ts';
import type { Family } from '../metrics/exposition.ts';
import { genAiFamilies } from '../metrics/gen-ai-families.ts';
import { hostFamilies } from '../metrics/host-families.ts';
import { byImportance, labelLifetimes } from '../metrics/label-lifetimes.ts';
import { createCombinationNames } from '../metrics/name-combinations.ts';
import { createNeverLess } from '../metrics/never-less.ts';
import { pipelineFamilies } from '../metrics/pipeline-families.ts';
import type { Bus } from './bus.ts';
import { readPipeline } from './read-pipeline.ts';

/** Reads all that `/metrics` says. What it said it remembers: counters do not shrink, names do not change hands. */
export function createMetricsReader(options: {
  store: Store;
  bus: Bus;
  version: string;
  /** Most combinations of model and app with a name of their own. */
  maxCombinations: number;
  /** ms since 1970 */
  now(): number;
}): () => Promise<Family[]> {
  const { store, bus, now } = options;
  const names = createCombinationNames(options.maxCombinations);
  const neverLess = createNeverLess();
  return async () => {
    const [lifetimes, active, pipeline, hosts] = await Promise.all([
      readLifetimes(store),
      readActive(store, { demo: false, nowMs: now() }),
      readPipeline(store, bus, now()),
      readHosts(store, now()),
    ]);
    const nameOf = names.name(byImportance(lifetimes));
    const combinations = labelLifetimes(lifetimes, nameOf);
    return [
      buildInfo(options.version),
      ...genAiFamilies(combinations),
      ...callFamilies({ combinations, active, nameOf, neverLess }),
      ...hostFamilies(hosts),
      ...pipelineFamilies(pipeline),
    ];
  };
}

const buildInfo = (version: string): Family => ({
  name: 'llm_monitor_build_info',
  type: 'gauge',
  help: 'The version of LLM Monitor.',
  samples: [{ labels: { version }, value: 1 }],
});
