import { useState } from 'preact/hooks';

import { Question } from '../../components/question.tsx';

interface DeleteQuestionProps {
  /** Of what is deleted. */
  name: string;
  texts: Record<'removeTitle' | 'removeConsequence' | 'keep' | 'remove', string>;
  testId: string;
  remove: () => Promise<unknown>;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before a rule or a channel is deleted, and stays with the reason where that fails. */
export function DeleteQuestion({ name, texts, remove, onDeleted, ...rest }: DeleteQuestionProps) {
  const [fault, setFault] = useState('');
  return (
    <Question
      {...rest}
      title={texts.removeTitle}
      keep={texts.keep}
      confirm={texts.remove}
      onConfirm={() => void remove().then(onDeleted, (error: Error) => setFault(error.message))}
    >
      <p class="cancel-call">
        <b>{name}</b>
      </p>
      <p role="status">{fault || texts.removeConsequence}</p>
    </Question>
  );
}
