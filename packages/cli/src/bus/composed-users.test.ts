import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { busPermissions } from '@llm-monitor/contracts/bus';
import { STORE_ROLES, storeRules } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { STACK_USERS } from './bus-users.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');

test('containers of NATS and Redis, which read their users only when they start, are made anew where users may do something else', () => {
  const users = [
    ...STACK_USERS.map((role) => [role, busPermissions(role, role, 'a')]),
    ...STORE_ROLES.map((role) => [role, storeRules(role)]),
  ];
  const digest = createHash('sha256').update(JSON.stringify(users)).digest('hex').slice(0, 12);
  const compose = read('docker-compose.yml');
  for (const server of ['nats', 'redis']) {
    const service = new RegExp(`^  ${server}:\\n(?:(?:    .*)?\\n)+`, 'm').exec(compose)?.[0];
    expect(service, `write this digest at ${server}`).toContain(`llm-monitor.users: '${digest}'`);
  }
});
