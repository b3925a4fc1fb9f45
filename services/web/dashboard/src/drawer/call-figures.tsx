import type { AnyRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import { UNKNOWN } from '../format/format.ts';
import { useI18n } from '../i18n/i18n.ts';
import { DrawerPart, Fact } from './drawer-part.tsx';

const about = (text: string, isEstimate: boolean) =>
  isEstimate && text !== UNKNOWN ? `≈\u00a0${text}` : text;

/** Tokens, their rate, and what the server took meanwhile. */
export function CallFigures({ call }: { call: AnyRequest }) {
  const { t, format } = useI18n();
  const isRunning = call.status === 'running';
  const isEstimate = isRunning || call.tokens_source === 'estimate';
  const rate = format.rate(call.tokens_per_second);
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
            {rate === UNKNOWN ? rate : `${about(rate, isEstimate)}\u00a0${t.columns.rate}`}
          </Fact>
          {!isRunning && <Fact name={t.drawer.finish}>{call.finish_reason ?? UNKNOWN}</Fact>}
        </dl>
      </DrawerPart>
      {!isRunning && <Resources resources={call.resources} />}
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
