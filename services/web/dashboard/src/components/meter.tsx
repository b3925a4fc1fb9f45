interface MeterProps {
  label: string;
  /** of 0–100; null is unknown, and draws nothing */
  percent: number | null;
  /** what the bar means, in words */
  text: string;
  hint?: string | undefined;
  /** a share, of which the whole is no cause for alarm */
  isShare?: boolean;
}

/** How much of something is taken: its name, the figure, and a bar. */
export function Meter({ label, percent, text, hint, isShare = false }: MeterProps) {
  const shown = percent === null ? null : Math.min(100, Math.max(0, percent));
  return (
    <div class="meter" title={hint}>
      <span class="meter-label">{label}</span>
      <span class="meter-text number">{text}</span>
      <div
        class={`meter-bar ${shown !== null && shown >= 90 && !isShare ? 'is-high' : ''}`}
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={shown === null ? undefined : Math.round(shown)}
        aria-valuetext={text}
      >
        {shown !== null && <span class="meter-fill" style={{ width: `${shown}%` }} />}
      </div>
    </div>
  );
}
