import type { AnyRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import { formatBytes } from '../terminal/format.ts';
import { oneLine, printable } from '../terminal/printable.ts';
import type { Style } from '../terminal/terminal.ts';
import { localTime, paintStatus, seconds } from './calls-table.ts';

const LABEL_COLUMNS = 12;

/** One call with all that is known of it. */
export function formatCall(call: AnyRequest, style: Style): string {
  const ended = call.status === 'running' ? undefined : call;
  const facts: [label: string, fact: string | null | undefined][] = [
    ['id', call.id],
    [
      'status',
      ended ? statusOf(ended, style) : style.cyan(`running, ${(call as { phase?: string }).phase}`),
    ],
    ['app', call.app],
    ['model', call.model],
    ['host', call.host],
    ['instance', call.instance],
    ['provider', call.provider],
    ['operation', call.operation && `${call.operation}${call.stream ? ', streamed' : ''}`],
    ['session', call.session_id],
    ['user', call.user_id],
    ['tags', call.tags.join(', ')],
    ['attempt of', call.logical_id],
    ['started', localTime(call.started_at)],
    ['ended', ended && localTime(ended.ended_at)],
    ['took', seconds(call.duration)],
    ['first token', call.time_to_first_token === null ? null : seconds(call.time_to_first_token)],
    ['tokens', tokensOf(call)],
    ['phases', ended && phasesOf(ended)],
    ['finish', ended?.finish_reason],
    ['cancelled by', ended?.cancelled_by],
    ['error', ended && errorOf(ended)],
    ['parameters', ended?.parameters && parametersOf(ended.parameters)],
    ['server took', ended && resourcesOf(ended)],
    ['demo', call.demo ? 'yes: it counts in no total' : null],
  ];
  const lines = facts
    .filter((fact): fact is [string, string] => Boolean(fact[1]))
    // Colours are of this program; all else is from outside.
    .map(
      ([label, fact]) =>
        `${style.dim(label.padEnd(LABEL_COLUMNS))}  ${label === 'status' ? fact : oneLine(fact)}`,
    );
  return [
    ...lines,
    ...textOf('prompt', call.prompt, style),
    ...textOf('response', ended?.response, style),
  ].join('\n');
}

function statusOf({ status, outcome }: EndedRequest, style: Style): string {
  const more = outcome === status ? '' : ` (${outcome})`;
  return `${paintStatus(status, style)}${more}`;
}

function tokensOf(call: AnyRequest): string {
  const isEstimate = call.status === 'running' || call.tokens_source === 'estimate';
  const about = isEstimate ? '≈' : '';
  const asked = call.status === 'running' ? null : call.tokens_input;
  return [
    ...(asked === null ? [] : [`${asked} in`]),
    ...(call.tokens_generated === null ? [] : [`${about}${call.tokens_generated} out`]),
    ...(call.tokens_per_second === null ? [] : [`${about}${call.tokens_per_second.toFixed(1)}/s`]),
  ].join(', ');
}

function phasesOf({ phases }: EndedRequest): string | null {
  if (!phases) return null;
  return Object.entries(phases)
    .map(([name, value]) => `${name} ${seconds(value)}`)
    .join(', ');
}

function errorOf({ error }: EndedRequest): string | null {
  if (!error) return null;
  return [error.type, error.status, error.message].filter((part) => part !== undefined).join(' ');
}

function parametersOf(parameters: object): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function resourcesOf({ resources }: EndedRequest): string | null {
  if (!resources) return null;
  const { cpu_percent: cpu, memory_bytes: memory } = resources;
  return [
    ...(cpu === null ? [] : [`cpu ${Math.round(cpu)} %`]),
    ...(memory === null ? [] : [`memory ${formatBytes(memory)}`]),
  ].join(', ');
}

function textOf(label: string, text: string | null | undefined, style: Style): string[] {
  return text ? ['', style.dim(label), printable(text)] : [];
}
