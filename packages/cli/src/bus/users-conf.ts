import {
  ASKED_OF_APPS,
  BUS_ACCOUNTS,
  busPermissions,
  inboxPrefix,
  SAID_BY_APPS,
} from '@llm-monitor/contracts/bus';

import type { BusUser } from './bus-users.ts';

/** How long an answer may take to what was asked of a user that answers. */
const ANSWER_WITHIN = '1m';
/**
 * How long the server remembers where the answer goes to what one account says to the other. Nobody waits longer for a confirmation: the client
 * says it again sooner. Each that is never answered takes memory until then, by itself two minutes.
 */
const REMEMBERED_FOR = '5s';

type ConfUser = Pick<BusUser, 'name' | 'role' | 'of' | 'password'>;

/** How the server is to take its users. */
export interface UsersConfOptions {
  /** Who speaks without credentials is this user; without one nobody may. */
  openTo: string | undefined;
  /** Apps have an account of their own, and the streams one with a name: for a server whose streams lie there. */
  separatesApps: boolean;
}

/** The users, as nats-server reads them. It does so again when it gets SIGHUP. */
export function formatUsersConf(users: readonly ConfUser[], options: UsersConfOptions): string {
  return [
    '# Written by llm-monitor, which writes it anew: `llm-monitor credentials` changes it.',
    ...(options.openTo === undefined ? [] : [`no_auth_user: ${quote(options.openTo)}`]),
    ...(options.separatesApps ? formatAccounts(users) : formatAuthorization(users)),
    '',
  ].join('\n');
}

function formatAuthorization(users: readonly ConfUser[]): string[] {
  return ['authorization {', ...formatUsers(users), '}'];
}

/** Both accounts are there from the first start: acknowledgements do not reach one that a server of version 2.9 comes to know later. */
function formatAccounts(users: readonly ConfUser[]): string[] {
  const { monitor, apps } = BUS_ACCOUNTS;
  const isApp = ({ role }: ConfUser) => role === 'app';
  const answered = inboxesOfAskers(users);
  return [
    'accounts {',
    `  ${monitor} {`,
    '  jetstream: enabled',
    ...formatUsers(users.filter((user) => !isApp(user))),
    '  exports = [',
    ...[...SAID_BY_APPS, ...answered].map((subject) => offered(subject, apps)),
    // Not a service: where one account offers it to another, 2.9 does not say at once that nobody listens.
    ...ASKED_OF_APPS.map((subject) => `    { stream: ${quote(subject)}, accounts: [${apps}] }`),
    '  ]',
    '  }',
    `  ${apps} {`,
    ...formatUsers(users.filter(isApp)),
    '  imports = [',
    ...[...SAID_BY_APPS, ...answered].map((subject) => imported('service', subject, monitor)),
    ...ASKED_OF_APPS.map((subject) => imported('stream', subject, monitor)),
    '  ]',
    '  }',
    '}',
  ];
}

/** Where those are answered who ask apps: the API, and programs of this machine, with credentials and without. */
function inboxesOfAskers(users: readonly ConfUser[]): string[] {
  const askers = users.filter(({ role }) => role === 'api' || role === 'local');
  return [...askers.map(({ name }) => inboxPrefix(name)), '_INBOX'].map((inbox) => `${inbox}.>`);
}

const offered = (subject: string, to: string) =>
  `    { service: ${quote(subject)}, accounts: [${to}], threshold: "${REMEMBERED_FOR}" }`;
const imported = (kind: 'service' | 'stream', subject: string, from: string) =>
  `    { ${kind}: { account: ${from}, subject: ${quote(subject)} } }`;

function formatUsers(users: readonly ConfUser[]): string[] {
  return ['  users = [', ...users.map(formatUser), '  ]'];
}

function formatUser({ name, role, of, password }: ConfUser) {
  const { publish, subscribe, answers } = busPermissions(role, name, of);
  // An empty list of what is allowed would mean everything.
  const publishing = publish.length > 0 ? `allow: ${list(publish)}` : 'deny: [">"]';
  return [
    '    {',
    `      user: ${quote(name)}, password: ${quote(password)}`,
    '      permissions: {',
    `        publish: { ${publishing} }`,
    `        subscribe: { allow: ${list(subscribe)} }`,
    ...(answers ? [`        allow_responses: { max: 1, expires: "${ANSWER_WITHIN}" }`] : []),
    '      }',
    '    }',
  ].join('\n');
}

const list = (subjects: readonly string[]) => `[${subjects.map(quote).join(', ')}]`;
const quote = (text: string) => JSON.stringify(text);
