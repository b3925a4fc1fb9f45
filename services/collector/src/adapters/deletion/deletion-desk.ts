import { DELETE_QUEUE, DELETE_SUBJECT } from '@llm-monitor/contracts/bus';
import { DeleteCommand, type DeleteReply } from '@llm-monitor/contracts/events';
import type { Logger } from '@llm-monitor/runtime';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { Value } from '@llm-monitor/contracts/typebox/value';

import type { Deletion } from './deletion.ts';

/** Takes what the API is asked to delete: collectors alone write to the store. One of them takes each step. */
export function openDeletionDesk(options: {
  connection: NatsConnection;
  deletion: Deletion;
  log: Logger;
}): { close(): void } {
  const { connection, deletion, log } = options;
  const answer = async (message: Msg): Promise<DeleteReply> => {
    const command = readCommand(message);
    if (!command) return { problem: 'not-understood', reason: 'It is no command to delete.' };
    try {
      const reply = await deletion(command);
      log.info({ ...command, ...reply }, 'deleted what was asked for');
      return reply;
    } catch (error) {
      log.warn({ err: error, ...command }, 'a deletion was cut; asking again goes on');
      return { problem: 'failed', reason: (error as Error).message };
    }
  };
  const subscription = connection.subscribe(DELETE_SUBJECT, {
    queue: DELETE_QUEUE,
    callback: (error, message) => {
      if (error) return;
      void answer(message).then((reply) => message.respond(JSON.stringify(reply)));
    },
  });
  return { close: () => subscription.unsubscribe() };
}

function readCommand(message: Msg): DeleteCommand | undefined {
  try {
    const command: unknown = message.json();
    return Value.Check(DeleteCommand, command) ? command : undefined;
  } catch {
    return undefined;
  }
}
