import { callKey } from '@llm-monitor/contracts/live';
import type { ActiveRequest, AnyRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import { useApp } from '../app-context.ts';
import { Spark } from '../components/spark.tsx';
import { useTicked } from '../components/use-ticked.ts';
import { UNKNOWN } from '../format/format.ts';
import { useI18n } from '../i18n/i18n.ts';
import { SPARK_POINTS } from '../live/token-watch.ts';
import { DrawerPart, Fact } from './drawer-part.tsx';

const about = (text: string, isEstimate: boolean) =>
  isEstimate && text !== UNKNOWN ? `≈\u00a0${text}` : text;

/** Tokens, their rate, and what the server took meanwhile. */
export function CallFigures({ call }: { call: AnyRequest }) {
  const { t, format } = useI18n();
  const isRunning = call.status === 'running';
  const isEstimate = isRunning || call.tokens_source === 'estimate';
  const rated = (text: string) =>
    text === UNKNOWN ? text : `${about(text, isEstimate)}\u00a0${t.columns.rate}`;
  return (
    <>
      <DrawerPart title={t.drawer.figures}>
        <dl class="facts is-figures">
          <Fact name={t.drawer.tokensIn}>
            {isRunning ? UNKNOWN : format.count(call.tokens_input)}
          </Fact>
          <Fact name={t.drawer.tokensOut} testId="drawer-tokens">
            {about(format.count(call.tokens_generated), isEstimate)}
          </Fact>
          <Fact name={t.drawer.rate}>
            {call.status === 'running' ? (
              <RateNow call={call} />
            ) : (
              rated(format.rate(call.tokens_per_second))
            )}
          </Fact>
          {!isRunning && <Fact name={t.drawer.finish}>{call.finish_reason ?? UNKNOWN}</Fact>}
        </dl>
      </DrawerPart>
      {!isRunning && <Resources resources={call.resources} />}
    </>
  );
}

/** How fast it is, and was in the last moments. */
function RateNow({ call }: { call: ActiveRequest }) {
  const { t, format } = useI18n();
  const { tokens } = useApp().feed;
  const rate = useTicked(() => tokens.rateOf(call));
  return (
    <>
      {format.rateNow(rate)} {rate !== null && t.columns.rate}{' '}
      <Spark values={() => tokens.ratesOf(callKey(call))} points={SPARK_POINTS} />
    </>
  );
}

function Resources({ resources }: { resources: EndedRequest['resources'] }) {
  const { t, format } = useI18n();
  const cpu = resources?.cpu_percent ?? null;
  return (
    <DrawerPart title={t.drawer.resources}>
      {resources ? (
        <dl class="facts is-figures" data-testid="call-resources">
          <Fact name={t.drawer.cpu} hint={t.hosts.coreHint}>
            {cpu === null ? UNKNOWN : t.hosts.cores(format.cores(cpu), cpu === 100 ? 1 : 2)}
          </Fact>
          <Fact name={t.drawer.memory}>{format.bytes(resources.memory_bytes)}</Fact>
        </dl>
      ) : (
        <p class="quiet">{t.drawer.resourcesUnknown}</p>
      )}
    </DrawerPart>
  );
}
