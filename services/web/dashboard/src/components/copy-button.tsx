import { useRef, useState } from 'preact/hooks';

import { useI18n } from '../i18n/i18n.ts';
import { Icon } from './icon.tsx';

const SHOWN_MS = 2500;

interface CopyButtonProps {
  text: string;
  /** what it copies, where that cannot be seen beside it */
  label?: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
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
      await navigator.clipboard.writeText(text);
      tell('copied');
    } catch {
      tell('copyFailed');
    }
  };
  return (
    <button type="button" class="button is-small" onClick={() => void copy()}>
      <Icon name={result === 'copied' ? 'check' : 'copy'} />
      {result === null ? (label ?? t.copy) : t[result]}
    </button>
  );
}
