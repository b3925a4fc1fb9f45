import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { callKey } from '@llm-monitor/contracts/live';
import { useMemo } from 'preact/hooks';

import { useRoute } from '../../app-context.ts';
import { Section } from '../../components/section.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { withRequest } from '../../routing/route.ts';
import { useHistoryTexts } from './history-texts.ts';
import { timelineOf, type TimelineBar } from './session-lanes.ts';

const MOST_CALLS = 300;

interface SessionTimelineProps {
  id: string;
  /** newest first */
  calls: readonly EndedRequest[];
  /** It may have older ones. */
  hasMore: boolean;
}

/** The calls of one session, as they followed each other. */
export function SessionTimeline({ id, calls, hasMore }: SessionTimelineProps) {
  const texts = useHistoryTexts();
  const { format } = useI18n();
  const drawn = useMemo(() => calls.slice(0, MOST_CALLS), [calls]);
  const timeline = useMemo(() => timelineOf(drawn), [drawn]);
  if (!timeline) return null;
  const { bars, lanes, startMs, endMs } = timeline;
  const tokens = drawn.reduce((sum, call) => sum + (call.tokens_generated ?? 0), 0);
  const isPart = hasMore || drawn.length < calls.length;
  const count = format.count(drawn.length);
  return (
    <Section
      title={texts.session(id)}
      note={texts.sessionNote(
        isPart ? texts.newestCalls(count) : texts.calls(count, drawn.length),
        format.duration((endMs - startMs) / 1000),
        format.count(tokens),
      )}
    >
      <ol class="timeline" style={{ '--lanes': lanes }} data-testid="session-timeline">
        {bars.map((bar) => (
          <SessionBar key={callKey(bar.call)} bar={bar} />
        ))}
      </ol>
      <div class="timeline-ends number quiet">
        <span>{format.moment(new Date(startMs).toISOString())}</span>
        <span>{format.moment(new Date(endMs).toISOString())}</span>
      </div>
    </Section>
  );
}

function SessionBar({ bar: { call, left, width, lane } }: { bar: TimelineBar }) {
  const { t, format } = useI18n();
  const route = useRoute();
  const text = [
    call.model,
    t.statuses[call.status],
    format.duration(call.duration),
    call.prompt ?? t.active.noPrompt,
  ].join(' · ');
  return (
    <li
      class={`timeline-bar is-${call.status}`}
      style={{ '--left': `${left}%`, '--width': `${width}%`, '--lane': lane }}
    >
      <a href={withRequest(route, call.id)} title={text} aria-label={text}>
        <span>{call.model}</span>
      </a>
    </li>
  );
}
