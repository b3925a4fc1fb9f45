import { callKey, type CallKey, type LiveOp } from '@llm-monitor/contracts/live';
import { ProgressData } from '@llm-monitor/contracts/events';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

/** Where a running call is now, and in which view it is shown. */
export interface CallProgress {
  key: CallKey;
  demo: boolean;
  op: LiveOp;
}

const event = Compile(ProgressData);
const MAX_BYTES = 16 * 1024;

/**
 * Reads `llm.progress.<app>.<model>`; undefined when it is none. The app is the subject's, since NATS guards subjects and not
 * bodies.
 */
export function parseProgress(subject: string, body: string): CallProgress | undefined {
  const app = subject.split('.')[2];
  if (!app || body.length > MAX_BYTES) return undefined;
  const data = dataOf(body);
  if (!event.Check(data)) return undefined;
  return {
    key: callKey({ id: data.requestId, app }),
    demo: data.demo ?? false,
    op: [
      'progress',
      callKey({ id: data.requestId, app }),
      data.phase,
      data.chunks,
      data.tokensPerSecond ?? null,
      data.prefillPercent ?? null,
    ],
  };
}

function dataOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { data?: unknown } | null)?.data;
  } catch {
    return undefined;
  }
}
