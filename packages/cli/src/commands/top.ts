import { callKey } from '@llm-monitor/contracts/live';
import type { CancelResult } from '@llm-monitor/contracts/rest';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { whenAborted } from '../processes/when-aborted.ts';
import { jsonLine } from '../terminal/printable.ts';
import type { PressedKey, Screen } from '../terminal/screen.ts';
import { openLiveLink, type LiveLink } from '../top/live-link.ts';
import type { LiveModel } from '../top/live-model.ts';
import { jsonSnapshot, plainSnapshot } from '../top/plain-snapshot.ts';
import { renderScreen, selectedTable } from '../top/render-screen.ts';
import { initialUi, pressKey, type UiState } from '../top/ui-state.ts';
import { askApi, assertLetIn } from './ask-api.ts';
import { findRunningStack, type RunningStack } from './running-stack.ts';

const FIRST_DATA_MS = 10_000;
/** Times on the screen go on by themselves; changes in between are drawn together. */
const DRAW_EVERY_MS = 250;
const PLAIN_WIDTH = 120;

export interface TopOptions {
  once?: boolean;
  json?: boolean;
  demo?: boolean;
  filter?: string;
}

/** `top`: what runs now. A live screen at a terminal; elsewhere, or with `--once`, one snapshot. */
export async function top(context: Context, options: TopOptions): Promise<number> {
  const stack = await findRunningStack(context);
  await assertLetIn(stack);
  const ui = initialUi({ isDemo: options.demo ?? false, filter: options.filter });
  const isPlain = options.once || options.json || context.terminal.columns() === undefined;
  if (isPlain) return await printOnce(context, stack, { ui, isJson: options.json ?? false });
  const { stopped } = context.catchSignals();
  return await follow(context, stack, { ui, stopped });
}

async function printOnce(
  { terminal }: Context,
  stack: RunningStack,
  { ui, isJson }: { ui: UiState; isJson: boolean },
): Promise<number> {
  const arrived = new AbortController();
  const link = openLiveLink({
    ...{ webUrl: stack.webUrl, token: stack.token, demo: ui.isDemo, nowMs: Date.now },
    // A screen waits for a service that is away; who asks once wants to know it.
    onChange: () => {
      if (link.model() || link.state().fault !== undefined) arrived.abort();
    },
  });
  await whenAborted(AbortSignal.any([arrived.signal, AbortSignal.timeout(FIRST_DATA_MS)]));
  link.close();
  const model = link.model();
  if (!model) throw nothingCame(stack, link);
  const { style } = terminal;
  const width = terminal.columns() ?? PLAIN_WIDTH;
  const text = isJson
    ? jsonLine(jsonSnapshot(model))
    : plainSnapshot(model, { ui, width, nowMs: Date.now(), style });
  await terminal.write(`${text}\n`);
  return 0;
}

function nothingCame({ webUrl, command }: RunningStack, link: LiveLink): CliError {
  const { fault } = link.state();
  return new CliError(`No live data came from ${webUrl}${fault ? `: ${fault}` : ''}.`, {
    hint: `See what runs:  ${command} status`,
  });
}

/** The live screen, until somebody leaves it. */
async function follow(
  context: Context,
  stack: RunningStack,
  { ui: first, stopped }: { ui: UiState; stopped: AbortSignal },
): Promise<number> {
  const { style } = context.terminal;
  const left = new AbortController();
  let ui = first;
  let frozen: LiveModel | undefined;
  const link = openLiveLink({
    ...{ webUrl: stack.webUrl, token: stack.token, demo: ui.isDemo, nowMs: Date.now },
    onChange: () => undefined,
  });
  const shown = () => frozen ?? link.model();
  const draw = () => {
    const nowMs = Date.now();
    const input = { model: shown(), link: link.state(), ui, nowMs, webUrl: stack.webUrl, style };
    screen.draw(renderScreen({ ...input, size: screen.size() }));
  };
  const tell = (message: string) => {
    ui = { ...ui, message };
    draw();
  };
  const onKey = (key: PressedKey) => {
    const model = shown();
    const at = model && selectedTable({ ui, nowMs: Date.now(), style }, model);
    const pressed = pressKey({ ...ui, row: at?.row ?? 0 }, key, at?.table.sortable ?? []);
    ({ ui } = pressed);
    // From here on the row is that of the call which is in it.
    ui = { ...ui, selected: at?.table.callAt(ui.row) };
    if (pressed.action === 'quit') left.abort();
    if (pressed.action === 'pause') frozen = ui.isPaused ? model : undefined;
    if (pressed.action === 'demo') {
      frozen = undefined;
      ui = { ...ui, isPaused: false };
      link.showDemo(ui.isDemo);
    }
    if (pressed.action === 'ask-cancel') ui = { ...ui, ...askWhether(ui.selected) };
    if (pressed.action === 'cancel') {
      void cancelCall(stack, model, ui.cancelling).then(tell, (error: Error) =>
        tell(error instanceof CliError ? `${error.message} ${error.hint ?? ''}` : error.message),
      );
    }
    draw();
  };
  const screen: Screen = context.openScreen({
    onKey,
    onResize: () => draw(),
    onHangUp: () => left.abort(),
  });
  const timer = setInterval(draw, DRAW_EVERY_MS);
  try {
    draw();
    await whenAborted(AbortSignal.any([stopped, left.signal]));
  } finally {
    clearInterval(timer);
    screen.close();
    link.close();
  }
  return 0;
}

function askWhether(key: string | undefined): Partial<UiState> {
  return key === undefined
    ? { message: 'Select a running call first, in view 1.' }
    : { mode: 'confirm', cancelling: key };
}

async function cancelCall(
  stack: RunningStack,
  model: LiveModel | undefined,
  key: string | undefined,
): Promise<string> {
  const call = [...(model?.active.values() ?? [])].find((one) => callKey(one) === key);
  if (!call) return 'This call has ended.';
  const path = `/api/requests/${encodeURIComponent(call.id)}/cancel?app=${encodeURIComponent(call.app)}`;
  const { body } = await askApi<CancelResult>(stack, path, {
    method: 'POST',
    body: { by: 'terminal' },
  });
  return body.aborted ? `Cancelled ${call.model} of ${call.app}.` : `It goes on: ${body.reason}`;
}
