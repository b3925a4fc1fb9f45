import { busPermissions } from '@llm-monitor/contracts/bus';

import type { BusUser } from './bus-users.ts';

/** How long an answer may take to what was asked of a user that answers. */
const ANSWER_WITHIN = '1m';

/**
 * The users, as nats-server reads them. It does so again when it gets SIGHUP.
 * @param options.openTo who speaks without credentials is this user; without one nobody may
 */
export function formatUsersConf(
  users: readonly Pick<BusUser, 'name' | 'role' | 'of' | 'password'>[],
  options: { openTo: string | undefined },
): string {
  return [
    '# Written by llm-monitor, which writes it anew: `llm-monitor credentials` changes it.',
    ...(options.openTo === undefined ? [] : [`no_auth_user: ${quote(options.openTo)}`]),
    'authorization {',
    '  users = [',
    ...users.map(formatUser),
    '  ]',
    '}',
    '',
  ].join('\n');
}

function formatUser({
  name,
  role,
  of,
  password,
}: Pick<BusUser, 'name' | 'role' | 'of' | 'password'>) {
  const { publish, neverPublish, subscribe, answers } = busPermissions(role, name, of);
  // An empty list of what is allowed would mean everything.
  const publishing = publish.length > 0 ? `allow: ${list(publish)}` : 'deny: [">"]';
  return [
    '    {',
    `      user: ${quote(name)}, password: ${quote(password)}`,
    '      permissions: {',
    `        publish: { ${publishing}${neverPublish ? `, deny: ${list(neverPublish)}` : ''} }`,
    `        subscribe: { allow: ${list(subscribe)} }`,
    ...(answers ? [`        allow_responses: { max: 1, expires: "${ANSWER_WITHIN}" }`] : []),
    '      }',
    '    }',
  ].join('\n');
}

const list = (subjects: readonly string[]) => `[${subjects.map(quote).join(', ')}]`;
const quote = (text: string) => JSON.stringify(text);
