import type { Phase } from '@llm-monitor/contracts/events';
import type { EndedRequest } from '@llm-monitor/contracts/rest';

import { Icon } from './icon.tsx';

/** A state as icon, word and colour: any one of them is enough. */
export function Badge({ state, word }: { state: Phase | EndedRequest['status']; word: string }) {
  return (
    <span class={`badge is-${state}`}>
      <Icon name={state} />
      <span class="badge-word">{word}</span>
    </span>
  );
}
