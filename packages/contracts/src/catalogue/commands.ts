import { Type } from '../typebox/index.ts';

import { AlertPreview } from '../alerts/answers.ts';
import { AlertTestCommand, AlertTestReply } from '../alerts/channel.ts';
import { AlertRule } from '../alerts/rule.ts';
import {
  ALERT_PREVIEW_SUBJECT,
  ALERT_TEST_SUBJECT,
  DELETE_SUBJECT,
  DEMO_SUBJECT,
  WATCHED_SUBJECT,
} from '../bus/subjects.ts';
import { CancelCommand, CancelReply, DeleteCommand, DeleteReply } from '../events/control.ts';
import { DemoState } from '../rest/demo.ts';
import type { PublicCommand } from './public-event.ts';

/** What parts of the monitor ask each other, and an operator's programs may ask too. */
export const COMMANDS: readonly PublicCommand[] = [
  {
    name: 'cancel',
    title: 'End a call',
    address: 'llm.control.cancel.{app}.{instance}',
    when: 'Somebody cancels a call. Whoever makes it, a client or an agent, ends it and answers.',
    sentBy: ['api'],
    payload: CancelCommand,
    payloadName: 'CancelCommand',
    contentType: 'application/json',
    example: { requestId: 'b3f1c2d4e5f60718', by: 'operator' },
    reply: { schema: CancelReply, schemaName: 'CancelReply', example: { aborted: true } },
  },
  {
    name: 'delete',
    title: 'Delete a part of what is kept',
    address: DELETE_SUBJECT,
    when: 'Somebody deletes calls or their texts: once for each short step. One collector answers; while its answer has a `next`, ask again with it as `cursor`.',
    sentBy: ['api'],
    payload: DeleteCommand,
    payloadName: 'DeleteCommand',
    contentType: 'application/json',
    example: { what: 'request', app: 'generator', requestId: 'b3f1c2d4e5f60718' },
    reply: {
      schema: DeleteReply,
      schemaName: 'DeleteReply',
      example: { deleted: 1, running: 0 },
    },
  },
  {
    name: 'demo',
    title: 'Is a demo played, and stop it',
    address: DEMO_SUBJECT,
    when: 'Somebody asks for the demo, or stops it. The API that plays it answers; nobody does where none is played.',
    sentBy: ['api'],
    payload: Type.Enum(['state', 'stop']),
    payloadName: 'DemoQuestion',
    contentType: 'text/plain',
    example: 'state',
    reply: {
      schema: DemoState,
      schemaName: 'DemoState',
      example: { running: true, until: '2026-05-01T10:10:00.000Z' },
    },
  },
  {
    name: 'alertPreview',
    title: 'What would this rule do now?',
    address: ALERT_PREVIEW_SUBJECT,
    when: 'Somebody edits a rule. One replica of the alerts answers; the rule is not kept.',
    sentBy: ['api'],
    payload: AlertRule,
    payloadName: 'AlertRule',
    contentType: 'application/json',
    example: {
      ...{ id: 'slow-answers', name: 'Slow answers', enabled: true, metric: 'p95' },
      ...{ scope: { each: 'model' }, comparator: '>', threshold: 20, windowSeconds: 300 },
      ...{ forSeconds: 60, noData: 'ok', renotifySeconds: 0, severity: 'warning' },
    },
    reply: {
      schema: AlertPreview,
      schemaName: 'AlertPreview',
      example: {
        ...{ unit: 's', fires: false, held: false },
        values: [{ of: { model: 'llama3.2:3b' }, value: 3.2, holds: false }],
      },
    },
  },
  {
    name: 'alertTest',
    title: 'Try an alert channel',
    address: ALERT_TEST_SUBJECT,
    when: 'Somebody tries a channel. One of the alerts sends a test by it and answers what the other side said, within half a minute.',
    sentBy: ['api'],
    payload: AlertTestCommand,
    payloadName: 'AlertTestCommand',
    contentType: 'application/json',
    example: { channel: 'kitchen' },
    reply: {
      schema: AlertTestReply,
      schemaName: 'AlertTestReply',
      example: { ok: true, detail: 'HTTP 200: ok' },
    },
  },
  {
    name: 'watched',
    title: 'Somebody looks at a dashboard',
    address: WATCHED_SUBJECT,
    when: 'Every five seconds while somebody does; agents then sample every two seconds. Its body is empty.',
    sentBy: ['web'],
    payload: Type.String({ maxLength: 0 }),
    payloadName: 'Nothing',
    contentType: 'text/plain',
    example: '',
  },
];
