import type { Verdict } from '@llm-monitor/contracts/events';
import type { AnyRequest } from '@llm-monitor/contracts/rest';

import { useApp, useRoute } from '../app-context.ts';
import { Icon } from '../components/icon.tsx';
import { Ticking } from '../components/ticking.tsx';
import { DrawerPart } from '../drawer/drawer-part.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { withRequest } from '../routing/route.ts';
import { VERDICT_ICONS } from './verdict-icon.ts';
import { sayVerdict, useVerdictTexts } from './verdict-texts.ts';

/** Everything that is noteworthy about a call, with its reasons. */
export function CallVerdicts({ call }: { call: AnyRequest }) {
  const { format } = useI18n();
  const { feed } = useApp();
  const texts = useVerdictTexts();
  if (!call.verdicts) return null;
  /** Of a call that ended: until then. */
  const untilMs = () =>
    call.status === 'running' ? (feed.shownTimeMs() ?? 0) : Date.parse(call.ended_at);
  const say = (verdict: Verdict) => {
    const seconds = Math.max(0, untilMs() - Date.parse(verdict.since)) / 1000;
    return sayVerdict(texts.long, verdict, { age: format.age(seconds), format });
  };
  return (
    <DrawerPart title={texts.title}>
      <ul class="verdict-list">
        {call.verdicts.map((verdict) => (
          <li key={verdict.kind} data-testid="call-verdict" data-verdict={verdict.kind}>
            <Icon name={VERDICT_ICONS[verdict.kind]} />
            <span>
              <Ticking text={() => say(verdict)} />
              {verdict.kind === 'queued' && <Holders behind={verdict.reason.behind} />}
            </span>
          </li>
        ))}
      </ul>
    </DrawerPart>
  );
}

function Holders({ behind }: { behind: readonly { id: string; app: string }[] }) {
  const route = useRoute();
  const texts = useVerdictTexts();
  if (behind.length === 0) return null;
  return (
    <span class="verdict-holders">
      {texts.behind}{' '}
      {behind.map(({ id, app }) => (
        <a key={id} href={withRequest(route, id)}>
          {app} {id.slice(0, 8)}
        </a>
      ))}
    </span>
  );
}
