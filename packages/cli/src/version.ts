import { readFileSync } from 'node:fs';

/** The version of LLM Monitor, from the package's manifest. What is packed has it built in. */
export function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
