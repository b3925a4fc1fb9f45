/** What a series is made from: request rollups or host samples. */
export type MetricSource = 'requests' | 'host';

/** One metric of `GET /api/series`. */
export interface Metric {
  name: string;
  unit: 'requests' | 'requests/s' | 'tokens' | 'tokens/s' | 's' | '%' | 'bytes' | 'Wh';
  source: MetricSource;
  description: string;
}

/** Every metric of `GET /api/series`, with its unit. The one list: the API, the dashboard and the alerts read it. */
export const METRICS = [
  { name: 'requests', unit: 'requests', source: 'requests', description: 'Calls started' },
  {
    name: 'active',
    unit: 'requests',
    source: 'requests',
    description: 'Calls that ran at the end of the step',
  },
  { name: 'completed', unit: 'requests', source: 'requests', description: 'Calls that ended well' },
  {
    name: 'failed',
    unit: 'requests',
    source: 'requests',
    description: 'Calls that failed, time-outs included',
  },
  { name: 'timeouts', unit: 'requests', source: 'requests', description: 'Calls that timed out' },
  { name: 'cancelled', unit: 'requests', source: 'requests', description: 'Calls cancelled' },
  {
    name: 'success_rate',
    unit: '%',
    source: 'requests',
    description: 'Completed of completed and failed',
  },
  {
    name: 'avg_response_time',
    unit: 's',
    source: 'requests',
    description: 'Mean duration of completed inferences',
  },
  {
    name: 'p50',
    unit: 's',
    source: 'requests',
    description: 'Median duration of completed inferences',
  },
  {
    name: 'p95',
    unit: 's',
    source: 'requests',
    description: '95th percentile of the duration of completed inferences',
  },
  {
    name: 'p99',
    unit: 's',
    source: 'requests',
    description: '99th percentile of the duration of completed inferences',
  },
  {
    name: 'time_to_first_token',
    unit: 's',
    source: 'requests',
    description: 'Mean time to first token of completed inferences',
  },
  {
    name: 'ttft_p50',
    unit: 's',
    source: 'requests',
    description: 'Median time to first token of completed inferences',
  },
  {
    name: 'ttft_p95',
    unit: 's',
    source: 'requests',
    description: '95th percentile of the time to first token of completed inferences',
  },
  { name: 'input_tokens', unit: 'tokens', source: 'requests', description: 'Prompt tokens' },
  { name: 'output_tokens', unit: 'tokens', source: 'requests', description: 'Generated tokens' },
  {
    name: 'energy_wh',
    unit: 'Wh',
    source: 'requests',
    description: 'Energy of ended calls, where it is known; an estimate',
  },
  {
    name: 'tokens_per_second',
    unit: 'tokens/s',
    source: 'requests',
    description: 'Generated tokens a second of generation',
  },
  {
    name: 'cpu_percent',
    unit: '%',
    source: 'host',
    description: 'Processor load of a host, all cores',
  },
  { name: 'memory_percent', unit: '%', source: 'host', description: 'Memory of a host in use' },
  {
    name: 'memory_used_bytes',
    unit: 'bytes',
    source: 'host',
    description: 'Memory of a host in use',
  },
  {
    name: 'gpu_percent',
    unit: '%',
    source: 'host',
    description: 'Load of the GPUs of a host, their mean',
  },
  {
    name: 'vram_used_bytes',
    unit: 'bytes',
    source: 'host',
    description: 'Video memory of a host in use, all GPUs',
  },
  {
    name: 'vram_total_bytes',
    unit: 'bytes',
    source: 'host',
    description: 'Video memory of a host, all GPUs',
  },
  {
    name: 'models_memory_bytes',
    unit: 'bytes',
    source: 'host',
    description: 'Memory that loaded models take, video memory included, as their server says',
  },
  {
    name: 'models_vram_bytes',
    unit: 'bytes',
    source: 'host',
    description: 'Video memory that loaded models take, as their server says',
  },
] as const satisfies readonly Metric[];

/** The name of one of {@link METRICS}. */
export type MetricName = (typeof METRICS)[number]['name'];

/** The metric of that name, or undefined. */
export function findMetric(name: string): Metric | undefined {
  return METRICS.find((metric) => metric.name === name);
}
