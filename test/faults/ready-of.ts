import type { Service } from '../helpers/start-service.ts';

/** What a service says of itself at `/ready`. */
export async function readyOf(service: Service): Promise<{ status: number; text: string }> {
  const response = await fetch(`${service.url}/ready`);
  return { status: response.status, text: await response.text() };
}
