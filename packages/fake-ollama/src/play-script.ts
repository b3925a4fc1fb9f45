import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';

import { answerLines, finalLine, wholeAnswer, type Inference } from './inference-lines.ts';
import { createLineWriter } from './line-writer.ts';
import type { ReceivedRequest } from './received-request.ts';
import type { Fault } from './script.ts';

/** One answer being given. `signal` aborts when the client leaves or the server closes. */
export interface Play {
  inference: Inference;
  stream: boolean;
  response: ServerResponse;
  request: ReceivedRequest;
  signal: AbortSignal;
}

/** Answers one inference as its script says. */
export async function playScript(play: Play): Promise<void> {
  const { response, signal } = play;
  const { script } = play.inference;
  const startMs = performance.now();
  await script.after;
  await pause(script.headersDelayMs, signal);
  const { fault } = script;
  if (fault?.kind === 'http') return refuse(response, fault);
  if ((fault?.kind === 'reset' || fault?.kind === 'hang') && fault.afterLines === undefined) {
    return breakOff(fault, response, signal);
  }
  if (play.stream) return streamAnswer(play, startMs);
  await pause(
    (script.firstTokenDelayMs ?? 0) +
      (script.tokenDelayMs ?? 0) * answerLines(play.inference).length,
    signal,
  );
  if (fault?.kind === 'error-line') return sendJson(response, 500, { error: fault.error });
  const text =
    script.finalText ?? JSON.stringify(wholeAnswer(play.inference, performance.now() - startMs));
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  if (!fault) response.end(text);
  else {
    // A body that was promised in full and is cut in its middle.
    response.write(text.slice(0, text.length / 2));
    await breakOff(fault, response, signal);
  }
}

/** Sends a JSON object as Ollama does. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function streamAnswer(play: Play, startMs: number): Promise<void> {
  const { inference, response, request, signal } = play;
  const { script } = inference;
  const { fault } = script;
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  await pause(script.firstTokenDelayMs, signal);
  const writer = createLineWriter(response, script.chunking ?? { lines: 1 }, signal);
  const lines = answerLines(inference);
  const until = fault && 'afterLines' in fault ? (fault.afterLines ?? 0) : fault ? 0 : lines.length;
  for (const [index, line] of lines.slice(0, until).entries()) {
    if (index > 0) await pause(script.tokenDelayMs, signal);
    await writer.write(`${JSON.stringify(line)}\n`);
    request.linesSent += 1;
  }
  if (!fault) {
    const text =
      script.finalText ?? JSON.stringify(finalLine(inference, performance.now() - startMs));
    await writer.write(script.withoutLastNewline ? text : `${text}\n`);
    request.linesSent += 1;
  }
  if (fault?.kind === 'error-line') {
    await writer.write(`${JSON.stringify({ error: fault.error })}\n`);
  }
  await writer.flush();
  if (fault) await breakOff(fault, response, signal);
  else response.end();
}

async function breakOff(fault: Fault, response: ServerResponse, signal: AbortSignal) {
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  else if (fault.kind === 'hang') await pause(2 ** 31 - 1, signal);
  else response.end();
}

function refuse(response: ServerResponse, fault: Extract<Fault, { kind: 'http' }>): void {
  if (fault.body === undefined) {
    sendJson(response, fault.status, { error: fault.error ?? 'the server refused' });
    return;
  }
  response.writeHead(fault.status, { 'content-type': fault.contentType ?? 'text/plain' });
  response.end(fault.body);
}

async function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms) await setTimeout(ms, undefined, { signal });
}
