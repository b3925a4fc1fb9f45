import { startDurableConsumer } from '@llm-monitor/collector/durable-consumer';
import { createLogger } from '@llm-monitor/runtime';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { onTestFinished, test } from 'vitest';

import { startNats } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

const STREAM = 'FORGOTTEN';

test('what a broker forgot that it was asked for is asked for again, as soon as its signs of life are missed', async () => {
  const nats = await startNats();
  onTestFinished(() => nats.stop());
  const connection = await connect({ servers: nats.url });
  onTestFinished(() => connection.close());
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: STREAM, subjects: ['forgotten.>'] });

  // As if the broker had dropped the first one: it hears nothing of it, and so never says that it is over.
  const publish = connection.publish.bind(connection);
  let forgotten = 0;
  connection.publish = (subject, ...rest) => {
    if (forgotten === 0 && subject.includes('.CONSUMER.MSG.NEXT.')) forgotten += 1;
    else publish(subject, ...rest);
  };
  const taken: string[] = [];
  const consumer = await startDurableConsumer({
    ...{ connection, manager, stream: STREAM, durable: 'collector' },
    ...{ ackWaitMs: 30_000, maxAckPending: 100, prefetch: 100, signOfLifeMs: 500 },
    log: createLogger({ service: 'test', level: 'silent' }),
    ensureStream: () => Promise.resolve(),
    onMessage: (message) => {
      taken.push(message.subject);
      message.ack();
    },
  });
  onTestFinished(() => consumer.stop());
  await waitFor('the first request to be lost', () => forgotten === 1);

  await jetstream(connection).publish('forgotten.one');
  await waitFor('the message', () => taken.includes('forgotten.one'), { timeoutMs: 10_000 });
});
