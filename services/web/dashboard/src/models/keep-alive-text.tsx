import { useApp } from '../app-context.ts';
import { Ticking } from '../components/ticking.tsx';
import { UNKNOWN } from '../format/format.ts';
import { useI18n } from '../i18n/i18n.ts';
import { keepAliveOf } from './keep-alive.ts';

interface KeepAliveTextProps {
  expiresAt: string | null;
  /** seconds that the host's clock is ahead */
  hostSkew: number;
}

/** Counts down to when a model leaves the memory. */
export function KeepAliveText({ expiresAt, hostSkew }: KeepAliveTextProps) {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const text = () => {
    const left = keepAliveOf(expiresAt, feed.shownTimeMs(), hostSkew);
    if (left === null) return UNKNOWN;
    return typeof left === 'number' ? format.uptime(Math.ceil(left)) : t.memory[left];
  };
  const hint = expiresAt ? t.memory.expiresAt(format.dateTime(expiresAt)) : undefined;
  return (
    <span class="keep-alive number" data-testid="keep-alive" title={hint}>
      <Ticking text={text} />
    </span>
  );
}
