import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import { useApp, useRoute } from '../../app-context.ts';
import { HideSwitch } from '../../components/hide-switch.tsx';
import { LanguageSwitch } from '../../components/language-switch.tsx';
import { Section } from '../../components/section.tsx';
import { ThemeSwitch } from '../../components/theme-switch.tsx';
import { PriceSettings } from '../../costs/price-settings.tsx';
import { ZONES } from '../../format/format.ts';
import type { Preferences } from '../../preferences/preferences.ts';
import { basePath } from '../../routing/base-path.ts';
import { addressOf } from '../../routing/route.ts';
import { useStore } from '../../store/use-store.ts';
import { useSettingsTexts } from './settings-texts.ts';
import '../../styles/pages.css';

/** How this browser shows things, and what it talks to. */
export function SettingsPage() {
  const texts = useSettingsTexts();
  return (
    <>
      <Section title={texts.title} note={texts.note}>
        <div class="settings">
          <Setting label={texts.language}>
            <LanguageSwitch />
          </Setting>
          <Setting label={texts.theme}>
            <ThemeSwitch />
          </Setting>
          <ZoneSetting />
          <ShortcutSetting />
          <Setting label={texts.texts}>
            <HideSwitch />
          </Setting>
        </div>
      </Section>
      <PriceSettings />
      <Section title={texts.about}>
        <About />
      </Section>
    </>
  );
}

interface SettingProps {
  label: string;
  hint?: string;
  children: ComponentChildren;
}

function Setting({ label, hint, children }: SettingProps) {
  return (
    <div class="setting">
      <span class="setting-label">{label}</span>
      <span class="setting-choice">{children}</span>
      {hint && <span class="setting-hint quiet">{hint}</span>}
    </div>
  );
}

function ZoneSetting() {
  const texts = useSettingsTexts();
  const { timeZone: here } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <Setting label={texts.zone} hint={texts.zoneHint}>
      <Choice
        name="zone"
        label={texts.zone}
        options={ZONES.map((value) => ({ value, text: texts.zones[value](here) }))}
      />
    </Setting>
  );
}

function ShortcutSetting() {
  const texts = useSettingsTexts();
  const { keyHelp } = useApp();
  return (
    <Setting label={texts.shortcuts} hint={texts.shortcutsHint}>
      <Choice
        name="shortcuts"
        label={texts.shortcuts}
        options={[
          { value: 'on', text: texts.shortcutsOn },
          { value: 'off', text: texts.shortcutsOff },
        ]}
      />
      <button type="button" class="button is-small" onClick={() => keyHelp.set(true)}>
        {texts.shortcutsAll}
      </button>
    </Setting>
  );
}

interface ChoiceProps<Name extends keyof Preferences> {
  name: Name;
  label: string;
  options: readonly { value: Preferences[Name]; text: string }[];
}

function Choice<Name extends keyof Preferences>({ name, label, options }: ChoiceProps<Name>) {
  const group = useId();
  const { preferences } = useApp();
  const chosen = useStore(preferences, (all) => all[name]);
  return (
    <span class="choices" role="radiogroup" aria-label={label}>
      {options.map(({ value, text }) => (
        <label key={value} class="choice">
          <input
            type="radio"
            name={group}
            checked={value === chosen}
            onChange={() => preferences.update((before) => ({ ...before, [name]: value }))}
          />
          {text}
        </label>
      ))}
    </span>
  );
}

function About() {
  const texts = useSettingsTexts();
  const { feed } = useApp();
  const { demo } = useRoute();
  const version = useStore(feed.live, (live) => live?.version ?? '…');
  return (
    <div class="settings">
      <Setting label={texts.version}>
        <span class="number">{version}</span>
      </Setting>
      <Setting label={texts.api}>
        <a href={`${basePath()}/docs`} target="_blank" rel="noreferrer">
          {texts.apiLink}
        </a>
      </Setting>
      <Setting label={texts.collecting}>
        <a href={addressOf('pipeline', { demo })}>{texts.collectingLink}</a>
      </Setting>
    </div>
  );
}
