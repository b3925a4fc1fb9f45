import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import {
  findAlertMetric,
  MAX_RULES_BYTES,
  type AlertList,
  type AlertRule,
  type AlertRuleChange,
  type AlertRuleList,
} from '@llm-monitor/contracts/alerts';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { oneLine } from '../terminal/printable.ts';
import { formatTable } from '../terminal/table.ts';
import { askApi } from './ask-api.ts';
import { notWritten, placeOf } from './place-of.ts';
import { readTextOf } from './read-file-of.ts';
import { findRunningStack } from './running-stack.ts';

const RULES = '/api/alerts/rules';
const YAML = 'application/yaml';

/** `alerts`: what fires and is pending; exit code 1 when something fires. */
export async function listAlerts(context: Context): Promise<number> {
  const { terminal, command } = context;
  const stack = await findRunningStack(context);
  const { body } = await askApi<AlertList>(stack, '/api/alerts?limit=1');
  if (!body.evaluated) {
    terminal.printError(
      `The alerts service is away: nothing is known of now. See  ${command} status`,
    );
    return 1;
  }
  const rows = body.items
    .filter(({ state }) => state !== 'resolved')
    .map(({ state, severity, name, of, value, unit, since }) => [
      ...[state, severity, oneLine(name), oneLine(Object.values(of).join(' '))],
      ...[value === null ? '—' : counted(value, unit), since.slice(0, 19).replace('T', ' ')],
    ]);
  if (rows.length === 0) terminal.print('Nothing fires.');
  else {
    const head = ['state', 'severity', 'rule', 'of', 'value', 'since'];
    terminal.print(formatTable([head.map(terminal.style.dim), ...rows], new Set([4])));
  }
  return body.firing > 0 ? 1 : 0;
}

/** `alerts rules`: all of them. */
export async function listAlertRules(context: Context): Promise<number> {
  const { terminal } = context;
  const stack = await findRunningStack(context);
  const { body } = await askApi<AlertRuleList>(stack, RULES);
  const rows = body.rules.map((rule) => [
    ...[rule.id, rule.enabled ? 'on' : 'off', rule.severity, conditionOf(rule)],
    oneLine(rule.name),
  ]);
  const head = ['id', '', 'severity', 'fires when', 'name'];
  terminal.print(formatTable([head.map(terminal.style.dim), ...rows], new Set()));
  return 0;
}

/** `alerts rules export`: as YAML, to a file or to standard output. */
export async function exportAlertRules(
  context: Context,
  file: string | undefined,
  options: { overwrite?: boolean } = {},
): Promise<number> {
  const path =
    file === undefined || file === '-' ? undefined : placeOf(file, options.overwrite ?? false);
  const stack = await findRunningStack(context);
  let yaml = '';
  for await (const piece of readTextOf(stack, `${RULES}.yaml`)) yaml += piece;
  if (path === undefined) {
    context.terminal.print(yaml.trimEnd());
    return 0;
  }
  await writeFile(path, yaml).catch((cause: unknown) => {
    throw notWritten(cause, path);
  });
  context.terminal.print(`The rules are in ${path}.`);
  return 0;
}

/** `alerts rules import`: puts those of a file in the place of all there are. */
export async function importAlertRules(
  context: Context,
  path: string,
  options: { dryRun?: boolean },
): Promise<number> {
  const { terminal } = context;
  const yaml = await readGiven(path);
  const stack = await findRunningStack(context);
  const address = options.dryRun ? `${RULES}?dryRun=true` : RULES;
  const { body } = await askApi<AlertRuleChange>(stack, address, {
    ...{ method: 'PUT', body: yaml, type: YAML },
  });
  const { added, changed, removed } = body;
  if (added.length + changed.length + removed.length === 0) {
    terminal.print(
      `Nothing ${body.dryRun ? 'would change' : 'changed'}: the rules are these already.`,
    );
    return 0;
  }
  terminal.print(body.dryRun ? 'This would change:' : 'The rules are set.');
  for (const [what, ids] of Object.entries({ added, changed, removed })) {
    if (ids.length > 0) terminal.print(`  ${what}: ${ids.join(', ')}`);
  }
  return 0;
}

/** `1 model`, `2 models`, `60 s` */
const counted = (value: number, unit: string): string =>
  `${value} ${value === 1 ? unit.replace(/(?<=\w)s$/, '') : unit}`;

async function readGiven(path: string): Promise<string> {
  const given = await (path === '-' ? text(process.stdin) : readFile(path, 'utf8')).catch(
    (cause: Error) => {
      throw new CliError(`Cannot read ${path}: ${cause.message}`, { cause });
    },
  );
  if (Buffer.byteLength(given) <= MAX_RULES_BYTES) return given;
  throw new CliError(`${path} is larger than 2 MiB, which is more than rules may have.`);
}

function conditionOf({ metric, scope, comparator, threshold, windowSeconds }: AlertRule): string {
  const { each, ...narrow } = scope ?? {};
  const names = Object.values(narrow).map(oneLine);
  const of = [...(each ? [`each ${each}`] : []), ...names].join(', ');
  const span = findAlertMetric(metric)?.windowed ? ` in ${windowSeconds} s` : '';
  return `${metric} ${comparator} ${threshold}${of ? ` of ${of}` : ''}${span}`;
}
