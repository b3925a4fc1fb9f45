import { ALL_PROGRESS, subjectToken } from '@llm-monitor/contracts/bus';
import { REQUEST_EVENT_KINDS } from '@llm-monitor/contracts/events';

const CALLS = [...REQUEST_EVENT_KINDS, 'progress', 'verdict'] as const;
const OTHERS = {
  heartbeat: ['llm.app.heartbeat'],
  host: ['llm.host.sampled'],
  unseen: ['llm.host.unseen-activity'],
  models: ['llm.models.loaded', 'llm.models.unloaded'],
  listed: ['llm.models.listed'],
  alert: ['llm.alert'],
  trade: ['llm.bot.trade'],
  bot: ['llm.bot.sampled'],
  'dead-letter': ['llm.dead-letter'],
} as const;

type CallKind = (typeof CALLS)[number];
type OtherKind = keyof typeof OTHERS;
/** What can be followed, in the words that a person types. */
export type EventKind = CallKind | OtherKind;

export const EVENT_KINDS: readonly EventKind[] = [
  ...CALLS,
  ...(Object.keys(OTHERS) as OtherKind[]),
];

/** What a person wants to see who names no kind: what happens, and not how often it is measured. */
const USUAL: readonly EventKind[] = [
  ...['started', 'completed', 'failed', 'cancelled', 'verdict'],
  ...['unseen', 'models', 'alert', 'trade', 'dead-letter'],
] as EventKind[];

/** What was asked to be followed. */
export interface EventChoice {
  kinds?: readonly EventKind[] | undefined;
  /** A subject of NATS, wildcards allowed, instead of kinds. */
  subject?: string | undefined;
  app?: string | undefined;
  model?: string | undefined;
  /** Failed calls and dead letters alone. */
  failed?: boolean | undefined;
}

/**
 * Subjects that bring all that was asked for, and little else: the broker leaves out what it can. Names are tokens there, so events of
 * other apps may still come.
 */
export function subjectsOf(choice: EventChoice): string[] {
  if (choice.subject !== undefined) return [choice.subject];
  const usual = choice.failed ? (['failed', 'dead-letter'] as const) : USUAL;
  const kinds = [...new Set(choice.kinds ?? usual)];
  const app = choice.app === undefined ? '*' : subjectToken(choice.app);
  const model = choice.model === undefined ? '*' : subjectToken(choice.model);
  return kinds.flatMap((kind) => {
    if (isCallKind(kind)) return callSubject(kind, app, model);
    if (choice.model !== undefined && kind !== 'models') return [];
    if (choice.app !== undefined && kind !== 'heartbeat') return [];
    if (kind === 'heartbeat') return `${OTHERS.heartbeat[0]}.${app}.>`;
    if (kind === 'models') return OTHERS.models.map((subject) => `${subject}.*.${model}`);
    return OTHERS[kind].map((subject) => `${subject}.>`);
  });
}

function isCallKind(kind: EventKind): kind is CallKind {
  return (CALLS as readonly string[]).includes(kind);
}

function callSubject(kind: CallKind, app: string, model: string): string {
  if (kind === 'verdict') return `llm.verdict.*.${app}.${model}`;
  return kind === 'progress'
    ? ALL_PROGRESS.replace('>', `${app}.${model}`)
    : `llm.request.${kind}.${app}.${model}`;
}
