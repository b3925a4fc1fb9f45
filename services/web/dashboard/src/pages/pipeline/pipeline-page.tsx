import type { Pipeline } from '@llm-monitor/contracts/rest';

import { useApp } from '../../app-context.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { useAnswer } from '../../rest/use-answer.ts';
import { DeadLetters } from './dead-letters.tsx';
import { usePipelineTexts } from './pipeline-texts.ts';
import { StreamTable } from './stream-table.tsx';
import '../../styles/pages.css';

const EVERY_MS = 2000;

const ICONS = {
  ok: 'completed',
  behind: 'timeout',
  stalled: 'error',
  unknown: 'stale',
} as const satisfies Record<Pipeline['status'], IconName>;

/** Where events wait, where some were lost, and what could not be used. */
export function PipelinePage() {
  const texts = usePipelineTexts();
  const { api } = useApp();
  const { value: pipeline, fault } = useAnswer('pipeline', EVERY_MS, api.readPipeline);
  return (
    <>
      <Section title={texts.title}>
        {fault !== null && (
          <p class="notice is-warning" role="alert">
            <Icon name="error" />
            <span>{texts.fault(fault)}</span>
          </p>
        )}
        {pipeline ? <Verdict pipeline={pipeline} /> : fault === null && <SkeletonRows rows={2} />}
      </Section>
      {pipeline && (
        <>
          <Section title={texts.streams}>
            {pipeline.streams ? (
              <StreamTable streams={pipeline.streams} />
            ) : (
              <p class="nothing">{texts.streamsUnknown}</p>
            )}
          </Section>
          <Losses pipeline={pipeline} />
          <DeadLetters kept={pipeline.dead_letters} />
        </>
      )}
    </>
  );
}

function Verdict({ pipeline }: { pipeline: Pipeline }) {
  const texts = usePipelineTexts();
  const { format } = useI18n();
  const { status, detail, collectors } = pipeline;
  const online = collectors.filter((each) => each.online).length;
  return (
    <div class={`pipeline-verdict is-${status}`} data-testid="pipeline-verdict" data-state={status}>
      <span class="pipeline-state">
        <Icon name={ICONS[status]} />
        {texts.states[status]}
      </span>
      <span class="quiet number">
        {texts.collectors(format.count(online), format.count(collectors.length))}
      </span>
      {detail !== null && <p class="pipeline-detail">{detail}</p>}
    </div>
  );
}

function Losses({ pipeline }: { pipeline: Pipeline }) {
  const texts = usePipelineTexts();
  const { format } = useI18n();
  const { shed, dropped_events: dropped, dropped_requests: calls } = pipeline;
  const gone = shed.retention + shed.max_requests + shed.memory;
  const rows = [
    { title: texts.lost, value: pipeline.lost_events, hint: texts.lostHint, isBad: true },
    {
      title: texts.dropped,
      value: dropped,
      hint: texts.droppedHint(format.count(calls), calls),
      isBad: true,
    },
    { title: texts.shed, value: gone, hint: texts.shedHint, isBad: false },
  ];
  return (
    <Section title={texts.losses}>
      <dl class="pipeline-losses">
        {rows.map(({ title, value, hint, isBad }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <span class={`number ${isBad && value > 0 ? 'is-fault' : ''}`}>
                {format.count(value)}
              </span>
              <span class="quiet">{hint}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
