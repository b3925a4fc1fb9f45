import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import { Dialog } from './dialog.tsx';

interface QuestionProps {
  title: string;
  /** Its second button is `<testId>-confirm`. */
  testId: string;
  keep: string;
  confirm: string;
  /** There is nothing to be confirmed now. */
  isHeld?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ComponentChildren;
}

/** Asks before something is done that cannot be undone. */
export function Question(props: QuestionProps) {
  const titleId = useId();
  const { testId, isHeld, onConfirm, onClose } = props;
  return (
    <Dialog class="is-question" labelledBy={titleId} testId={testId} onClose={onClose}>
      <h2 id={titleId}>{props.title}</h2>
      {props.children}
      <div class="button-row is-end">
        <button type="button" class="button" onClick={onClose}>
          {props.keep}
        </button>
        <button
          type="button"
          class="button is-danger"
          data-testid={`${testId}-confirm`}
          aria-disabled={isHeld || undefined}
          onClick={() => !isHeld && onConfirm()}
        >
          {props.confirm}
        </button>
      </div>
    </Dialog>
  );
}
