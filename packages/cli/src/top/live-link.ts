import type { Frame, Hello, Resume, Snapshot } from '@llm-monitor/contracts/live';
import { io, type Socket } from 'socket.io-client';

import { followFrame, fromSnapshot, type LiveModel } from './live-model.ts';

/** How the line is: what is shown may be old unless it is `live`. */
export interface LinkState {
  phase: 'connecting' | 'live' | 'reconnecting';
  /** When the server was last heard, ms since 1970. */
  heardAtMs: number | undefined;
  /** What the last failure said. */
  fault: string | undefined;
}

/** One who follows the web service as a dashboard does. */
export interface LiveLink {
  model(): LiveModel | undefined;
  state(): LinkState;
  /** Shows demo traffic alone, or none of it. */
  showDemo(demo: boolean): void;
  close(): void;
}

const LONGEST_WAIT_MS = 5000;

export function openLiveLink(options: {
  webUrl: string;
  token: string | undefined;
  demo: boolean;
  nowMs(): number;
  onChange(): void;
}): LiveLink {
  const { webUrl, token, nowMs, onChange } = options;
  const { origin, pathname } = new URL(webUrl);
  let { demo } = options;
  let model: LiveModel | undefined;
  const state: LinkState = { phase: 'connecting', heardAtMs: undefined, fault: undefined };
  const hello = (): Hello => ({ demo, ...(model ? { resume: placeOf(model) } : {}) });
  const socket: Socket = io(origin, {
    path: `${pathname.replace(/\/+$/, '')}/socket.io`,
    transports: ['websocket'],
    reconnectionDelayMax: LONGEST_WAIT_MS,
    auth: (tell) => tell({ ...hello() }),
    ...(token ? { extraHeaders: { authorization: `Bearer ${token}` } } : {}),
  });
  const heard = () => {
    state.phase = 'live';
    state.heardAtMs = nowMs();
    state.fault = undefined;
  };
  socket.on('snapshot', (snapshot: Snapshot) => {
    heard();
    model = fromSnapshot(snapshot, nowMs());
    onChange();
  });
  socket.on('frame', (frame: Frame) => {
    heard();
    if (!model) return;
    const applied = followFrame(model, frame, nowMs());
    model = applied.model;
    if (applied.verdict === 'gap' || applied.verdict === 'other-epoch')
      socket.emit('resume', placeOf(model));
    onChange();
  });
  const lost = (fault: string | undefined) => {
    state.phase = model ? 'reconnecting' : 'connecting';
    state.fault = fault;
    onChange();
  };
  socket.on('connect_error', (error) => lost(explain(error)));
  socket.on('disconnect', (reason) => {
    lost(reason);
    // The server says that it ends: the library does not come back by itself then.
    if (reason === 'io server disconnect') socket.connect();
  });
  return {
    model: () => model,
    state: () => ({ ...state }),
    showDemo(wanted) {
      demo = wanted;
      if (socket.connected) socket.emit('watch', { demo });
    },
    close: () => void socket.disconnect(),
  };
}

function placeOf({ epoch, pos }: LiveModel): Resume {
  return { epoch, pos };
}

/** A refusal comes as the status of the upgrade, in what caused the error. */
function explain(error: Error & { description?: { message?: string }; context?: unknown }): string {
  return error.description?.message ?? error.message;
}
