import type {
  Hello,
  Resume as ResumeMessage,
  Watch as WatchMessage,
} from '@llm-monitor/contracts/live';
import { Type } from '@llm-monitor/contracts/typebox';
import { Compile } from '@llm-monitor/contracts/typebox/compile';

const Resume = Type.Object({
  epoch: Type.String({ minLength: 1, maxLength: 128 }),
  pos: Type.Array(Type.String({ pattern: '^[0-9]{1,16}-[0-9]{1,16}$' }), {
    minItems: 1,
    maxItems: 1024,
  }),
});
const watch = {
  demo: Type.Optional(Type.Boolean()),
  paused: Type.Optional(Type.Boolean()),
};
const resumeSchema = Compile(Resume);
const watchSchema = Compile(Type.Object(watch));

/** Browsers send what they like: each reader gives back the known fields, or undefined. */
export function parseResume(message: unknown): ResumeMessage | undefined {
  return resumeSchema.Check(message) ? { epoch: message.epoch, pos: message.pos } : undefined;
}

export function parseWatch(message: unknown): WatchMessage | undefined {
  if (!watchSchema.Check(message)) return undefined;
  const { demo, paused } = message;
  return {
    ...(demo === undefined ? {} : { demo }),
    ...(paused === undefined ? {} : { paused }),
  };
}

/** What a connection brings with it; what is wrong in it is left out. */
export function parseHello(auth: unknown): Hello {
  const resume = parseResume((auth as { resume?: unknown } | null | undefined)?.resume);
  return { ...parseWatch(auth), ...(resume ? { resume } : {}) };
}
