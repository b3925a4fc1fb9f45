import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import type { Logger } from '@llm-monitor/runtime';
import { graphics } from 'systeminformation';

import { gpusOfControllers, gpusOfNvidia, NVIDIA_QUERY, type Gpu } from '../core/gpus.ts';
import { isDue } from '../core/is-due.ts';
import { readAmdGpus } from './amd-gpus.ts';

const TIMEOUT_MS = 5000;
const PCI_DEVICES = '/sys/bus/pci/devices';
const GRAPHICS_CLASS = '0x03';
const run = promisify(execFile);

/** The GPUs of this machine. */
export interface GpuSensor {
  /** Empty when there are none; undefined when it cannot be told, or is not known yet. Never waits, never throws. */
  read(nowMs: number): Gpu[] | undefined;
}

type Reader = () => Promise<Gpu[]>;

/**
 * Finds out once how this machine tells of its GPUs, and says so. `graphics()` starts half a dozen programs, some of them in a way
 * that holds up everything else, so it is asked once only; after that one program, or a few files, at most every `everyMs`.
 */
export function createGpuSensor(options: { everyMs: number; log: Logger }): GpuSensor {
  const { log } = options;
  let gpus: Gpu[] | undefined;
  let reader: Reader | undefined;
  let readAtMs = Date.now();
  let isReading = true;
  findReader(log)
    .then((found) => {
      gpus = found.gpus;
      reader = found.reader;
    })
    .catch((err: unknown) => log.warn({ err }, 'it cannot be told whether this machine has GPUs'))
    .finally(() => (isReading = false));

  const refresh = async (read: Reader) => {
    try {
      gpus = await read();
    } catch (err) {
      // What was true a while ago must not be shown for ever.
      gpus = undefined;
      log.debug({ err }, 'the GPUs did not answer');
    } finally {
      isReading = false;
    }
  };
  return {
    read(nowMs) {
      if (reader && !isReading && isDue(nowMs, readAtMs, options.everyMs)) {
        isReading = true;
        readAtMs = nowMs;
        void refresh(reader);
      }
      return gpus;
    },
  };
}

async function findReader(log: Logger): Promise<{ gpus: Gpu[] | undefined; reader?: Reader }> {
  const nvidia = await readNvidia().catch(() => []);
  if (nvidia.length > 0) {
    log.info({ gpus: names(nvidia) }, 'GPUs are read by nvidia-smi');
    return { gpus: nvidia, reader: readNvidia };
  }
  const amd = await readAmdGpus().catch(() => []);
  if (amd.length > 0) {
    log.info({ gpus: names(amd) }, 'GPUs are read from the amdgpu driver');
    return { gpus: amd, reader: readAmdGpus };
  }
  const { controllers } = (await graphics()) ?? { controllers: [] };
  const others = gpusOfControllers(controllers);
  if (others.length > 0) {
    log.info({ gpus: names(others) }, 'this machine has GPUs that do not tell their load');
    return { gpus: others };
  }
  if (controllers.length > 0 || (await hasNoGraphicsDevice())) {
    log.info('this machine has no GPU');
    return { gpus: [] };
  }
  log.info('it cannot be told whether this machine has a GPU');
  return { gpus: undefined };
}

const names = (gpus: readonly Gpu[]) => gpus.map(({ name }) => name);

async function readNvidia(): Promise<Gpu[]> {
  const { stdout } = await run('nvidia-smi', NVIDIA_QUERY, { timeout: TIMEOUT_MS });
  return gpusOfNvidia(stdout);
}

/** Linux shows its devices, and none of them is for graphics. */
async function hasNoGraphicsDevice(): Promise<boolean> {
  const devices = await readdir(PCI_DEVICES).catch(() => []);
  const classes = await Promise.all(
    devices.map((device) => readFile(`${PCI_DEVICES}/${device}/class`, 'utf8').catch(() => '')),
  );
  return devices.length > 0 && !classes.some((one) => one.startsWith(GRAPHICS_CLASS));
}
