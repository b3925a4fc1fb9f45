import type { Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

/** What a service says of itself at `/ready`: its status, and the names of the checks that fail. */
export async function readyOf(service: Service): Promise<{ status: number; failing: string[] }> {
  // A connection of its own: one that is kept may be closed by the service just when it is used again.
  const response = await fetch(`${service.url}/ready`, { headers: { connection: 'close' } });
  const { checks } = (await response.json()) as { checks: { name: string; ok: boolean }[] };
  return {
    status: response.status,
    failing: checks.filter(({ ok }) => !ok).map(({ name }) => name),
  };
}

/** Resolves once all of them say that they are ready. They look at the broker every two seconds. */
export async function allReady(services: readonly Service[]): Promise<void> {
  await waitFor('all to be ready', async () => {
    const all = await Promise.all(services.map((service) => readyOf(service)));
    return all.every(({ status }) => status === 200);
  });
}
