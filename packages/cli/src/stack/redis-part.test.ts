import { describe, expect, it } from 'vitest';

import { configuration, fitsSocket } from './redis-part.ts';

const place = { base: '/app/deploy/redis.conf', folder: '/data/my "own" folder', inside: false };

describe('the configuration of Redis', () => {
  it('listens on a socket that only its owner may open, and on no port', () => {
    const text = configuration({ kind: 'socket', path: '/data/redis.sock' }, place, '1gb');
    expect(text).toContain('port 0\nunixsocket "/data/redis.sock"\nunixsocketperm 600\n');
    expect(text).not.toContain('requirepass');
  });

  it('asks for a password where it listens on a port, on this machine only', () => {
    const text = configuration({ kind: 'port', port: 7001, password: 'secret' }, place, '1gb');
    expect(text).toContain('port 7001\nbind 127.0.0.1\nrequirepass secret\n');
  });

  it('has its own words after the shared file, since the last one counts', () => {
    const text = configuration({ kind: 'socket', path: '/s' }, place, '256mb');
    expect(text.indexOf('include "/app/deploy/redis.conf"')).toBe(0);
    expect(text).toContain('maxmemory 256mb');
    expect(text).toContain(String.raw`dir "/data/my \"own\" folder"`);
  });
});

describe('fitsSocket', () => {
  it('says no to a folder whose socket path the system would cut', () => {
    expect(fitsSocket('/home/me/.llm-monitor/redis')).toBe(true);
    expect(fitsSocket(`/home/${'x'.repeat(90)}/redis`)).toBe(false);
  });
});
