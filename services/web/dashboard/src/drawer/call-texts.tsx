import type { AnyRequest } from '@llm-monitor/contracts/rest';

import { useApp } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { useStore } from '../store/use-store.ts';
import { DrawerPart } from './drawer-part.tsx';

/** What was asked and answered: text from outside, and nothing but text. */
export function CallTexts({ call }: { call: AnyRequest }) {
  const { t, format } = useI18n();
  const isCut = call.prompt !== null && (call.prompt_chars ?? 0) > call.prompt.length;
  return (
    <>
      <DrawerPart title={t.drawer.prompt} action={<HideSwitch />}>
        <CapturedText text={call.prompt} missing={t.active.noPrompt} />
        {isCut && <p class="quiet">{t.drawer.chars(format.count(call.prompt_chars))}</p>}
      </DrawerPart>
      {call.status !== 'running' && (
        <DrawerPart title={t.drawer.response}>
          <CapturedText
            text={call.response}
            missing={hasOutput(call) ? t.drawer.noResponse : '—'}
          />
        </DrawerPart>
      )}
    </>
  );
}

/** Prompts and answers, here and in all rows: for a screen that others see. */
function HideSwitch() {
  const { t } = useI18n();
  const { preferences } = useApp();
  const isHidden = useStore(preferences, ({ texts }) => texts === 'hidden');
  const press = () =>
    preferences.update((before) => ({ ...before, texts: isHidden ? 'shown' : 'hidden' }));
  return (
    <button type="button" class="button is-small" onClick={press}>
      {isHidden ? t.drawer.showTexts : t.drawer.hideTexts}
    </button>
  );
}

/** One that failed before its first token has no response that could have been captured. */
const hasOutput = (call: AnyRequest) =>
  call.status === 'completed' || call.tokens_generated !== null;

function CapturedText({ text, missing }: { text: string | null; missing: string }) {
  if (text === null) return <p class="quiet">{missing}</p>;
  return (
    <p class="captured" dir="auto">
      {text}
    </p>
  );
}
