import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import { Badge } from '../components/badge.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { RunningBadge } from './running-badge.tsx';

interface CallBadgeProps {
  call: ActiveRequest | EndedRequest;
  /** It runs no more, though how it ended is not known yet. */
  hasEnded?: boolean;
}

/** How a call ended, or which phase it is in and, where the server tells, how much of the prompt it has read. */
export function CallBadge({ call, hasEnded = false }: CallBadgeProps) {
  const { t } = useI18n();
  if (call.status !== 'running')
    return <Badge state={call.status} word={t.statuses[call.status]} />;
  if (hasEnded) return <Badge state="waiting" word={t.active.ended} />;
  return <RunningBadge call={call} />;
}
