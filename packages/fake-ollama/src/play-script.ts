import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';

import { createBodyWriter } from './body-writer.ts';
import type { Dialect, Inference } from './dialect.ts';
import type { ReceivedRequest } from './received-request.ts';
import { saidPieces } from './said.ts';
import type { Fault } from './script.ts';

/** One answer being given. `signal` aborts when the client leaves or the server closes. */
export interface Play {
  dialect: Dialect;
  inference: Inference;
  stream: boolean;
  response: ServerResponse;
  request: ReceivedRequest;
  signal: AbortSignal;
}

/** Answers one inference as its script says. */
export async function playScript(play: Play): Promise<void> {
  const { dialect, inference, response, signal } = play;
  const { script } = inference;
  const startMs = performance.now();
  await script.after;
  await pause(script.headersDelayMs, signal);
  const { fault } = script;
  if (fault?.kind === 'http') return refuse(play, fault);
  if ((fault?.kind === 'reset' || fault?.kind === 'hang') && fault.afterLines === undefined) {
    return breakOff(fault, response, signal);
  }
  if (play.stream) return streamAnswer(play, startMs);
  await pause(
    (script.firstTokenDelayMs ?? 0) + (script.tokenDelayMs ?? 0) * saidPieces(script).length,
    signal,
  );
  if (fault?.kind === 'error-line') {
    return sendJson(response, 500, dialect.refusal(500, fault.error));
  }
  return giveWhole(play, startMs);
}

/** Sends a JSON object as Ollama does. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function giveWhole(play: Play, startMs: number): Promise<void> {
  const { dialect, inference, response, signal } = play;
  const { script } = inference;
  const { fault } = script;
  const text =
    script.finalText ?? JSON.stringify(dialect.whole(inference, performance.now() - startMs));
  writeHead(play, 'application/json; charset=utf-8');
  const writer = createBodyWriter(response, { gzip: script.gzip ?? false, signal });
  // A body that was promised in full and is cut in its middle.
  await writer.write(fault ? text.slice(0, text.length / 2) : text);
  await writer.flush();
  if (fault?.kind === 'reset' || fault?.kind === 'hang') await breakOff(fault, response, signal);
  else writer.end();
}

async function streamAnswer(play: Play, startMs: number): Promise<void> {
  const { dialect, inference, response, request, signal } = play;
  const { script } = inference;
  const { fault } = script;
  writeHead(play, dialect.streamType);
  response.flushHeaders();
  await pause(script.firstTokenDelayMs, signal);
  const { chunking, gzip = false } = script;
  const writer = createBodyWriter(response, { ...(chunking ? { chunking } : {}), gzip, signal });
  const lines = dialect.lines(inference);
  const until = fault && 'afterLines' in fault ? (fault.afterLines ?? 0) : fault ? 0 : lines.length;
  for (const [index, line] of lines.slice(0, until).entries()) {
    if (index > 0) await pause(script.tokenDelayMs, signal);
    await writer.write(line);
    request.linesSent += 1;
  }
  if (!fault) {
    const scripted = script.finalText === undefined ? undefined : `${script.finalText}\n`;
    const text = scripted ?? dialect.ending(inference, performance.now() - startMs);
    await writer.write(script.withoutLastNewline ? text.trimEnd() : text);
    request.linesSent += 1;
  }
  if (fault?.kind === 'error-line') await writer.write(dialect.errorLine(fault.error));
  await writer.flush();
  if (fault?.kind === 'reset' || fault?.kind === 'hang') await breakOff(fault, response, signal);
  else writer.end();
}

function writeHead({ inference, response }: Play, contentType: string): void {
  const { gzip } = inference.script;
  response.writeHead(200, {
    'content-type': contentType,
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  });
}

async function breakOff(
  fault: Extract<Fault, { kind: 'reset' | 'hang' }>,
  response: ServerResponse,
  signal: AbortSignal,
) {
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  else await pause(2 ** 31 - 1, signal);
}

function refuse(play: Play, fault: Extract<Fault, { kind: 'http' }>): void {
  const { dialect, response } = play;
  for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
  if (fault.body === undefined) {
    const body = dialect.refusal(fault.status, fault.error ?? 'the server refused');
    sendJson(response, fault.status, body);
    return;
  }
  response.writeHead(fault.status, { 'content-type': fault.contentType ?? 'text/plain' });
  response.end(fault.body);
}

async function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms) await setTimeout(ms, undefined, { signal });
}
