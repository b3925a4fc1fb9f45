import type { ComponentChildren } from 'preact';

interface SectionProps {
  title: string;
  note?: string | undefined;
  /** stands at the far end of the title's line */
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Section({ title, note, aside, children }: SectionProps) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        {note && <span class="panel-note number">{note}</span>}
        {aside}
      </div>
      {children}
    </section>
  );
}
