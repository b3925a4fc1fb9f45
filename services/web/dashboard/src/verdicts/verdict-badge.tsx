import type { Verdict } from '@llm-monitor/contracts/events';
import { useId } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { Icon } from '../components/icon.tsx';
import { Ticking } from '../components/ticking.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { VERDICT_ICONS } from './verdict-icon.ts';
import { sayVerdict, useVerdictTexts } from './verdict-texts.ts';

/** What is most noteworthy about a running call, with its number; a press, or the pointer above it, tells the reason. */
export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { format } = useI18n();
  const { feed } = useApp();
  const texts = useVerdictTexts();
  const hintId = useId();
  const age = () => {
    const nowMs = feed.shownTimeMs();
    return format.age(nowMs === null ? 0 : (nowMs - Date.parse(verdict.since)) / 1000);
  };
  const say = (of: 'short' | 'long') => sayVerdict(texts[of], verdict, { age: age(), format });
  return (
    <>
      <button
        type="button"
        class={`badge is-verdict is-${verdict.kind}`}
        popovertarget={hintId}
        aria-describedby={hintId}
        title={say('long')}
        data-testid="verdict"
        data-verdict={verdict.kind}
      >
        <Icon name={VERDICT_ICONS[verdict.kind]} />
        <Ticking class="badge-word" text={() => say('short')} />
      </button>
      <span id={hintId} class="verdict-hint" popover="auto" role="tooltip" onBeforeToggle={place}>
        <Ticking text={() => say('long')} />
      </span>
    </>
  );
}

const MARGIN_PX = 8;

/** Below its badge: a popover stands in the middle of the page by itself. */
function place({ currentTarget: hint }: { currentTarget: HTMLElement }): void {
  const badge = hint.previousElementSibling?.getBoundingClientRect();
  if (!badge) return;
  hint.style.top = `${badge.bottom + MARGIN_PX / 2}px`;
  hint.style.left = `${Math.max(MARGIN_PX, badge.left)}px`;
}
