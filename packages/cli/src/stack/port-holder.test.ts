import { describe, expect, it } from 'vitest';

import { holderFromLsof, holderFromSs } from './port-holder.ts';

describe('the holder of a port', () => {
  it('is read from lsof', () => {
    expect(holderFromLsof('p4242\ncnats-server\nf7\n')).toBe('nats-server (pid 4242)');
    expect(holderFromLsof('')).toBeUndefined();
  });

  it('is read from ss', () => {
    const line = 'LISTEN 0 511 127.0.0.1:8080 0.0.0.0:* users:(("node",pid=77,fd=21))';
    expect(holderFromSs(line)).toBe('node (pid 77)');
    expect(holderFromSs('LISTEN 0 511 127.0.0.1:8080 0.0.0.0:*')).toBeUndefined();
  });
});
