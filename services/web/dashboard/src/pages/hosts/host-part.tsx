import type { ComponentChildren } from 'preact';

interface HostPartProps {
  title: string;
  note?: string | null | undefined;
  testId?: string;
  children: ComponentChildren;
}

export function HostPart({ title, note, testId, children }: HostPartProps) {
  return (
    <div class="host-part" data-testid={testId}>
      <div class="host-part-head">
        <h4>{title}</h4>
        {note && <span class="panel-note">{note}</span>}
      </div>
      {children}
    </div>
  );
}
