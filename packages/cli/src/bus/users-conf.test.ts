import { describe, expect, it } from 'vitest';

import { formatUsersConf } from './users-conf.ts';

const api = { name: 'the-api', role: 'api', of: 'h', password: 'p' } as const;
const shop = { name: 'shop', role: 'app', of: 'shop', password: 'p' } as const;
const agent = { name: 'agent-box', role: 'agent', of: 'box', password: 'p' } as const;
const format = (...users: Parameters<typeof formatUsersConf>[0]) =>
  formatUsersConf(users, { openTo: undefined, separatesApps: true });

describe('formatUsersConf', () => {
  it('gives apps an account in which there are no streams, and lets across what they say, are asked and answer', () => {
    const [monitor = '', apps = ''] = format(api, shop, agent).split('LLM_APPS {');
    expect(monitor).toContain('jetstream: enabled');
    expect(monitor).toContain('"agent-box"');
    expect(monitor).not.toContain('"shop"');
    expect(apps).not.toContain('jetstream');
    expect(apps).toContain('user: "shop"');
    const imports = /imports = \[([^]*?)\n {2}\]/.exec(apps)?.[1] ?? '';
    expect(imports.match(/\w+: \{|subject: "[^"]+"/g)).toEqual(
      [
        ['service', 'llm.request.>'],
        ['service', 'llm.progress.>'],
        ['service', 'llm.app.heartbeat.>'],
        ['service', '_INBOX_the-api.>'],
        ['service', '_INBOX.>'],
        ['stream', 'llm.control.cancel.>'],
      ].flatMap(([kind, subject]) => [`${kind}: {`, `subject: "${subject}"`]),
    );
  });

  it('has the server forget soon where answers would have gone that never come', () => {
    const exports = /exports = \[([^]*?)\n {2}\]/.exec(format(api, shop))?.[1] ?? '';
    const services = exports.match(/service: .*/g) ?? [];
    expect(services).toHaveLength(5);
    for (const service of services) expect(service).toContain('threshold: "5s"');
  });

  it('has both accounts before there is an app', () => {
    expect(format(api, agent)).toContain('LLM_APPS {');
  });

  it('needs no accounts for a server that somebody else runs', () => {
    const conf = formatUsersConf([api, shop], { openTo: 'local', separatesApps: false });
    expect(conf).toMatch(/^no_auth_user: "local"$/m);
    expect(conf).toContain('authorization {');
    expect(conf).not.toContain('accounts');
  });
});
