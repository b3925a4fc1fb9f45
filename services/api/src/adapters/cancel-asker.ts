import { subjects } from '@llm-monitor/contracts/bus';
import { CancelReply, type CancelCommand } from '@llm-monitor/contracts/events';
import { errors, type Msg } from '@nats-io/transport-node';
import { Value } from '@llm-monitor/contracts/typebox/value';

import type { Bus } from './bus.ts';

const ANSWER_TIMEOUT_MS = 2000;

/** What came of asking. `reason` says why the call was not ended, and what to do. */
export type CancelAnswer =
  | { reached: true; aborted: boolean; reason?: string }
  | { reached: false; isBusAway: boolean; reason: string };

/** Asks the process that makes a call to end it. Never throws. */
export type AskToCancel = (
  of: { app: string; instance: string },
  command: CancelCommand,
) => Promise<CancelAnswer>;

export function createCancelAsker(bus: Pick<Bus, 'connection'>): AskToCancel {
  return async ({ app, instance }, command) => {
    const connection = bus.connection();
    if (!connection) return busAway;
    try {
      const subject = subjects.cancel(app, instance);
      const body = JSON.stringify(command);
      return toAnswer(await connection.request(subject, body, { timeout: ANSWER_TIMEOUT_MS }));
    } catch (error) {
      // Lost meanwhile: then nobody can have answered.
      if (!bus.connection()) return busAway;
      return { reached: false, isBusAway: false, reason: reasonOf(error as Error) };
    }
  };
}

const busAway: CancelAnswer = {
  reached: false,
  isBusAway: true,
  reason: 'NATS, over which calls are cancelled, is away. See that it runs at NATS_URL; ask again.',
};

function toAnswer(message: Msg): CancelAnswer {
  const reply = readReply(message);
  if (!reply) {
    const reason = 'The client answered with something that is no answer. Update it.';
    return { reached: true, aborted: false, reason };
  }
  return { reached: true, ...reply };
}

function readReply(message: Msg): CancelReply | undefined {
  try {
    const reply: unknown = message.json();
    return Value.Check(CancelReply, reply) ? reply : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: Error): string {
  if (error instanceof errors.RequestError && error.isNoResponders()) {
    return 'Nobody listens for it: the program that makes the call has ended, has lost NATS, or does not let its calls be cancelled (LLM_MONITOR_CANCEL=off). End it there.';
  }
  if (error instanceof errors.PermissionViolationError || /permission/i.test(error.message)) {
    return 'NATS does not let this service ask. Allow its user to publish llm.control.cancel.>.';
  }
  return `The program that makes the call did not answer in ${ANSWER_TIMEOUT_MS / 1000} s: it is busy or hangs. Ask again.`;
}
