import { subjects } from '@llm-monitor/contracts/bus';
import type { ProgressData } from '@llm-monitor/contracts/events';
import { createEvent } from '@llm-monitor/contracts/wire';

import type { OutputMeter } from './output-meter.ts';
import type { RepetitionWatch } from './repetition.ts';
import type { CommonData } from './request-data.ts';

/** Writes how far a call is. `wallMs` is wall time; `nowMs` the same moment on the clock of meter and repetition. */
export function progressMessage(
  started: CommonData,
  { meter, repetition }: { meter: OutputMeter; repetition: RepetitionWatch },
  wallMs: number,
  nowMs: number,
): { subject: string; payload: string } {
  const { requestId, app, model, instance, demo } = started;
  const { chunks, chars } = meter.total();
  const tokensPerSecond = meter.rate(nowMs);
  const repeating = repetition.look(nowMs);
  const data: ProgressData = {
    requestId,
    app,
    model,
    phase: 'generating',
    chunks,
    chars,
    ...(tokensPerSecond === undefined
      ? {}
      : { tokensPerSecond: Math.round(tokensPerSecond * 100) / 100 }),
    ...(repeating ? { repeating } : {}),
    ...(demo ? { demo } : {}),
  };
  const subject = subjects.progress(app, model);
  const event = createEvent({
    id: `${requestId}:progress:${chunks}`,
    source: `/apps/${app}/instances/${instance ?? ''}`,
    type: 'llm.progress.v1',
    time: new Date(wallMs).toISOString(),
    subject,
    data,
  });
  return { subject, payload: JSON.stringify(event) };
}
