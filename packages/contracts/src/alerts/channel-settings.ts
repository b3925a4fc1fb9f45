import type { TSchema } from '../typebox/index.ts';
import { Value } from '../typebox/value.ts';

import type { ChannelField, ChannelKind, SetSecret, StoredChannel } from './channel.ts';

type Settings = StoredChannel['settings'];
type Given = Readonly<Record<string, unknown>>;

const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;
const MAX_ADDRESSES = 20;

/** The settings with what is usual where nothing was said. */
export function withChannelDefaults(
  { settings }: Pick<ChannelKind, 'settings'>,
  given: Settings,
): Settings {
  const usual = Object.entries(settings.properties).flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, field.default] as const],
  );
  return { ...Object.fromEntries(usual), ...given };
}

/** What is wrong with settings, for a person; undefined when they are good. It quotes no value: one may be a secret. */
export function channelSettingsProblem(
  { kind, settings }: Pick<ChannelKind, 'kind' | 'settings'>,
  given: Given,
): string | undefined {
  const { properties, required } = settings;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(properties, name)) {
      return `There is no setting "${name.slice(0, 64)}" of ${kind}. Known here: ${Object.keys(properties).join(', ')}.`;
    }
  }
  for (const [name, field] of Object.entries(properties)) {
    const value = given[name];
    if (value === undefined) {
      if (required.includes(name)) return `"${name}" (${field.title.en}) is missing.`;
    } else if (!isGood(field, value)) {
      return `"${name}" (${field.title.en}) takes ${describe(field)}.`;
    }
  }
  return undefined;
}

function isGood(field: ChannelField, value: unknown): boolean {
  // A field is a JSON Schema, beside what it says to forms.
  if (!Value.Check(field as unknown as TSchema, value)) return false;
  if (typeof value !== 'string') return true;
  if (field.form === 'email') return ADDRESS.test(value);
  if (field.form === 'emails') return areAddresses(value.split(','));
  if (field.form === 'url') return isWebAddress(value);
  // eslint-disable-next-line no-control-regex
  return value !== '' && !/[\u0000-\u001f\u007f]/.test(value);
}

const areAddresses = (list: string[]): boolean =>
  list.length <= MAX_ADDRESSES && list.every((one) => ADDRESS.test(one.trim()));

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text);
}

function describe({
  type,
  form,
  enum: choices,
  hint,
  minimum,
  maximum,
  minLength,
  pattern,
}: ChannelField): string {
  if (choices) return choices.join(', ');
  if (form === 'url') return 'an address that begins with http:// or https://';
  if (form === 'email') return 'an e-mail address';
  if (form === 'emails') return `up to ${MAX_ADDRESSES} e-mail addresses with commas between them`;
  if (type === 'boolean') return 'true or false';
  if (type === 'integer') return `a whole number from ${minimum ?? 0} to ${maximum ?? 'any'}`;
  const most = minLength === undefined ? '' : ` of ${minLength} characters or more`;
  const text = pattern === undefined ? 'a text in one line' : 'a text of another form';
  return `${text}${most}${hint ? `: ${hint.en.replace(/\.$/, '')}` : ''}`;
}

/** Settings as they may be shown: of a secret only that it is set, and the host where it is an address. */
export function shownChannelSettings(
  kind: Pick<ChannelKind, 'settings'> | undefined,
  settings: Settings,
): Record<string, string | number | boolean | SetSecret> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const field = kind?.settings.properties[name];
      // Of a field that nobody knows any more it cannot be said that it is none.
      return [name, field && !field.secret ? value : secretOf(field, value)];
    }),
  );
}

function secretOf(field: ChannelField | undefined, value: string | number | boolean): SetSecret {
  const isAddress = field?.form === 'url' && typeof value === 'string' && URL.canParse(value);
  return isAddress ? { set: true, host: new URL(value).host } : { set: true };
}

/** The secrets among settings, for whoever has to keep them out of texts. */
export function channelSecrets(kind: Pick<ChannelKind, 'settings'>, settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    kind.settings.properties[name]?.secret ? [String(value)] : [],
  );
}
