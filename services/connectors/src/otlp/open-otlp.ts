import type { NatsConnection } from '@nats-io/transport-node';

import type { Connector, OpenConnector } from '../connector.ts';
import { createCallExporter, type ExportState } from './call-exporter.ts';
import { startCallSource, type CallSource } from './call-source.ts';
import { readEndedCall } from './ended-call.ts';
import { readOtlpSettings } from './otlp-config.ts';
import { createOtlpSender } from './otlp-sender.ts';

/** Traces and metrics of ended calls, to any OpenTelemetry collector. */
export const openOtlp: OpenConnector = ({ env, log }): Connector | undefined => {
  const settings = readOtlpSettings(env);
  if (!settings) return undefined;
  const sender = createOtlpSender(settings);
  const exporter = createCallExporter({ settings, sender, log, now: () => Date.now() });
  let source: CallSource | undefined;
  return {
    name: 'opentelemetry',
    checks: [
      {
        name: 'opentelemetry',
        async check() {
          const waiting = await source?.waiting().catch(() => undefined);
          return {
            ok: true,
            detail: describe(exporter.state(), waiting?.events, source?.forgottenAtMs()),
          };
        },
      },
    ],
    async start(bus: NatsConnection) {
      source = startCallSource({
        ...{ bus, log, ackWaitMs: settings.ackWaitMs },
        async take(messages, signal) {
          const calls = messages
            .map(({ subject, data }) => readEndedCall(subject, data))
            .filter((call) => call !== undefined);
          await exporter.export(calls, signal);
        },
        onIdle: () => exporter.repeatMetrics(),
      });
    },
    async stop() {
      // What is under way is cut off: it is delivered again.
      await Promise.all([source?.stop(), sender.close()]);
      await exporter.close();
    },
  };
};

function describe(
  { sent, refused, trouble }: ExportState,
  waiting: number | undefined,
  forgottenAtMs: number | undefined,
): string {
  return [
    `${sent} calls sent`,
    ...(refused > 0 ? [`${refused} refused for good`] : []),
    ...(waiting === undefined ? [] : [`${waiting} events wait`]),
    ...(forgottenAtMs === undefined
      ? []
      : [
          `NATS came back without its last events at ${new Date(forgottenAtMs).toISOString()}: calls among them that were not sent yet are lost`,
        ]),
    ...(trouble
      ? [`nothing is taken since ${new Date(trouble.sinceMs).toISOString()}: ${trouble.reason}`]
      : []),
  ].join('; ');
}
