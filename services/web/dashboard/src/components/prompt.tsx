import { useI18n } from '../i18n/i18n.ts';

/** What was asked: text that came from outside, in whatever script, and nothing but text. */
export function Prompt({ text }: { text: string | null }) {
  const { t } = useI18n();
  if (text === null) return <span class="prompt is-missing">{t.active.noPrompt}</span>;
  return (
    <span class="prompt" dir="auto" title={text}>
      {text}
    </span>
  );
}
