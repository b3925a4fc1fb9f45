import type { ChannelLanguage } from './channel.ts';
import { READY_RULES } from './ready-rules.ts';
import type { AlertRule } from './rule.ts';

/** Languages beside English, which ready rules are written in. */
type OtherLanguage = Exclude<ChannelLanguage, 'en'>;
/** The name of a ready rule in each of them. */
export type OtherNames = Readonly<Record<OtherLanguage, string>>;

const NAMES: Readonly<Record<string, OtherNames>> = {
  'failed-requests': { it: 'Molte chiamate fallite' },
  'slow-responses': { it: 'Risposte lente' },
  'no-heartbeat': { it: 'Un’app tace' },
  'server-unreachable': { it: 'Un server dei modelli non risponde' },
  'calls-stalled': { it: 'Una chiamata è ferma' },
  'calls-looping': { it: 'Una chiamata si ripete' },
  'bot-down': { it: 'Un bot non risponde' },
  'model-gone': { it: 'Un modello è sparito' },
  'host-memory': { it: 'Un host esaurisce la memoria' },
  'vram-spill': { it: 'Un modello non entra nella memoria video' },
  backlog: { it: 'Eventi in attesa' },
  'collecting-stopped': { it: 'Gli eventi non vengono raccolti' },
  'dropped-requests': { it: 'Mancano chiamate' },
  'dropped-events': { it: 'Mancano dettagli di chiamate' },
  'lost-events': { it: 'Eventi persi' },
  'dead-letters': { it: 'Eventi inutilizzabili' },
};

/** What a ready rule is called in other languages; undefined for any other rule, and for one that a person gave another name. */
export function otherNames({ id, name }: Pick<AlertRule, 'id' | 'name'>): OtherNames | undefined {
  const isReady = READY_RULES.some((ready) => ready.id === id && ready.name === name);
  return isReady ? NAMES[id] : undefined;
}

/** The rule's name for a reader of that language. */
export function nameFor(rule: Pick<AlertRule, 'id' | 'name'>, language: ChannelLanguage): string {
  return language === 'en' ? rule.name : (otherNames(rule)?.[language] ?? rule.name);
}
