import { describe, expect, it } from 'vitest';

import { configurationFor } from './nats-part.ts';

describe('configurationFor', () => {
  it.each([
    ['nats-server: v2.9.10', 'nats-2.9.conf'],
    ['nats-server: v2.10.0', 'nats.conf'],
    ['nats-server: v2.14.3', 'nats.conf'],
    ['nats-server: v3.0.0', 'nats.conf'],
  ])('for %s takes %s', (version, name) => {
    expect(configurationFor(version)).toBe(name);
  });
});
