import { createLogger } from '@llm-monitor/runtime';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';

import { createCallExporter } from './call-exporter.ts';
import type { EndedCall } from './ended-call.ts';
import { readOtlpSettings, type OtlpSettings } from './otlp-config.ts';
import type { Sent } from './otlp-sender.ts';

const settings = readOtlpSettings({
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://here:4318',
}) as OtlpSettings;
const calls = (count: number, app = 'shop'): EndedCall[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ app, startedAtMs: 0, endedAtMs: 1 },
    data: {
      ...{ requestId: `request-${n}`, app, model: 'phi3', durationMs: 1 },
      outcome: 'completed' as const,
    },
  }));

/** An exporter whose collector answers as told, in order, and takes all after that. */
function exporting(answers: Sent[], given: Partial<OtlpSettings> = {}) {
  const sent: number[] = [];
  const names = new Set<unknown>();
  const waits: number[] = [];
  let metrics = 0;
  const exporter = createCallExporter({
    settings: { ...settings, ...given },
    log: createLogger({ service: 'test', level: 'silent' }),
    now: () => 0,
    async wait(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
    },
    sender: {
      async sendSpans(spans: ReadableSpan[]) {
        sent.push(spans.length);
        for (const { resource } of spans) names.add(resource.attributes['service.name']);
        return answers.shift() ?? { kind: 'taken' };
      },
      async sendMetrics() {
        metrics += 1;
        return { kind: 'taken' };
      },
      async close() {},
    },
  });
  return { exporter, sent, names, waits, metrics: () => metrics };
}
const never = new AbortController().signal;
const later: Sent = { kind: 'later', reason: 'busy', afterMs: 7000 };
const refused: Sent = { kind: 'refused', isTooLarge: false, reason: 'bad' };

test('a batch is tried until it is taken, and tried no more when it is refused for good', async () => {
  const patient = exporting([later, later]);
  await patient.exporter.export(calls(3), never);
  expect(patient).toMatchObject({ sent: [3, 3, 3], waits: [7000, 7000] });
  expect(patient.exporter.state()).toEqual({ sent: 3, refused: 0, trouble: undefined });
  const dropped = exporting([refused]);
  await dropped.exporter.export(calls(3), never);
  expect(dropped.sent).toEqual([3]);
  expect(dropped.exporter.state()).toMatchObject({ sent: 0, refused: 3 });
});

test('a batch that is too large is sent in parts, down to one call', async () => {
  const tooLarge: Sent = { kind: 'refused', isTooLarge: true, reason: 'large' };
  const { exporter, sent } = exporting([tooLarge, tooLarge, tooLarge]);
  await exporter.export(calls(3), never);
  expect(sent).toEqual([3, 2, 1, 1, 1]);
  expect(exporter.state()).toMatchObject({ sent: 2, refused: 1 });
});

test('what was cut off is sent when it comes again, and what was sent is not', async () => {
  const stopping = new AbortController();
  const { exporter, sent } = exporting([later]);
  stopping.abort();
  await expect(exporter.export(calls(2), stopping.signal)).rejects.toThrow(/abort/);
  await exporter.export(calls(2), never);
  await exporter.export(calls(2), never);
  expect(sent).toEqual([2, 2]);
});

test('demo calls stay here, and any number of apps is a bounded number of resources', async () => {
  const { exporter, sent, names, metrics } = exporting([]);
  const demo = calls(1).map((call) => ({ ...call, data: { ...call.data, demo: true } }));
  await exporter.export(demo, never);
  expect(sent).toEqual([]);
  await exporter.export(Array.from({ length: 300 }, (_, n) => calls(1, `app-${n}`)).flat(), never);
  expect(names.size).toBe(201);
  expect(names).toContain('other');
  expect(metrics()).toBe(201);
});
