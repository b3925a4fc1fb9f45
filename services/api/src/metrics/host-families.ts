import type { Host } from '@llm-monitor/contracts/rest';

import type { Family, Labels } from './exposition.ts';
import { LABELS } from './gen-ai-families.ts';
import { gauges } from './pipeline-families.ts';

/** Agents name their machines themselves: of so many at most is told. */
const MAX_HOSTS = 100;
const MAX_LOADED = 100;

type Read<Of> = (of: Of) => number | null;
type Gpu = NonNullable<Host['gpus']>[number];
type Loaded = Host['models_loaded'][number];

const ratio = (percent: number | null): number | null => (percent === null ? null : percent / 100);

/** Machines, their GPUs, and the models that they hold in memory. */
export function hostFamilies(all: readonly Host[]): Family[] {
  const hosts = all.slice(0, MAX_HOSTS);
  const ofHost = (read: Read<Host>) =>
    hosts.map((host) => [{ host: host.name }, read(host)] as const);
  const ofGpu = (read: Read<Gpu>) =>
    hosts.flatMap(({ name, gpus }) =>
      (gpus ?? []).map((gpu, i) => {
        const labels: Labels = { host: name, gpu: String(i), gpu_name: gpu.name };
        return [labels, read(gpu)] as const;
      }),
    );
  const ofLoaded = (read: Read<Loaded>) =>
    hosts.flatMap(({ name, models_loaded: loaded }) =>
      [...new Map(loaded.slice(0, MAX_LOADED).map((model) => [model.name, model])).values()].map(
        (model) => [{ host: name, [LABELS.model]: model.name }, read(model)] as const,
      ),
    );
  return gauges([
    {
      name: 'host_up',
      help: '1 when the agent of a machine was heard of lately.',
      samples: ofHost(({ online }) => (online ? 1 : 0)),
    },
    {
      name: 'host_cpu_ratio',
      help: 'Processor load, all cores, 0 to 1.',
      samples: ofHost(({ cpu_percent: percent }) => ratio(percent)),
    },
    {
      name: 'host_memory_used_bytes',
      help: 'Memory in use.',
      samples: ofHost(({ memory_used_bytes: bytes }) => bytes),
    },
    {
      name: 'host_memory_total_bytes',
      help: 'Memory that there is.',
      samples: ofHost(({ memory_total_bytes: bytes }) => bytes),
    },
    {
      name: 'server_up',
      help: '1 when the inference server of a machine answers its agent.',
      samples: ofHost(({ server }) => (server ? Number(server.reachable) : null)),
    },
    {
      name: 'gpu_utilization_ratio',
      help: 'Load of a GPU, 0 to 1.',
      samples: ofGpu(({ load_percent: percent }) => ratio(percent)),
    },
    {
      name: 'gpu_memory_used_bytes',
      help: 'Video memory in use.',
      samples: ofGpu(({ vram_used_bytes: bytes }) => bytes),
    },
    {
      name: 'gpu_memory_total_bytes',
      help: 'Video memory that there is.',
      samples: ofGpu(({ vram_total_bytes: bytes }) => bytes),
    },
    {
      name: 'gpu_temperature_celsius',
      help: 'Temperature of a GPU.',
      samples: ofGpu(({ temperature_celsius: celsius }) => celsius),
    },
    {
      name: 'gpu_power_watts',
      help: 'What a GPU draws.',
      samples: ofGpu(({ power_watts: watts }) => watts),
    },
    {
      name: 'model_loaded_bytes',
      help: 'Memory that a loaded model takes, video memory included.',
      samples: ofLoaded(({ size_bytes: bytes }) => bytes),
    },
    {
      name: 'model_loaded_vram_bytes',
      help: 'Video memory that a loaded model takes.',
      samples: ofLoaded(({ vram_bytes: bytes }) => bytes),
    },
  ]);
}
