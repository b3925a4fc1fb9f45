/** Who uses the store. */
export const STORE_ROLES = ['collector', 'api', 'web', 'alerts'] as const;
export type StoreRole = (typeof STORE_ROLES)[number];

/** Keys of every shard, of the present generation and of others. */
const ALL_KEYS = ['{s*', 'g*:{s*'];
/** Sessions of people who logged in: the web service begins, renews and ends them. */
const SESSIONS = '{s*}:session:*';
/** What people set: alert rules, channels. The API writes them. */
const SETTINGS = '{s0}:settings:*';
/** What people set and only its reader may know: passwords of channels. Not among the keys that everybody reads. */
const SECRETS = 'secret:{s0}:settings:*';
/** The alerts write the ready rules, once. */
const ALERT_RULES = ['{s0}:settings:alert-rules', '{s0}:settings:alert-rules-written'];
/** What the alerts know of themselves, and what they say of running calls. */
const ALERTS = ['{s0}:alerts:*', '{s0}:verdicts:*'];
/** Reads and writes of some keys alone. Redis counts libraries of functions, which belong to no key, among the writes. */
const readWrite = '+@read +@write -@dangerous -@scripting';
/** The first reader of an empty store names it. */
const EPOCHS = ['{s*}:epoch', 'g*:{s*}:epoch'];
/** What a connection asks before it is used. */
const CONNECTING = [
  ...['+hello', '+auth', '+ping', '+select', '+quit', '+info', '+readonly', '+time'],
  ...['+client|setname', '+client|id'],
  ...['+cluster|slots', '+cluster|info', '+cluster|shards'],
];

/** Redis 7 rules of what a role may do, as `ACL SETUSER` takes them; everything else is refused. */
export function storeRules(role: StoreRole): string[] {
  const all = (kind: string) => ALL_KEYS.map((key) => `${kind}${key}`);
  const none = ['resetchannels', '-@all'];
  switch (role) {
    case 'collector':
      return [
        `~${SECRETS}`,
        ...[...all('~'), ...none, '+@all', '-@admin', '-@dangerous', '-@pubsub', '-function'],
        ...[...CONNECTING, '+config|get', '+role', '+wait', '+memory|usage'],
        // A backup holds writes while it reads.
        ...['+client|pause', '+client|unpause'],
      ];
    case 'api':
      return [
        ...[...all('%R~'), ...none, '+@read', '-@dangerous', ...CONNECTING],
        // A list of rules is replaced as a whole.
        ...['+multi', '+exec', '+discard'],
        `(~${SETTINGS} ~${SECRETS} ${readWrite})`,
      ];
    case 'alerts':
      return [
        ...[...all('%R~'), ...none, '+@read', '-@dangerous', ...CONNECTING],
        `(${ALERTS.map((key) => `~${key}`).join(' ')} ${readWrite} +eval +evalsha)`,
        `(%R~${SECRETS} +@read -@dangerous)`,
        `(${ALERT_RULES.map((key) => `~${key}`).join(' ')} ${readWrite} +eval +evalsha)`,
      ];
    case 'web':
      return [
        ...[...all('%R~'), ...none, '+@read', '-@dangerous', ...CONNECTING],
        `(~${SESSIONS} +get +set +del)`,
        `(${EPOCHS.map((key) => `~${key}`).join(' ')} +set)`,
      ];
  }
}
