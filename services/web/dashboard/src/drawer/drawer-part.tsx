import type { ComponentChildren } from 'preact';

interface DrawerPartProps {
  title: string;
  /** what can be done with it */
  action?: ComponentChildren;
  children: ComponentChildren;
}

export function DrawerPart({ title, action, children }: DrawerPartProps) {
  return (
    <section class="drawer-part" aria-label={title}>
      <div class="drawer-part-head">
        <h3>{title}</h3>
        {action}
      </div>
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
