import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  class: string;
  /** id of the element that names it */
  labelledBy: string;
  testId?: string;
  /** It was left: by Escape, by the browser's way back, or by a press beside it. */
  onClose: () => void;
  children: ComponentChildren;
}

/** Above the page, which is out of reach meanwhile. The browser keeps the focus in it, and gives it back. */
export function Dialog({ class: className, labelledBy, testId, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  // What is beside the dialog is its backdrop, and that counts as the dialog itself.
  const pressedBeside = useRef(false);
  return (
    <dialog
      ref={element}
      class={`dialog ${className}`}
      aria-labelledby={labelledBy}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        pressedBeside.current = event.target === element.current;
      }}
      onClick={(event) => {
        if (pressedBeside.current && event.target === element.current) onClose();
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
