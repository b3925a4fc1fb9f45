import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

import type { Frame, Snapshot } from '@llm-monitor/contracts/live';
import { Server } from 'socket.io';

import { freePort } from './free-port.ts';
import { projectRoot } from './project-root.ts';

const DIST = join(projectRoot(), 'services/web/dashboard/dist');
const TYPES: Readonly<Record<string, string>> = {
  ...{ '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' },
};

const FONT_STYLE = `<style>
${[400, 600, 700].map((weight) => `@font-face { font-family: Measured; font-weight: ${weight}; src: url(/font/inter-latin-${weight}-normal.woff2); }`).join('\n')}
:root { --font: Measured; --font-mono: Measured; }
</style>`;

/** What a web service sent: a snapshot, and the frames behind it with when they came, ms. */
export interface Recording {
  snapshot: Snapshot;
  frames: readonly { atMs: number; frame: Frame }[];
  ops: number;
}

/** The built dashboard and a socket that plays a recording, and nothing else. */
export interface Replay {
  url: string;
  snapshot: Snapshot;
  /** Plays the frames from the beginning to all that are there, at their own pace. */
  play(): Promise<void>;
  /** Sends one frame without a place in the sequence. */
  send(ops: Frame['ops']): void;
  /** Ends all connections, and takes no new ones until `pickUp`. */
  hangUp(): void;
  pickUp(): void;
  close(): Promise<void>;
}

interface ReplayOptions {
  /** What the API answers, by path; else 503. */
  answers?: Readonly<Record<string, unknown>>;
  /** The server's time stands still at that of the snapshot. */
  standsStill?: boolean;
  /** Folder of a font that all texts are set in, so that they are as wide on every machine. */
  fontFolder?: string;
}

export async function startReplay(
  recording: Recording,
  options: ReplayOptions = {},
): Promise<Replay> {
  const { answers = {}, standsStill = false, fontFolder } = options;
  const { snapshot, frames } = recording;
  const page = readFileSync(join(DIST, 'index.html'), 'utf8')
    .replaceAll('="./', '="/')
    .replace('<html ', '<html data-base="" ')
    .replace('</head>', `${fontFolder === undefined ? '' : FONT_STYLE}</head>`);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://replay').pathname;
    if (path.startsWith('/assets/')) {
      response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
      createReadStream(join(DIST, path)).pipe(response);
    } else if (path.startsWith('/font/') && fontFolder !== undefined) {
      createReadStream(join(fontFolder, path.slice('/font/'.length))).pipe(response);
    } else if (path.startsWith('/api/')) {
      const answer = answers[path];
      response.statusCode = answer === undefined ? 503 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer ?? { title: 'Not recorded' }));
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page);
    }
  });
  const sockets = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
  let position = snapshot.pos;
  const now = () => (standsStill ? snapshot.serverTime : Date.now());
  let isAway = false;
  sockets.use((_socket, next) => next(isAway ? new Error('away') : undefined));
  sockets.on('connection', (socket) => {
    position = snapshot.pos;
    socket.emit('snapshot', { ...snapshot, serverTime: now() });
  });
  const beat = setInterval(() => emit([]), 2000);
  const emit = (ops: Frame['ops']) => {
    const frame = { epoch: snapshot.epoch, pos: position, prev: position };
    sockets.emit('frame', { ...frame, serverTime: now(), ops });
  };
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    snapshot,
    async play() {
      const began = performance.now();
      for (const { atMs, frame } of frames) {
        const waitMs = atMs - (performance.now() - began);
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
        position = frame.pos;
        sockets.emit('frame', { ...frame, serverTime: now() });
      }
    },
    send: emit,
    hangUp() {
      isAway = true;
      sockets.disconnectSockets(true);
    },
    pickUp() {
      isAway = false;
    },
    async close() {
      clearInterval(beat);
      await sockets.close();
    },
  };
}
