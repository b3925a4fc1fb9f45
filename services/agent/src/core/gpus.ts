import type { HostSampledData } from '@llm-monitor/contracts/events';

export type Gpu = NonNullable<HostSampledData['gpus']>[number];

/** What systeminformation says of a graphics controller, as far as it is used. What the machine does not tell is absent. */
export interface GraphicsController {
  vendor: string;
  model: string;
  /** MiB */
  vram: number | null;
  vramDynamic: boolean;
  name?: string;
  /** MiB */
  memoryTotal?: number;
  memoryUsed?: number;
  memoryFree?: number;
  utilizationGpu?: number;
  temperatureGpu?: number;
  powerDraw?: number;
}

const MIB = 1024 * 1024;
const MAX_GPUS = 64;

/** Screens of servers and of virtual machines: nothing that runs a model. */
const ONLY_SCREENS =
  /aspeed|matrox|cirrus|qxl|red hat|virtio|vmware|virtualbox|innotek|hyper-v|microsoft|bochs|parallels|displaylink|remote/i;

/** The GPUs among the graphics controllers of `graphics()`. */
export function gpusOfControllers(controllers: readonly GraphicsController[]): Gpu[] {
  const isGpu = (one: GraphicsController) =>
    `${one.vendor}${one.model}`.trim() !== '' && !ONLY_SCREENS.test(`${one.vendor} ${one.model}`);
  return controllers
    .filter(isGpu)
    .slice(0, MAX_GPUS)
    .map((one) => {
      // Memory that is taken from the machine's own as needed is no VRAM that could be full.
      const vram = one.vramDynamic ? undefined : (one.vram ?? undefined);
      return {
        name: (one.name || one.model || one.vendor).slice(0, 256),
        loadPercent: known(one.utilizationGpu),
        vramUsedBytes: known(one.memoryUsed, MIB),
        vramTotalBytes: known(one.memoryTotal ?? vram, MIB),
        powerWatts: known(one.powerDraw),
        temperatureCelsius: known(one.temperatureGpu),
      };
    });
}

/** What `nvidia-smi` is asked for, in the order in which it answers. */
export const NVIDIA_QUERY = [
  '--query-gpu=name,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu',
  '--format=csv,noheader,nounits',
];

/** Reads the answer of `nvidia-smi`, a GPU a line. It says `[N/A]` or the like of what a GPU does not tell. */
export function gpusOfNvidia(csv: string): Gpu[] {
  return csv
    .split('\n')
    .map((line) => line.trim().split(/\s*,\s*/))
    .filter((fields) => fields.length === 6)
    .slice(0, MAX_GPUS)
    .map(([name = '', load, used, total, power, temperature]) => ({
      name: name.slice(0, 256),
      loadPercent: known(toNumber(load)),
      vramUsedBytes: known(toNumber(used), MIB),
      vramTotalBytes: known(toNumber(total), MIB),
      powerWatts: known(toNumber(power)),
      temperatureCelsius: known(toNumber(temperature)),
    }));
}

/** What the amdgpu driver keeps in files, in its own units: percent, bytes, microwatts, thousandths of a degree. */
export interface AmdGpuFiles {
  name: string;
  gpu_busy_percent?: string;
  mem_info_vram_used?: string;
  mem_info_vram_total?: string;
  power1_average?: string;
  temp1_input?: string;
}

export function gpuOfAmd(files: AmdGpuFiles): Gpu {
  return {
    name: files.name.slice(0, 256),
    loadPercent: known(toNumber(files.gpu_busy_percent)),
    vramUsedBytes: known(toNumber(files.mem_info_vram_used)),
    vramTotalBytes: known(toNumber(files.mem_info_vram_total)),
    powerWatts: known(toNumber(files.power1_average), 1e-6),
    temperatureCelsius: known(toNumber(files.temp1_input), 1e-3),
  };
}

/** What all GPUs draw; null where none says. */
export function wattsOf(gpus: readonly Gpu[] | undefined): number | null {
  const known = (gpus ?? []).flatMap(({ powerWatts }) => powerWatts ?? []);
  return known.length > 0 ? known.reduce((sum, watts) => sum + watts) : null;
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text) ? undefined : Number(text);
}

function known(value: number | undefined, unit = 1): number | null {
  if (value === undefined || !Number.isFinite(value) || value < 0) return null;
  return Math.round(value * unit * 100) / 100;
}
