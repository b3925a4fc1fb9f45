import { readdir, readFile } from 'node:fs/promises';

import { gpuOfAmd, type AmdGpuFiles, type Gpu } from '../core/gpus.ts';

const CARDS = '/sys/class/drm';
const AMD = '0x1002';

/** Reads what the amdgpu driver of Linux tells in files. Empty where there is none. */
export async function readAmdGpus(): Promise<Gpu[]> {
  const cards = (await readdir(CARDS)).filter((name) => /^card\d+$/.test(name)).sort();
  const gpus = await Promise.all(cards.map((card) => readCard(`${CARDS}/${card}/device`)));
  return gpus.filter((gpu) => gpu !== undefined);
}

async function readCard(folder: string): Promise<Gpu | undefined> {
  if ((await read(`${folder}/vendor`)) !== AMD) return undefined;
  const sensors = (await readdir(`${folder}/hwmon`).catch(() => []))[0];
  const paths: Record<Exclude<keyof AmdGpuFiles, 'name'>, string> = {
    gpu_busy_percent: `${folder}/gpu_busy_percent`,
    mem_info_vram_used: `${folder}/mem_info_vram_used`,
    mem_info_vram_total: `${folder}/mem_info_vram_total`,
    power1_average: `${folder}/hwmon/${sensors}/power1_average`,
    temp1_input: `${folder}/hwmon/${sensors}/temp1_input`,
  };
  const product = await read(`${folder}/product_name`);
  const files: AmdGpuFiles = { name: product || `AMD ${await read(`${folder}/device`)}` };
  for (const [name, path] of Object.entries(paths)) {
    const text = await read(path);
    if (text !== undefined) files[name as keyof typeof paths] = text;
  }
  return gpuOfAmd(files);
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
