import { BUS_ACCOUNTS, CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';

const VERBS = ['PURGE', 'DELETE', 'UPDATE', 'CREATE', 'SNAPSHOT', 'RESTORE', 'INFO'];
const MORE_VERBS = ['LEADER.STEPDOWN', 'PEER.REMOVE', 'MSG.DELETE', 'MSG.GET'];
const CONSUMER_VERBS = ['DELETE', 'MSG.NEXT', 'LEADER.STEPDOWN', 'PAUSE', 'INFO'];

/** `$G` is the one of a server that was told of none. */
const ACCOUNTS = ['$G', BUS_ACCOUNTS.monitor, BUS_ACCOUNTS.apps];

/** Subjects that somebody may name for the confirmation of an event, so that the server says there what they themselves may not. */
export function hostileReplies(): string[] {
  const consumers = new Map<string, string>(Object.entries(CONSUMERS));
  return [
    ...Object.entries(STREAMS).flatMap(([key, stream]) => {
      const consumer = consumers.get(key) ?? 'spy';
      return [
        ...[...VERBS, ...MORE_VERBS].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
        ...CONSUMER_VERBS.map((verb) => `$JS.API.CONSUMER.${verb}.${stream}.${consumer}`),
        `$JS.API.CONSUMER.CREATE.${stream}`,
        `$JS.API.CONSUMER.CREATE.${stream}.spy`,
        `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.spy`,
      ];
    }),
    ...['META.LEADER.STEPDOWN', 'SERVER.REMOVE'].map((it) => `$JS.API.${it}`),
    ...['MOVE', 'CANCEL_MOVE'].flatMap((verb) =>
      ACCOUNTS.map((account) => `$JS.API.ACCOUNT.STREAM.${verb}.${account}.LLM_REQUESTS`),
    ),
    ...['delete', 'demo', 'cancel.bank.i', 'alert-test', 'alert-preview', 'watched'].map(
      (what) => `llm.control.${what}`,
    ),
    ...['llm.request.completed.bank.m', 'llm.app.heartbeat.bank.i', 'llm.progress.bank.m'],
    ...['llm.dead-letter.invalid-json', 'llm.alert.fired.x', 'llm.verdict.raised.bank.m'],
  ];
}

/** The same for all streams of the account at once, and for the folder of all. */
export const ACCOUNT_PURGES = [...ACCOUNTS, '/'].map((of) => `$JS.API.ACCOUNT.PURGE.${of}`);

/** Does the server let any account purge accounts? Fixed in 2.10.27 and 2.11.1 (CVE-2025-30215). */
export function letsAnyonePurgeAccounts(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => parseInt(part, 10));
  if (major !== 2) return false;
  return minor < 10 || (minor === 10 && patch < 27) || (minor === 11 && patch < 1);
}

/** Does a confirmation that an account asks another for, at a subject with a wildcard, end the server? Fixed in 2.9.15. */
export function endsByApps(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => parseInt(part, 10));
  return major === 2 && (minor < 9 || (minor === 9 && patch < 15));
}
