import type {
  AlertChannel,
  AlertChannelBody,
  ChannelField,
  ChannelKind,
  SetSecret,
} from '@llm-monitor/contracts/alerts';

type Settings = NonNullable<AlertChannelBody['settings']>;

/** What a form holds: every field as it is typed. */
export type Draft = Readonly<Record<string, string>>;

/** What a form begins with. Of a secret nothing is known here. */
export function draftOf(kind: ChannelKind, channel: AlertChannel | null): Draft {
  const entries = Object.entries(kind.settings.properties).map(([name, field]) => {
    const value = channel?.settings[name];
    const shown = value === undefined || typeof value === 'object' ? field.default : value;
    return [name, field.secret ? '' : String(shown ?? '')];
  });
  return Object.fromEntries(entries) as Draft;
}

/** What is to be changed: a secret that was left empty stays, anything else that was emptied goes. */
export function settingsOf(kind: ChannelKind, draft: Draft): Settings {
  const settings: Settings = {};
  for (const [name, field] of Object.entries(kind.settings.properties)) {
    const typed = (draft[name] ?? '').trim();
    if (typed !== '') settings[name] = toTyped(field, typed);
    else if (!field.secret) settings[name] = null;
  }
  return settings;
}

function toTyped({ type }: ChannelField, typed: string): string | number | boolean {
  if (type === 'integer' && /^-?\d+$/.test(typed)) return Number(typed);
  return type === 'boolean' ? typed === 'true' : typed;
}

/** The secret that is kept, if one is. */
export function keptSecret(channel: AlertChannel | null, name: string): SetSecret | undefined {
  const value = channel?.settings[name];
  return typeof value === 'object' ? value : undefined;
}
