import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface OwnProps {
  id: string;
  class: string;
  'aria-describedby': string | undefined;
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  isNeeded?: boolean;
  children: (own: OwnProps) => ComponentChildren;
}

/** A field with its name, and what is to be known of it. */
export function FormField({ label, hint, isNeeded, children }: FieldProps) {
  const id = useId();
  return (
    <div class="channel-field">
      <label for={id}>
        {label}
        {isNeeded && ' *'}
      </label>
      {children({
        ...{ id, class: 'rule-input' },
        'aria-describedby': hint ? `${id}-hint` : undefined,
      })}
      {hint && (
        <span id={`${id}-hint`} class="quiet">
          {hint}
        </span>
      )}
    </div>
  );
}
