import { expect, test } from 'vitest';

import { listeningSockets, parsePageSize, parseStat } from './proc-text.ts';

test('a process is read though its name holds spaces and parentheses', () => {
  const text =
    '4711 (LM Studio (x) y) S 4700 4711 4711 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 9 0 123456 1000000 2048 18446744073709551615 1 1';
  expect(parseStat(text)).toEqual({
    pid: 4711,
    name: 'LM Studio (x) y',
    parentPid: 4700,
    cpuMs: 3000,
    startedMs: 1_234_560,
    residentPages: 2048,
  });
});

test('a process that is gone, or a line that is cut, is none', () => {
  expect(parseStat('')).toBeUndefined();
  expect(parseStat('12 (cut) S 1')).toBeUndefined();
});

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 31337 1 0 100 0 0 10 0
   1: 0100007F:2CAA 0100007F:D431 01 00000000:00000000 00:00000000 00000000   998        0 31338 1 0 20 4 30 10 -1
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31339 1 0 100 0 0 10 0
`;

test('only the socket that listens on the port is found, not its connections', () => {
  expect(listeningSockets(TABLE, 11434)).toEqual([{ inode: '31337', uid: 998 }]);
  expect(listeningSockets(TABLE, 8080)).toEqual([{ inode: '31339', uid: 1000 }]);
  expect(listeningSockets(TABLE, 80)).toEqual([]);
});

test('the page size is the kernel’s own', () => {
  expect(parsePageSize('Size: 4 kB\nKernelPageSize:       64 kB\n')).toBe(65_536);
  expect(parsePageSize('')).toBe(4096);
});
