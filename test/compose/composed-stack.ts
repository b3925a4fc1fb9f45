import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { freePort } from '../helpers/free-port.ts';
import { projectRoot } from '../helpers/project-root.ts';

const exec = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** The product in containers under a project name and ports of its own, so that it disturbs no stack that runs here. */
export interface ComposedStack {
  webUrl: string;
  natsUrl: string;
  proxyUrl: string;
  /** `docker compose …`; rejects with what it wrote when it fails. */
  compose(...args: string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
  /** Ids of the running containers, of one service or of all. */
  containers(service?: string): Promise<string[]>;
}

/**
 * @param options.files what it is composed of; docker-compose.yml alone unless said
 * @throws when no Docker engine answers
 */
export async function createComposedStack(
  options: { files?: readonly string[] } = {},
): Promise<ComposedStack> {
  const [webPort, natsPort, proxyPort] = [await freePort(), await freePort(), await freePort()];
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: `llm-monitor-test-${process.pid}`,
    ...(options.files ? { COMPOSE_FILE: options.files.join(':') } : {}),
    COMPOSE_ANSI: 'never',
    COMPOSE_PROGRESS: 'plain',
    LLM_MONITOR_IMAGE: 'llm-monitor:test',
    LLM_MONITOR_PORT: String(webPort),
    NATS_PORT: String(natsPort),
    PROXY_PORT: String(proxyPort),
  };
  const docker = async (...args: string[]) => {
    try {
      const options = { cwd: projectRoot(), env, maxBuffer: MAX_OUTPUT_BYTES };
      return (await exec('docker', args, options)).stdout;
    } catch (error) {
      const { stderr, stdout } = error as { stderr?: string; stdout?: string };
      throw new Error(`docker ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, {
        cause: error,
      });
    }
  };
  const compose = (...args: string[]) => docker('compose', ...args);
  await docker('info');
  return {
    webUrl: `http://127.0.0.1:${webPort}`,
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    compose,
    docker,
    async containers(service) {
      const ids = await compose('ps', '--quiet', ...(service ? [service] : []));
      return ids.split('\n').filter(Boolean);
    },
  };
}
