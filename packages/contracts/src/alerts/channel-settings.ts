import type { TSchema } from '../typebox/index.ts';
import { Value } from '../typebox/value.ts';

import type {
  ChannelField,
  ChannelKind,
  LocalizedText,
  SetSecret,
  StoredChannel,
} from './channel.ts';

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
): LocalizedText | undefined {
  const { properties, required } = settings;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(properties, name)) {
      const [given, known] = [name.slice(0, 64), Object.keys(properties).join(', ')];
      return {
        en: `There is no setting "${given}" of ${kind}. Known here: ${known}.`,
        it: `"${given}" non è un’impostazione di ${kind}. Ci sono: ${known}.`,
      };
    }
  }
  for (const [name, field] of Object.entries(properties)) {
    const value = given[name];
    const { en, it } = field.title;
    if (value === undefined) {
      if (required.includes(name)) {
        return { en: `"${name}" (${en}) is missing.`, it: `Manca "${name}" (${it}).` };
      }
    } else if (!isGood(field, value)) {
      const form = describe(field);
      return {
        en: `"${name}" (${en}) takes ${form.en}.`,
        it: `"${name}" (${it}) richiede ${form.it}.`,
      };
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

function describe(field: ChannelField): LocalizedText {
  const { type, form, enum: choices, hint, minimum = 0, maximum, minLength, pattern } = field;
  if (choices) return { en: choices.join(', '), it: choices.join(', ') };
  if (form) return FORMS[form];
  if (type === 'boolean') return { en: 'true or false', it: 'true o false' };
  if (type === 'integer') {
    return {
      en: `a whole number from ${minimum} to ${maximum ?? 'any'}`,
      it: `un numero intero ${maximum === undefined ? `non minore di ${minimum}` : `da ${minimum} a ${maximum}`}`,
    };
  }
  const text =
    pattern === undefined
      ? { en: 'a text in one line', it: 'un testo di una riga' }
      : { en: 'a text of another form', it: 'un testo di un’altra forma' };
  const least =
    minLength === undefined
      ? { en: '', it: '' }
      : { en: ` of ${minLength} characters or more`, it: ` di almeno ${minLength} caratteri` };
  const more = (language: 'en' | 'it') => (hint ? `: ${hint[language].replace(/\.$/, '')}` : '');
  return { en: text.en + least.en + more('en'), it: text.it + least.it + more('it') };
}

const FORMS: Readonly<Record<NonNullable<ChannelField['form']>, LocalizedText>> = {
  url: {
    en: 'an address that begins with http:// or https://',
    it: 'un indirizzo che inizia con http:// o https://',
  },
  email: { en: 'an e-mail address', it: 'un indirizzo e-mail' },
  emails: {
    en: `up to ${MAX_ADDRESSES} e-mail addresses with commas between them`,
    it: `al massimo ${MAX_ADDRESSES} indirizzi e-mail separati da virgole`,
  },
};

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
