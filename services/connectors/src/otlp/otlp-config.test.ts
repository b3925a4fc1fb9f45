import { describe, expect, test } from 'vitest';

import { readOtlpSettings } from './otlp-config.ts';
import { retryAfterMs } from './otlp-sender.ts';
import { createRecentSet } from './recent-set.ts';
import { retryDelayMs } from './retry-delay.ts';

const read = (env: Record<string, string>) =>
  readOtlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://here:4318', ...env });

describe("OpenTelemetry's environment", () => {
  test('that names no collector, or switches all off, asks for nothing', () => {
    expect(readOtlpSettings({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b' })).toBeUndefined();
    expect(read({ OTEL_SDK_DISABLED: 'TRUE' })).toBeUndefined();
  });

  test('is read as its specification says', () => {
    expect(read({})).toMatchObject({
      ...{ tracesUrl: 'http://here:4318/v1/traces', metricsUrl: 'http://here:4318/v1/metrics' },
      ...{ protocol: 'http/protobuf', timeoutMs: 10_000, isCompressed: false },
      ...{ temporality: 'cumulative', hasMessages: false, hasDemo: false, serviceName: undefined },
    });
    expect(
      read({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://there/otlp/',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces/exactly/here',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20eA%3D%3D, x-scope = me',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=llms,team=a%2Cb',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      }),
    ).toMatchObject({
      ...{ tracesUrl: 'http://traces/exactly/here', metricsUrl: 'https://there/otlp/v1/metrics' },
      ...{ headers: { authorization: 'Basic eA==', 'x-scope': 'me' }, protocol: 'http/json' },
      ...{ serviceName: 'llms', resourceAttributes: { team: 'a,b' } },
    });
    const metrics = 'http://metrics/v1/metrics';
    expect(readOtlpSettings({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: metrics })).toMatchObject({
      ...{ tracesUrl: undefined, metricsUrl: metrics },
    });
    expect(read({ OTEL_METRICS_EXPORTER: 'none' })?.metricsUrl).toBeUndefined();
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /http\/protobuf or http\/json; gRPC is not spoken/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'here:4318' }, /must begin with http/],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' }, /OTEL_EXPORTER_OTLP_TIMEOUT.*"soon"/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'secret' }, /pair 1 is not/],
    [{ OTEL_EXPORTER_OTLP_CLIENT_KEY: '-----BEGIN' }, /belong together/],
    [{ OTEL_EXPORTER_OTLP_CERTIFICATE: '/no/such.pem' }, /cannot be read/],
  ])('is refused with what it takes: %o', (env, expected) => {
    expect(() => read(env as unknown as Record<string, string>)).toThrow(expected);
    expect(() => read(env as unknown as Record<string, string>)).not.toThrow(/secret/);
  });
});

test('a collector is asked again after what it asks for, else less and less often', () => {
  expect([1, 2, 3, 7, 99].map((failures) => retryDelayMs(failures, undefined, 1))).toEqual([
    ...[1000, 2000, 4000, 60_000, 60_000],
  ]);
  expect(retryDelayMs(1, undefined, 0)).toBe(500);
  expect(retryDelayMs(9, 1500, 1)).toBe(1500);
  expect(retryDelayMs(1, 86_400_000, 1)).toBe(600_000);
  const nowMs = Date.parse('2026-05-01T10:00:00Z');
  expect(retryAfterMs('7', nowMs)).toBe(7000);
  expect(retryAfterMs('Fri, 01 May 2026 10:00:30 GMT', nowMs)).toBe(30_000);
  expect(retryAfterMs('Fri, 01 May 2026 09:00:00 GMT', nowMs)).toBe(0);
  expect([null, '', 'soon'].map((header) => retryAfterMs(header, nowMs))).toEqual([
    ...[undefined, undefined, undefined],
  ]);
});

test('what was sent is remembered, the last ones only', () => {
  const recent = createRecentSet(2);
  expect(['a', 'a', 'b', 'c', 'a'].map((name) => recent.isNew(name))).toEqual([
    ...[true, false, true, true, true],
  ]);
  recent.forget('a');
  expect(recent.isNew('a')).toBe(true);
});
