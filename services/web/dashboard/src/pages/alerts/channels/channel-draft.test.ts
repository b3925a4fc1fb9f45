import type { AlertChannel, ChannelKind } from '@llm-monitor/contracts/alerts';
import { expect, test } from 'vitest';

import { draftOf, keptSecret, settingsOf } from './channel-draft.ts';

const title = { en: 'x', it: 'x' };
const kind: ChannelKind = {
  ...{ kind: 'email', title, description: title },
  settings: {
    type: 'object',
    properties: {
      host: { type: 'string', title },
      port: { type: 'integer', title, default: 587 },
      password: { type: 'string', title, secret: true },
    },
    required: ['host'],
  },
};
const channel = {
  settings: { host: 'smtp.example', password: { set: true } },
} as unknown as AlertChannel;

test('a form begins with what is set, else with what is usual, and knows no secret', () => {
  expect(draftOf(kind, channel)).toEqual({ host: 'smtp.example', port: '587', password: '' });
  expect(draftOf(kind, null)).toEqual({ host: '', port: '587', password: '' });
  expect(keptSecret(channel, 'password')).toEqual({ set: true });
  expect(keptSecret(channel, 'host')).toBeUndefined();
});

test('a secret that is left empty stays, anything else that is emptied goes', () => {
  const draft = { host: ' smtp.example ', port: '', password: '' };
  expect(settingsOf(kind, draft)).toEqual({ host: 'smtp.example', port: null });
  expect(settingsOf(kind, { host: 'h', port: '25', password: 'p' })).toEqual({
    ...{ host: 'h', port: 25, password: 'p' },
  });
  // What is no number the server refuses, with what is allowed.
  expect(settingsOf(kind, { host: 'h', port: 'x' })).toMatchObject({ port: 'x' });
});
