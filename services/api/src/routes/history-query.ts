import { END_STATUSES, type EndStatus } from '@llm-monitor/contracts/rest';
import { decodeCursor, type HistoryFilter, type HistoryPosition } from '@llm-monitor/read-model';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

import { badParameter } from '../problem.ts';
import { callFilterParameters, toCallFilter } from './call-filter.ts';
import { checkOrder, nameParameter, timeParameter, toTimeMs } from './parameters.ts';

/** What stays with a call when it ends. */
const ENDED_VERDICTS = ['stalled', 'looping', 'runaway', 'truncated'] as const;
const STATUS_FORM = `one or more of ${END_STATUSES.join(', ')}, separated by commas`;

export const statusParameter = Type.Optional(
  Type.String({ maxLength: 100, description: STATUS_FORM }),
);

/** Which of the calls that ended. */
const filterParameters = {
  ...callFilterParameters,
  session: nameParameter('the id of a session'),
  user: nameParameter('the id of a user'),
  status: statusParameter,
  q: nameParameter(
    'at most 256 characters that stand in the id, model, app, prompt, response or error, whatever their case',
  ),
  verdict: Type.Optional(
    Type.Enum(ENDED_VERDICTS, {
      description: `${ENDED_VERDICTS.slice(0, -1).join(', ')} or ${ENDED_VERDICTS.at(-1)}: of which that was found, of the last 10,000 calls that had any`,
    }),
  ),
  from: timeParameter('ended then or later'),
  to: timeParameter('ended before'),
} as const;

/** Parameters of `GET /api/export.…`. */
export const ExportQuery = Type.Object(filterParameters);
export type ExportQuery = Static<typeof ExportQuery>;

/** Parameters of `GET /api/requests`. */
export const HistoryQuery = Type.Object({
  limit: Type.Integer({
    minimum: 1,
    maximum: 500,
    default: 50,
    description: 'a whole number from 1 to 500: how many at most',
  }),
  cursor: Type.Optional(
    Type.String({ maxLength: 1024, description: 'what the Link header of the page before gave' }),
  ),
  ...filterParameters,
});
export type HistoryQuery = Static<typeof HistoryQuery>;

/** @throws a 400 that says what to ask instead */
export function toHistoryOptions(query: HistoryQuery): {
  limit: number;
  filter: HistoryFilter;
  after?: HistoryPosition;
} {
  const { limit, cursor } = query;
  return {
    limit,
    ...(cursor === undefined ? {} : { after: toPosition(cursor) }),
    filter: toHistoryFilter(query),
  };
}

/** @throws a 400 that says what to ask instead */
export function toHistoryFilter(query: ExportQuery): HistoryFilter {
  const { session, user, q, verdict } = query;
  const fromMs = query.from === undefined ? undefined : toTimeMs('from', query.from);
  const toMs = query.to === undefined ? undefined : toTimeMs('to', query.to);
  checkOrder(fromMs, toMs);
  return {
    ...toCallFilter(query),
    ...(session === undefined ? {} : { session }),
    ...(user === undefined ? {} : { user }),
    ...(q === undefined ? {} : { q }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(query.status === undefined ? {} : { status: toStatuses(query.status) }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

function toPosition(cursor: string): HistoryPosition {
  const position = decodeCursor(cursor);
  if (position) return position;
  throw badParameter(
    'cursor',
    cursor,
    'what the Link header of the page before gave, unchanged; leave it out to start with the newest',
  );
}

export function toStatuses(text: string): EndStatus[] {
  const words = text.split(',').map((word) => word.trim());
  const isStatus = (word: string): word is EndStatus =>
    (END_STATUSES as readonly string[]).includes(word);
  if (words.every(isStatus)) return words;
  throw badParameter('status', text, STATUS_FORM);
}

/** The `Link` of the next page: the same question, behind the cursor. Relative, since proxies change names and ports. */
export function nextPage(url: string, cursor: string): string {
  const [path = ''] = url.split('?', 1);
  // Another question mark is one that is asked for.
  const parameters = new URLSearchParams(url.slice(path.length + 1));
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
