import type { Frame, Snapshot } from '@llm-monitor/contracts/live';
import type { Status } from '@llm-monitor/contracts/rest';
import { connect } from '@nats-io/transport-node';
import { io } from 'socket.io-client';

import { aCall } from '../../helpers/an-event.ts';
import { publish } from '../../helpers/publish.ts';
import type { Recording } from '../../helpers/replay.ts';
import { startStack } from '../../helpers/start-stack.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const TICK_MS = 50;

/** Runs the real stack under a steady load, and keeps what its web service sends to a browser. */
export async function recordFrames(options: {
  active: number;
  eventsPerSecond: number;
  seconds: number;
}): Promise<Recording> {
  const stack = await startStack();
  const bus = await connect({ servers: stack.nats.url });
  let serial = 0;
  const next = () => {
    const number = serial++;
    return aCall({
      ...{ requestId: `replayed-${String(number).padStart(6, '0')}`, app: `app-${number % 5}` },
      ...{ model: `model-${number % 7}:8b`, startedAt: new Date() },
    });
  };
  const running = Array.from({ length: options.active }, next);
  await publish(
    bus,
    running.map((call) => call.started()),
  );
  await waitFor('all to run', async () => {
    const status = (await (await fetch(`${stack.api.url}/api/status`)).json()) as Status;
    return status.active_requests === options.active;
  });

  const socket = io(stack.web.url, { transports: ['websocket'] });
  const frames: { atMs: number; frame: Frame }[] = [];
  let began = 0;
  socket.on('frame', (frame: Frame) => frames.push({ atMs: performance.now() - began, frame }));
  const snapshot = await new Promise<Snapshot>((resolve) => {
    socket.on('snapshot', resolve);
  });
  began = performance.now();
  const perTick = Math.round((options.eventsPerSecond * TICK_MS) / 1000 / 2);
  while (performance.now() - began < options.seconds * 1000) {
    const ended = running.splice(0, perTick);
    const begun = Array.from({ length: perTick }, next);
    running.push(...begun);
    void publish(bus, [
      ...ended.map((call) => call.completed({ durationMs: 1200 })),
      ...begun.map((call) => call.started()),
    ]);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  socket.disconnect();
  await bus.close();
  await stack.stop();
  const ops = frames.reduce((sum, { frame }) => sum + frame.ops.length, 0);
  return { snapshot, frames, ops };
}
