import { Type, type Static, type TSchema } from '../typebox/index.ts';

import { Verdict } from '../events/verdict.ts';
import { Outcome, Parameters, Phase, RequestError } from '../events/request.ts';
import { END_STATUSES } from './end-status.ts';
import { Cost } from './costs.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const seconds = (description: string) => Type.Number({ description: `${description}, seconds` });
const iso = (description: string) => Type.String({ format: 'date-time', description });

/** What every call has, running or ended. What is not known is null. */
const call = {
  id: Type.String(),
  model: Type.String(),
  app: Type.String(),
  host: nullable(Type.String()),
  instance: nullable(Type.String()),
  provider: nullable(Type.String()),
  operation: nullable(Type.String()),
  stream: nullable(Type.Boolean()),
  prompt: nullable(Type.String({ description: 'at most 200 characters' })),
  prompt_chars: nullable(Type.Integer()),
  logical_id: nullable(Type.String({ description: 'shared by the retries of one call' })),
  session_id: nullable(Type.String()),
  user_id: nullable(Type.String()),
  tags: Type.Array(Type.String()),
  demo: Type.Boolean(),
  started_at: iso('when the call left the app'),
  verdicts: Type.Optional(
    Type.Array(Verdict, { description: 'what is noteworthy about it; absent: nothing' }),
  ),
};

/** One running call, of `GET /api/active`. */
export const ActiveRequest = Type.Object(
  {
    ...call,
    status: Type.Literal('running'),
    phase: Phase,
    duration: seconds('elapsed so far'),
    tokens_generated: Type.Integer({ description: 'an estimate: stream chunks so far' }),
    tokens_per_second: nullable(Type.Number({ description: 'an estimate' })),
    time_to_first_token: nullable(seconds('from the start to the first token')),
    prefill_percent: nullable(Type.Number()),
    last_token_at: nullable(
      iso(
        'when its last token was heard of, at most a quarter of a second late; null before the first',
      ),
    ),
  },
  { $id: 'ActiveRequest' },
);
export type ActiveRequest = Static<typeof ActiveRequest>;

/** One ended call, of `GET /api/requests`. */
export const EndedRequest = Type.Object(
  {
    ...call,
    status: Type.Enum([...END_STATUSES]),
    outcome: Outcome,
    ended_at: iso('when it ended'),
    duration: seconds('from start to end'),
    time_to_first_token: nullable(seconds('from the start to the first token')),
    tokens_input: nullable(Type.Integer({ description: 'prompt tokens' })),
    tokens_generated: nullable(Type.Integer()),
    tokens_source: Type.Enum(['server', 'estimate', 'none']),
    tokens_per_second: nullable(Type.Number({ description: 'over the time of generation' })),
    finish_reason: nullable(Type.String()),
    cancelled_by: nullable(Type.String()),
    error: nullable(RequestError),
    response: nullable(Type.String({ description: 'at most 200 characters' })),
    phases: nullable(
      Type.Object(
        {
          queue: seconds('waiting for a slot; an estimate'),
          load: seconds('loading the model'),
          prompt: seconds('reading the prompt'),
          generation: seconds('generating'),
        },
        { description: "from the server's own numbers" },
      ),
    ),
    parameters: nullable(Parameters),
    resources: nullable(
      Type.Object(
        {
          cpu_percent: nullable(Type.Number({ description: 'mean; 100 is one core' })),
          memory_bytes: nullable(Type.Number({ description: 'highest' })),
          energy_wh: Type.Optional(
            Type.Number({
              description: 'its share by time of what was drawn; an estimate. Absent: not known',
            }),
          ),
        },
        { description: 'what the inference server took meanwhile' },
      ),
    ),
    cost: Type.Optional(Cost),
  },
  { $id: 'EndedRequest' },
);
export type EndedRequest = Static<typeof EndedRequest>;

/** `GET /api/requests/:id`: a call in whichever state it is. */
export const AnyRequest = Type.Union([ActiveRequest, EndedRequest]);
export type AnyRequest = ActiveRequest | EndedRequest;
