import type { ComponentChildren } from 'preact';

export function DrawerPart({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="drawer-part" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface FactProps {
  name: string;
  hint?: string | undefined;
  testId?: string;
  /** what is not known is left out where it is only a detail */
  children: ComponentChildren;
}

/** A name and what belongs to it, inside of a `dl`. */
export function Fact({ name, hint, testId, children }: FactProps) {
  return (
    <div title={hint} data-testid={testId}>
      <dt>{name}</dt>
      <dd class="number">{children}</dd>
    </div>
  );
}
