import type { ComponentChildren } from 'preact';

interface SectionProps {
  title: string;
  note?: string | undefined;
  children: ComponentChildren;
}

export function Section({ title, note, children }: SectionProps) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        {note && <span class="panel-note number">{note}</span>}
      </div>
      {children}
    </section>
  );
}
