import { expect, test } from 'vitest';

import { busPermissions, inboxPrefix, type BusRole } from './permissions.ts';
import { subjects } from './subjects.ts';

/** Does one of the patterns, with the wildcards of NATS, take this subject? */
function allows(patterns: readonly string[], subject: string): boolean {
  const given = subject.split('.');
  return patterns.some((pattern) => {
    const wanted = pattern.split('.');
    const isOpen = wanted.at(-1) === '>';
    if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
    return wanted.every((token, at) => token === '>' || token === '*' || token === given[at]);
  });
}

const ROLES: BusRole[] = ['app', 'agent', 'reader', 'collector', 'api', 'web', 'alerts'];

test('an app speaks of its own calls, and is told to end these, and nothing else', () => {
  const { publish, subscribe, answers } = busPermissions('app', 'shop-user', 'my.shop');
  const own = [
    subjects.request('started', 'my.shop', 'm'),
    subjects.progress('my.shop', 'm'),
    subjects.heartbeat('my.shop', 'i'),
  ];
  for (const subject of own) expect(allows(publish, subject), subject).toBe(true);
  const others = [
    subjects.request('started', 'other', 'm'),
    subjects.progress('other', 'm'),
    subjects.heartbeat('other', 'i'),
    subjects.hostSampled('my.shop'),
    subjects.cancel('my.shop', 'i'),
    ...['llm.dead-letter.invalid-event', '$JS.API.INFO', '$JS.ACK.LLM_REQUESTS.collector.1'],
  ];
  for (const subject of others) expect(allows(publish, subject), subject).toBe(false);
  expect(allows(subscribe, subjects.cancel('my.shop', 'i'))).toBe(true);
  expect(allows(subscribe, subjects.cancel('other', 'i'))).toBe(false);
  expect(allows(subscribe, subjects.request('started', 'my.shop', 'm'))).toBe(false);
  expect(answers).toBe(true);
});

test('an agent speaks of its own host, and of the calls of any app', () => {
  const { publish, subscribe } = busPermissions('agent', 'box-user', 'box');
  for (const subject of [
    ...[subjects.hostSampled('box'), subjects.hostUnseenActivity('box')],
    ...[subjects.modelsListed('box'), subjects.modelLoaded('box', 'm')],
    ...[subjects.request('failed', 'any', 'm'), subjects.progress('any', 'm')],
  ]) {
    expect(allows(publish, subject), subject).toBe(true);
  }
  for (const subject of [
    ...[subjects.hostSampled('other'), subjects.modelsListed('other')],
    ...[subjects.alert('fired', 'r'), subjects.cancel('any', 'i'), '$JS.API.INFO'],
  ]) {
    expect(allows(publish, subject), subject).toBe(false);
  }
  expect(allows(subscribe, subjects.cancel('any', 'i'))).toBe(true);
});

test('a reader hears everything and says nothing', () => {
  const { publish, subscribe, answers } = busPermissions('reader', 'someone');
  expect([publish, answers]).toEqual([[], false]);
  expect(allows(subscribe, subjects.request('failed', 'any', 'm'))).toBe(true);
});

test.each(ROLES)('%s hears answers to its own questions, and to nobody else’s', (role) => {
  const { subscribe } = busPermissions(role, 'me');
  expect(allows(subscribe, `${inboxPrefix('me')}.x.y`)).toBe(true);
  for (const other of ['_INBOX.x', `${inboxPrefix('you')}.x`, `${inboxPrefix('me2')}.x`]) {
    expect(allows(subscribe, other), other).toBe(false);
  }
});

test.each(ROLES)('%s removes no stream, and no consumer of another', (role) => {
  const { publish } = busPermissions(role, 'me');
  for (const stream of ['LLM_REQUESTS', 'LLM_TELEMETRY', 'LLM_ALERTS', 'LLM_DEAD_LETTERS']) {
    expect(allows(publish, `$JS.API.STREAM.DELETE.${stream}`)).toBe(false);
    expect(allows(publish, `$JS.API.CONSUMER.DELETE.${stream}.mine`), stream).toBe(
      role === 'collector' && stream === 'LLM_REQUESTS',
    );
  }
});

test('a collector takes from streams and writes to them what it must, the api only reads them', () => {
  const collector = busPermissions('collector', 'collector').publish;
  const api = busPermissions('api', 'api').publish;
  for (const subject of [
    ...['$JS.API.STREAM.CREATE.LLM_REQUESTS', '$JS.API.CONSUMER.MSG.NEXT.LLM_REQUESTS.collector'],
    ...['$JS.ACK.LLM_TELEMETRY.collector-telemetry.1.2', '$JS.API.STREAM.PURGE.LLM_REQUESTS'],
    ...['llm.request.failed.a.m', 'llm.dead-letter.too-large'],
  ]) {
    expect(allows(collector, subject), subject).toBe(true);
    expect(allows(api, subject), subject).toBe(subject.startsWith('llm.request.'));
  }
  expect(allows(collector, 'llm.request.started.a.m')).toBe(false);
  expect(allows(api, '$JS.API.STREAM.MSG.DELETE.LLM_DEAD_LETTERS')).toBe(true);
  expect(allows(api, '$JS.API.STREAM.MSG.DELETE.LLM_REQUESTS')).toBe(false);
});
