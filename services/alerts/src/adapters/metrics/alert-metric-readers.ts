import type { AlertMetricReader } from './alert-metric-reader.ts';
import { collectLag, waitingEvents } from './backlog.ts';
import { botDown, botSilent } from './bots.ts';
import { droppedEvents, droppedRequests } from './dropped.ts';
import { heartbeatAge } from './heartbeat-age.ts';
import { hostSilent } from './host-silent.ts';
import { deadLetters, lostEvents } from './losses.ts';
import { modelGone } from './model-gone.ts';
import { serverUnreachable } from './server-unreachable.ts';
import { unseenActivity } from './unseen-activity.ts';
import {
  callsLooping,
  callsQueued,
  callsRunaway,
  callsStalled,
  possibleTruncations,
} from './verdicts.ts';
import { vramSpill } from './vram-spill.ts';

/** How each metric is read that only alerts have: one line each. */
export const ALERT_METRIC_READERS: readonly AlertMetricReader[] = [
  heartbeatAge,
  hostSilent,
  serverUnreachable,
  modelGone,
  vramSpill,
  unseenActivity,
  waitingEvents,
  collectLag,
  droppedEvents,
  droppedRequests,
  lostEvents,
  deadLetters,
  callsStalled,
  callsLooping,
  callsRunaway,
  callsQueued,
  possibleTruncations,
  botDown,
  botSilent,
];
