import type { CancelCommand, CancelReply } from '@llm-monitor/contracts/events';

const MAX_BY = 128;

/** Answers a cancel command, whatever was sent. `cancel` is undefined when no such call runs. */
export function answerCancelCommand(
  payload: string,
  cancel: (requestId: string, by: string) => CancelReply | undefined,
): CancelReply {
  const command = readCommand(payload);
  if (!command) return { aborted: false, reason: 'The command must be {"requestId", "by"}.' };
  try {
    return (
      cancel(command.requestId, command.by) ?? {
        aborted: false,
        reason: 'No such call runs here; it may have ended just now.',
      }
    );
  } catch (error) {
    return { aborted: false, reason: `Aborting failed: ${String(error)}`.slice(0, 1024) };
  }
}

function readCommand(payload: string): CancelCommand | undefined {
  try {
    const { requestId, by } = JSON.parse(payload) as Record<string, unknown>;
    if (typeof requestId !== 'string' || typeof by !== 'string') return undefined;
    return { requestId, by: by.slice(0, MAX_BY) || 'unknown' };
  } catch {
    return undefined;
  }
}
