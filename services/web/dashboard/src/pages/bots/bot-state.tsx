import type { Bot } from '@llm-monitor/contracts/rest';

import { Icon, type IconName } from '../../components/icon.tsx';
import { useBotTexts, type BotTexts } from './bot-texts.ts';

const LOOKS = {
  running: ['completed', 'live'],
  paused: ['timeout', 'paused'],
  stopped: ['cancelled', 'cancelled'],
  reload_config: ['timeout', 'reconnecting'],
  unknown: ['timeout', 'stale'],
  down: ['failed', 'error'],
} as const satisfies Record<keyof BotTexts['states'], readonly [tone: string, icon: IconName]>;

/** A bot's state as icon, word and colour. */
export function BotState({ bot }: { bot: Bot }) {
  const texts = useBotTexts();
  const state = stateOf(bot);
  const [tone, icon] = LOOKS[state];
  // What a newer Freqtrade calls it is better than nothing.
  const word = state === 'unknown' && bot.state ? bot.state : texts.states[state];
  return (
    <span class={`badge is-${tone}`} data-state={state}>
      <Icon name={icon} />
      <span class="badge-word">{word}</span>
    </span>
  );
}

function stateOf({ online, state }: Bot): keyof BotTexts['states'] {
  if (!online) return 'down';
  return state !== null && state in LOOKS ? (state as keyof BotTexts['states']) : 'unknown';
}
