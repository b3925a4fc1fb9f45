import type { AnyRequest } from '@llm-monitor/contracts/rest';

import { HideSwitch } from '../components/hide-switch.tsx';
import { useI18n } from '../i18n/i18n.ts';
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
