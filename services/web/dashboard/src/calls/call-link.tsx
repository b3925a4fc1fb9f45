import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

import { useApp, useRoute } from '../app-context.ts';
import { Prompt } from '../components/prompt.tsx';
import { withRequest } from '../routing/route.ts';

/** What was asked, as the way to the call's details. */
export function CallLink({ call }: { call: ActiveRequest | EndedRequest }) {
  const route = useRoute();
  return (
    <a class="call-link" href={withRequest(route, call.id)}>
      <Prompt text={call.prompt} />
    </a>
  );
}

/** A press anywhere in a row opens its call, but for what does something else there. */
export function useRowPress(id: string): (event: MouseEvent) => void {
  const { router } = useApp();
  return (event) => {
    const { target } = event;
    const isOther = target instanceof Element && target.closest('a, button, dialog') !== null;
    const isSelecting = (window.getSelection()?.toString() ?? '') !== '';
    if (!isOther && !isSelecting && event.button === 0) router.openRequest(id);
  };
}
