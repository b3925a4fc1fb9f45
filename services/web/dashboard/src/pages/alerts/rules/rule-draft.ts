import type { AlertRule } from '@llm-monitor/contracts/alerts';

const MAX_ID = 60;

/** A rule to begin with. */
export function emptyRule(): AlertRule {
  return {
    ...{ id: '', name: '', enabled: true, metric: 'failed', comparator: '>', threshold: 10 },
    ...{ windowSeconds: 300, forSeconds: 0, noData: 'ok', renotifySeconds: 0 },
    severity: 'warning',
  };
}

/** An id that says what the name says, and that no other rule has. */
export function freshId(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_ID);
  const base = plain.replace(/-+$/, '') || 'rule';
  let id = base;
  for (let n = 2; taken.includes(id); n++) id = `${base}-${n}`;
  return id;
}
