import { isAtLeast } from './is-at-least.ts';

/** Writes are on the disk before they are confirmed. */
const SYNCS_SINCE = [2, 10] as const;
/** Takes no confirmation for a request to its streams, see docs/threat-model.md. */
const CHECKS_REQUESTS_SINCE = [2, 12] as const;
/** Versions in which not everybody removes all streams of an account: 2.10.27 and 2.11.1. By minor version, the first such patch. */
const GUARDS_ACCOUNTS_SINCE = new Map([
  [10, 27],
  [11, 1],
]);
/** Bears a confirmation that is asked for at a subject with a wildcard, from one account to another. */
const BEARS_WILDCARDS_SINCE = [2, 9, 15] as const;

/** What a version of nats-server risks that a newer one does not, in the embedded stack; empty from 2.12 on. */
export function risksOfNats(version: string): string[] {
  const ofCredentials = riskOfCredentials(version);
  const ofApps = riskOfApps(version);
  return [
    ...(isAtLeast(version, SYNCS_SINCE)
      ? []
      : ['a power cut can cost its last two minutes of events']),
    ...(ofCredentials === undefined ? [] : [`who has credentials of an agent ${ofCredentials}`]),
    ...(ofApps === undefined ? [] : [`who has those of an app ${ofApps}`]),
  ];
}

/** What a version of nats-server lets those do who may publish in the account of the streams, and may not do that. */
export function riskOfCredentials(version: string): string | undefined {
  if (isAtLeast(version, CHECKS_REQUESTS_SINCE)) return undefined;
  return guardsAccounts(version) ? 'can empty the stream of events' : 'can remove all streams';
}

/** What it lets those do who have an account without streams. */
export function riskOfApps(version: string): string | undefined {
  return isAtLeast(version, BEARS_WILDCARDS_SINCE) ? undefined : 'can crash NATS';
}

function guardsAccounts(version: string): boolean {
  const [, minor = '0', patch = '0'] = /^\D*2\.(\d+)\.(\d+)/.exec(version) ?? [];
  const since = GUARDS_ACCOUNTS_SINCE.get(Number(minor));
  return since !== undefined && Number(patch) >= since;
}

/** How to be rid of the risks. */
export const WITHOUT_NATS_RISKS =
  'Not so from version 2.12 on; NATS_SERVER names another program, or docker.';
