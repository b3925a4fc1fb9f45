import { useI18n } from '../i18n/i18n.ts';
import type { CallPhases, PhaseShare } from './call-phases.ts';

/** One bar from start to end: queue, load, prompt, generation, and where the first token came. */
export function PhaseBar({ phases }: { phases: CallPhases }) {
  const { t, format } = useI18n();
  const { firstTokenPercent } = phases;
  const told = phases.shares.map((share) => `${t.drawer.phases[share.name]} ${textOf(share)}`);
  function textOf({ seconds, percent, isEstimate }: PhaseShare): string {
    const about = isEstimate ? '≈\u00a0' : '';
    return `${about}${format.duration(seconds)} (${format.percent(roundedShare(percent))})`;
  }
  return (
    <div class="phases" data-testid="phase-bar">
      <div class="phase-bar" role="img" aria-label={t.drawer.barOf(told.join(', '))}>
        {phases.shares.map(({ name, percent }) => (
          <span
            key={name}
            class={`phase-part is-${name}`}
            data-phase={name}
            style={{ flexGrow: percent }}
          />
        ))}
        {firstTokenPercent !== null && (
          <span
            class="first-token-mark"
            data-testid="first-token-mark"
            style={{ left: `${firstTokenPercent}%` }}
            title={t.drawer.firstToken}
          />
        )}
      </div>
      <dl class="phase-legend">
        {phases.shares.map((share) => (
          <div key={share.name} title={hintOf(share)}>
            <dt>
              <span class={`phase-swatch is-${share.name}`} />
              {t.drawer.phases[share.name]}
            </dt>
            <dd class="number">
              {share.isEstimate && '≈\u00a0'}
              {format.duration(share.seconds)}{' '}
              <span class="quiet">{format.percent(roundedShare(share.percent))}</span>
            </dd>
          </div>
        ))}
      </dl>
      {!phases.isByServer && <p class="quiet">{t.drawer.unsplit}</p>}
    </div>
  );

  function hintOf({ name }: PhaseShare): string | undefined {
    if (name === 'queue') return t.drawer.queueHint;
    return name === 'rest' ? t.drawer.restHint : undefined;
  }
}

/** Whole percents, but for what would be none. */
function roundedShare(percent: number): number {
  return percent < 1 ? Math.round(percent * 10) / 10 : Math.round(percent);
}
