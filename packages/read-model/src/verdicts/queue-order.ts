import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { BITS } from '@llm-monitor/contracts/redis';

import type { RunningCall } from './judge-running.ts';

/** Does `other` stand before `call` at the same model of the same machine? */
export function isAhead(other: RunningCall, call: RunningCall): boolean {
  if (other.record.id === call.record.id && other.record.app === call.record.app) return false;
  if (!sharesSlots(other.record, call.record)) return false;
  return isHolding(other) || startedBefore(other.record, call.record);
}

/** It has a slot: it generates, or its prompt is read, or its model is loaded for it. */
export function isHolding({ record, progress }: RunningCall): boolean {
  if (record.bits & BITS.firstToken) return true;
  return progress?.phase === 'prompt' || progress?.phase === 'loading';
}

function startedBefore(one: RequestRecord, other: RequestRecord): boolean {
  return (one.startedAtMs ?? Infinity) < (other.startedAtMs ?? 0);
}

function sharesSlots(one: RequestRecord, other: RequestRecord): boolean {
  return plainModel(one.model) === plainModel(other.model) && machineOf(one) === machineOf(other);
}

/** A call through a proxy has another port than one past it, and on a machine of its own another name. */
function machineOf({ serverAddress, host }: RequestRecord): string {
  const isLocal = serverAddress === undefined || LOOPBACK.test(serverAddress);
  return isLocal ? `host:${host ?? ''}` : `address:${serverAddress}`;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i;

/** Ollama takes `mistral` for `mistral:latest`. */
export function plainModel(model: string): string {
  return model.endsWith(':latest') ? model.slice(0, -':latest'.length) : model;
}
