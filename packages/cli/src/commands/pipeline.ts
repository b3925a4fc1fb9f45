import type { Pipeline, PipelineStream } from '@llm-monitor/contracts/rest';

import type { Context } from '../context.ts';
import { formatBytes, formatDuration } from '../terminal/format.ts';
import { formatTable } from '../terminal/table.ts';
import type { Style } from '../terminal/terminal.ts';
import { askApi } from './ask-api.ts';
import { findRunningStack } from './running-stack.ts';

const HEAD = [
  'stream',
  'kept',
  'size',
  'waiting',
  'in work',
  'lag',
  'again',
  'lost',
  'collected to',
];
const NUMBERS = new Set([1, 2, 3, 4, 5, 6, 7, 8]);
const UNWELL = 1;

/** `pipeline`: where events wait, and where some were lost. Exit code 1 when it does not move. */
export async function pipeline(context: Context): Promise<number> {
  const { terminal, command } = context;
  const stack = await findRunningStack(context);
  const { body } = await askApi<Pipeline>(stack, '/api/pipeline');
  terminal.print(formatPipeline(body, terminal.style));
  if (body.dead_letters && body.dead_letters.count > 0) {
    terminal.print(`\nWhat could not be used:  ${command} dead-letters`);
  }
  return body.status === 'stalled' || body.status === 'unknown' ? UNWELL : 0;
}

/** All of it, as text for a terminal. */
export function formatPipeline(pipeline: Pipeline, style: Style): string {
  const { status, detail, collectors, streams } = pipeline;
  const paint = status === 'ok' ? style.green : status === 'behind' ? style.yellow : style.red;
  const online = collectors.filter((each) => each.online).length;
  return [
    `${paint('●')} ${paint(status)}   ${online} of ${collectors.length} collectors work${detail ? `\n  ${detail}` : ''}`,
    ...(streams ? ['', formatStreams(streams, style)] : []),
    '',
    ...formatLosses(pipeline),
  ].join('\n');
}

function formatStreams(streams: readonly PipelineStream[], style: Style): string {
  const rows = streams.map((stream) => [
    stream.name,
    String(stream.messages),
    formatBytes(stream.bytes),
    String(stream.pending),
    String(stream.in_flight),
    stream.lag === null ? '–' : formatDuration(stream.lag * 1000),
    String(stream.redeliveries),
    stream.lost > 0 ? style.red(String(stream.lost)) : '0',
    `${stream.ack_floor} of ${stream.last_sequence}`,
  ]);
  return formatTable([HEAD.map(style.dim), ...rows], NUMBERS);
}

function formatLosses(pipeline: Pipeline): string[] {
  const { dead_letters: letters, shed } = pipeline;
  const gone = shed.retention + shed.max_requests + shed.memory;
  return [
    `Dead letters        ${letters?.count ?? '–'}`,
    `Lost by the streams ${pipeline.lost_events}`,
    `Dropped by clients  ${pipeline.dropped_events} events, ${pipeline.dropped_requests} calls`,
    `Out of the history  ${gone} calls (age ${shed.retention}, number ${shed.max_requests}, memory ${shed.memory})`,
  ];
}
