// Every call of every app, as it starts and ends. Anyone may listen; nothing needs to be told to the monitor.
import { connect } from '@nats-io/transport-node';

const nats = await connect({ servers: process.env.LLM_MONITOR_NATS_URL ?? '127.0.0.1:4222' });
for await (const message of nats.subscribe('llm.request.>')) {
  const { type, data } = message.json();
  const seconds = data.durationMs === undefined ? '' : ` ${(data.durationMs / 1000).toFixed(1)} s`;
  console.log(type.split('.')[2], data.app, data.model, data.promptPreview ?? '', seconds);
}
