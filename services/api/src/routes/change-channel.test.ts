import type { ChannelKind, StoredChannel } from '@llm-monitor/contracts/alerts';
import { describe, expect, test } from 'vitest';

import type { ProblemError } from '../problem.ts';
import { changeChannel } from './change-channel.ts';

const title = { en: 'x', it: 'x' };
const push: ChannelKind = {
  kind: 'push',
  ...{ title, description: title },
  settings: {
    type: 'object',
    required: ['token'],
    properties: {
      server: {
        type: 'string',
        form: 'url',
        destination: true,
        default: 'https://usual.example',
        title,
      },
      token: { type: 'string', secret: true, title },
    },
  },
};
const change = (before: StoredChannel | undefined, settings: Record<string, string | null>) =>
  changeChannel({ id: 'a', body: { kind: 'push', settings }, before, kinds: [push], nowMs: 0 });

describe('a change of a channel', () => {
  test('does not take secrets from the usual server to another', () => {
    const usual = change(undefined, { token: 'a secret' });
    const elsewhere = { server: 'https://evil.example' };
    expect(() => change(usual, elsewhere)).toThrow(/secrets do not follow.*"token"/);
    expect(change(usual, { ...elsewhere, token: 'another' }).settings).toEqual({
      ...elsewhere,
      token: 'another',
    });
    // Nor back, when what was set is removed.
    const own = change(undefined, { ...elsewhere, token: 'its secret' });
    expect(() => change(own, { server: null })).toThrow(/secrets do not follow/);
  });

  test('does not lead to where machines in clouds keep their keys', () => {
    for (const host of ['169.254.169.254', '0xA9FEA9FE', '[::ffff:169.254.169.254]']) {
      const settings = { server: `http://${host}/latest`, token: 'a secret' };
      expect(() => change(undefined, settings)).toThrow(/"server": .* is a link-local address/);
    }
  });

  test('that is refused is so in Italian, too', () => {
    const whyNot = (settings: Record<string, string>) => {
      try {
        change(undefined, settings);
      } catch (error) {
        return (error as ProblemError).members['details'];
      }
      return undefined;
    };
    expect(whyNot({})).toEqual({ it: 'Manca "token" (x).' });
    expect(whyNot({ server: 'ftp://a.example', token: 'a' })).toEqual({
      it: '"server" (x) richiede un indirizzo che inizia con http:// o https://.',
    });
  });

  test('keeps secrets where it goes where it went', () => {
    const usual = change(undefined, { token: 'a secret' });
    const same = change(usual, { server: 'https://usual.example' });
    expect(same.settings['token']).toBe('a secret');
  });
});
