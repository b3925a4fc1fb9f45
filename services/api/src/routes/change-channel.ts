import {
  CHANNEL_ID_PATTERN,
  channelSettingsProblem,
  withChannelDefaults,
  type AlertChannelBody,
  type ChannelKind,
  type LocalizedText,
  type StoredChannel,
} from '@llm-monitor/contracts/alerts';
import { isRefusedAddress, whyRefusedAddress } from '@llm-monitor/runtime';

import { ProblemError } from '../problem.ts';

const ID = new RegExp(CHANNEL_ID_PATTERN);
const USUAL_EVERY_SECONDS = 15;

type Settings = StoredChannel['settings'];

/**
 * The channel as it is after a change. What is left out stays; secrets do not follow to another destination.
 * @throws {ProblemError} that says what is wrong
 */
export function changeChannel(given: {
  id: string;
  body: AlertChannelBody;
  before: StoredChannel | undefined;
  kinds: readonly ChannelKind[];
  nowMs: number;
}): StoredChannel {
  const { id, body, before, kinds, nowMs } = given;
  if (!ID.test(id))
    throw bad({
      en: 'An id has small letters, digits and -, at most 64 of them.',
      it: 'Un id ha lettere minuscole, cifre e -, al massimo 64.',
    });
  const kind = kindOf(body.kind ?? before?.kind, kinds);
  const kept = before?.kind === kind.kind ? before.settings : {};
  const asked = body.settings ?? {};
  const settings = mergeSettings(kind, kept, asked);
  const problem = channelSettingsProblem(kind, withChannelDefaults(kind, settings));
  if (problem !== undefined) throw bad(problem);
  refuseUnreachable(kind, asked);
  return {
    ...{ id, kind: kind.kind, settings },
    name: body.name ?? before?.name ?? id,
    enabled: body.enabled ?? before?.enabled ?? true,
    language: body.language ?? before?.language ?? 'en',
    everySeconds: body.everySeconds ?? before?.everySeconds ?? USUAL_EVERY_SECONDS,
    updatedAt: new Date(nowMs).toISOString(),
  };
}

function kindOf(name: string | undefined, kinds: readonly ChannelKind[]): ChannelKind {
  const known = kinds.map(({ kind }) => kind).join(', ');
  if (name === undefined) {
    throw bad({
      en: `"kind" is missing. Known here: ${known}.`,
      it: `Manca "kind". Ci sono: ${known}.`,
    });
  }
  const kind = kinds.find((one) => one.kind === name);
  if (kind) return kind;
  throw bad({
    en: `There is no kind of channel "${name}". Known here: ${known}.`,
    it: `Non c’è un tipo di canale "${name}". Ci sono: ${known}.`,
  });
}

/** Where nothing would be sent to is said at once. Names are judged when they are resolved, for each message, and what was set before when it is used. */
function refuseUnreachable(
  { settings: { properties } }: ChannelKind,
  given: NonNullable<AlertChannelBody['settings']>,
): void {
  for (const [name, value] of Object.entries(given)) {
    const { form, destination } = properties[name] ?? {};
    if (typeof value !== 'string' || !(form === 'url' || destination)) continue;
    const host = form === 'url' ? new URL(value).hostname : value;
    if (isRefusedAddress(host)) {
      throw bad({
        en: `"${name}": ${whyRefusedAddress(host)}`,
        it: `"${name}": ${host} è un indirizzo link-local, dove i cloud tengono le chiavi delle macchine. Lì non si invia nulla.`,
      });
    }
  }
}

function mergeSettings(
  kind: ChannelKind,
  kept: Settings,
  given: NonNullable<AlertChannelBody['settings']>,
): Settings {
  const { properties } = kind.settings;
  const merged: Settings = { ...kept };
  for (const [name, value] of Object.entries(given)) {
    if (value === null) delete merged[name];
    else merged[name] = value;
  }
  const before = withChannelDefaults(kind, kept);
  const after = withChannelDefaults(kind, merged);
  // Where nothing was said, it went to where such channels usually go.
  const isElsewhere = Object.entries(properties).some(
    ([name, field]) => field.destination && before[name] !== after[name],
  );
  if (!isElsewhere) return merged;
  const followed = Object.keys(kept).filter(
    (name) => properties[name]?.secret && !(name in given) && !properties[name].destination,
  );
  if (followed.length === 0) return merged;
  const names = (and: string) => followed.map((name) => `"${name}"`).join(` ${and} `);
  throw bad({
    en: `It would go somewhere else now, and secrets do not follow. Give ${names('and')} again, or null to do without.`,
    it: `Ora andrebbe altrove, e i segreti non lo seguono. Scrivi di nuovo ${names('e')}, oppure null per farne a meno.`,
  });
}

const bad = (detail: LocalizedText) => new ProblemError(400, 'Bad channel', detail);
