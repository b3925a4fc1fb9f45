import { subjects } from '@llm-monitor/contracts/bus';
import type { HeartbeatData } from '@llm-monitor/contracts/events';
import { createEvent, HEARTBEAT_IDS } from '@llm-monitor/contracts/wire';

/** The heartbeat of an instance: one message for each thousand running calls, and one when there are none. */
export function heartbeatMessages(
  beat: Omit<HeartbeatData, 'runningRequestIds' | 'running'> & { runningRequestIds: string[] },
  options: { atMs: number; number: number },
): { subject: string; payload: string }[] {
  const { runningRequestIds: ids, ...rest } = beat;
  const subject = subjects.heartbeat(beat.app, beat.instance);
  const parts = Math.max(1, Math.ceil(ids.length / HEARTBEAT_IDS));
  return Array.from({ length: parts }, (_, part) => {
    const data: HeartbeatData = {
      ...rest,
      runningRequestIds: ids.slice(part * HEARTBEAT_IDS, (part + 1) * HEARTBEAT_IDS),
      running: ids.length,
    };
    const event = createEvent({
      id: `${beat.instance}:heartbeat:${options.number}:${part}`,
      source: `/apps/${beat.app}/instances/${beat.instance}`,
      type: 'llm.app.heartbeat.v1',
      time: new Date(options.atMs).toISOString(),
      subject,
      data,
    });
    return { subject, payload: JSON.stringify(event) };
  });
}

/**
 * What is said of an app now. The program of a connection always beats. An app that only passes through, as all do that a proxy sees,
 * beats while it has calls, then says once that it ends: its silence afterwards is no alarm.
 */
export function beatOf(app: {
  isProgram: boolean;
  running: number;
  isGreeted: boolean;
}): 'beat' | 'last' | 'none' {
  if (app.isProgram || app.running > 0) return 'beat';
  return app.isGreeted ? 'last' : 'none';
}
