import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { useRef, useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { Prompt } from '../components/prompt.tsx';
import { Question } from '../components/question.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { isViewer } from '../rest/access.ts';
import { reasonOf } from '../rest/api.ts';
import { useDeleteTexts } from './delete-texts.ts';

/** Asks before it deletes a call that has ended. */
export function DeleteButton({ call }: { call: EndedRequest }) {
  const texts = useDeleteTexts();
  const [isAsking, setAsking] = useState(false);
  const mayNot = isViewer();
  return (
    <>
      <button
        type="button"
        class="button is-small"
        data-testid="delete-button"
        title={mayNot ? texts.viewer : undefined}
        aria-description={mayNot ? texts.viewer : undefined}
        aria-disabled={mayNot || undefined}
        onClick={() => !mayNot && setAsking(true)}
      >
        {texts.button}
      </button>
      {isAsking && <DeleteDialog call={call} onClose={() => setAsking(false)} />}
    </>
  );
}

function DeleteDialog({ call, onClose }: { call: EndedRequest; onClose: () => void }) {
  const texts = useDeleteTexts();
  const { t } = useI18n();
  const { state, confirm } = useDeletion(call);
  const isPending = state.name === 'pending';
  return (
    <Question
      title={state.name === 'failed' ? texts.failed : texts.title}
      testId="delete-dialog"
      keep={texts.keep}
      confirm={isPending ? texts.pending : texts.confirm}
      isHeld={isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p class="cancel-call">
        <b>{call.model}</b> · {call.app}
        <Prompt text={call.prompt} />
      </p>
      <p role="status">
        {state.name === 'failed'
          ? t.error.said(state.reason)
          : texts[state.name === 'unfinished' ? 'unfinished' : 'consequence']}
      </p>
    </Question>
  );
}

type State = { name: 'asking' | 'pending' | 'unfinished' } | { name: 'failed'; reason: string };

/** Once the call is gone its details are closed; open lists hear of it by themselves. */
function useDeletion({ id, app }: EndedRequest) {
  const { api, router } = useApp();
  const [state, setState] = useState<State>({ name: 'asking' });
  const isBusy = useRef(false);
  const cursor = useRef<string | null>(null);
  const confirm = () => {
    // A second press may come before the first one is drawn.
    if (isBusy.current) return;
    isBusy.current = true;
    setState({ name: 'pending' });
    api
      .deleteRequest({ id, app }, cursor.current)
      .then(
        (answer) => {
          cursor.current = answer.cursor;
          if (answer.done) router.closeRequest();
          else setState({ name: 'unfinished' });
        },
        (error: unknown) => {
          const reason = reasonOf(error);
          setState({ name: 'failed', reason });
        },
      )
      .finally(() => {
        isBusy.current = false;
      });
  };
  return { state, confirm };
}
