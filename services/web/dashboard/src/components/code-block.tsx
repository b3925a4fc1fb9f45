import { useRef, useState } from 'preact/hooks';

import { useI18n } from '../i18n/i18n.ts';
import { Icon } from './icon.tsx';

const SHOWN_MS = 2500;

/** Code to be copied. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  const { t } = useI18n();
  const [result, setResult] = useState<'copied' | 'copyFailed' | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = (what: 'copied' | 'copyFailed') => {
    setResult(what);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setResult(null), SHOWN_MS);
  };
  // Only pages from a trusted origin have a clipboard: not one on another machine over plain http.
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      tell('copied');
    } catch {
      tell('copyFailed');
    }
  };
  return (
    <div class="code-block">
      <pre tabIndex={0} aria-label={label}>
        <code>{code}</code>
      </pre>
      <button type="button" class="button is-small" onClick={() => void copy()}>
        <Icon name={result === 'copied' ? 'check' : 'copy'} />
        {t.empty[result ?? 'copy']}
      </button>
    </div>
  );
}
