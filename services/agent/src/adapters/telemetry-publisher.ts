import { randomUUID } from 'node:crypto';

import { subjects } from '@llm-monitor/contracts/bus';
import {
  createEvent,
  SENT_AT_HEADER,
  type HostSampledData,
  type ModelLoadData,
  type ModelsListedData,
  type Phase,
  type ProgressData,
  type UnseenActivityData,
} from '@llm-monitor/contracts/events';
import { headers, type NatsConnection } from '@nats-io/transport-node';

/** Puts what the agent saw on the bus. Losing one is harmless: the next sample tells the whole state again. */
export interface TelemetryPublisher {
  hostSampled(data: HostSampledData): void;
  modelsListed(data: ModelsListedData): void;
  modelLoaded(data: ModelLoadData): void;
  modelUnloaded(data: ModelLoadData): void;
  unseenActivity(data: UnseenActivityData): void;
  /** What a running call waits for, which its own program cannot know. */
  waiting(call: { app: string; requestId: string; model: string }, phase: Phase): void;
}

export function createTelemetryPublisher(bus: NatsConnection, host: string): TelemetryPublisher {
  const publish = (subject: string, type: string, data: unknown) => {
    if (bus.isClosed()) return;
    const time = new Date().toISOString();
    const source = `/agents/${host}`;
    const event = createEvent({ id: randomUUID(), source, type, time, subject, data });
    const sent = headers();
    sent.set(SENT_AT_HEADER, time);
    bus.publish(subject, JSON.stringify(event), { headers: sent });
  };
  return {
    hostSampled: (data) => publish(subjects.hostSampled(host), 'llm.host.sampled.v1', data),
    modelsListed: (data) => publish(subjects.modelsListed(host), 'llm.models.listed.v1', data),
    modelLoaded: (data) =>
      publish(subjects.modelLoaded(host, data.model.name), 'llm.models.loaded.v1', data),
    modelUnloaded: (data) =>
      publish(subjects.modelUnloaded(host, data.model.name), 'llm.models.unloaded.v1', data),
    unseenActivity: (data) =>
      publish(subjects.hostUnseenActivity(host), 'llm.host.unseen-activity.v1', data),
    waiting({ app, requestId, model }, phase) {
      const data: ProgressData = { requestId, app, model, phase, chunks: 0, chars: 0 };
      publish(subjects.progress(app, model), 'llm.progress.v1', data);
    },
  };
}
