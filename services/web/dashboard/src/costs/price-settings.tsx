import type { CloudPrice, CostSettings } from '@llm-monitor/contracts/rest';
import { useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { Section } from '../components/section.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { isViewer } from '../rest/access.ts';
import { reasonOf } from '../rest/api.ts';
import { useAnswer } from '../rest/use-answer.ts';
import { useCostTexts } from './cost-texts.ts';

/** The prices of energy and of tokens elsewhere, which all who look share. */
export function PriceSettings() {
  const texts = useCostTexts();
  const { api } = useApp();
  const known = useAnswer('prices', 0, api.readPrices);
  return (
    <Section title={texts.prices}>
      {known.fault !== null && <p role="alert">{known.fault}</p>}
      {known.value && <PriceForm settings={known.value} />}
    </Section>
  );
}

function PriceForm({ settings }: { settings: CostSettings }) {
  const texts = useCostTexts();
  const { t } = useI18n();
  const { api } = useApp();
  const [draft, setDraft] = useState(settings);
  const [lines, setLines] = useState(() => linesOf(settings.cloud_prices));
  const [said, setSaid] = useState('');
  const change = (part: Partial<CostSettings>) => {
    setDraft((before) => ({ ...before, ...part }));
    setSaid('');
  };
  const save = (event: Event) => {
    event.preventDefault();
    const prices = pricesIn(lines);
    const wrong = prices.find(
      ({ input_per_million: input, output_per_million: output }) => !(input + output >= 0),
    );
    if (wrong) {
      setSaid(texts.wrongLine(wrong.model));
      return;
    }
    api.writePrices({ ...draft, cloud_prices: prices }).then(
      (saved) => {
        setDraft(saved);
        setSaid(texts.saved);
      },
      (error: unknown) => setSaid(t.error.said(reasonOf(error))),
    );
  };
  return (
    <form class="settings" onSubmit={save} data-testid="prices">
      <label class="setting">
        <span class="setting-label">{texts.currency}</span>
        <input
          class="field"
          name="currency"
          value={draft.currency}
          required
          pattern="[A-Z]{3}"
          onInput={(event) => change({ currency: event.currentTarget.value.toUpperCase() })}
        />
      </label>
      <label class="setting">
        <span class="setting-label">{texts.perKwh}</span>
        <input
          class="field"
          type="number"
          name="price_per_kwh"
          min={0}
          step="any"
          value={draft.price_per_kwh ?? ''}
          onInput={({ currentTarget: { value, valueAsNumber } }) =>
            change({ price_per_kwh: value === '' ? null : valueAsNumber })
          }
        />
        <span class="setting-hint quiet">{texts.perKwhHint(draft.currency)}</span>
      </label>
      <label class="setting">
        <span class="setting-label">{texts.elsewhere}</span>
        <textarea
          class="field"
          rows={4}
          placeholder="llama* 0.2 0.6"
          value={lines}
          onInput={(event) => setLines(event.currentTarget.value)}
        />
        <span class="setting-hint quiet">{texts.elsewhereHint(draft.currency)}</span>
      </label>
      <p class="button-row">
        <button type="submit" class="button" disabled={isViewer()}>
          {texts.save}
        </button>
        <span role="status">{isViewer() ? texts.viewer : said}</span>
      </p>
    </form>
  );
}

/** A line for each: its model, and two prices. What is no number the API refuses, and says where. */
function linesOf(prices: readonly CloudPrice[]): string {
  return prices.map((price) => Object.values(price).join(' ')).join('\n');
}

/** Half of the world writes `0,2`. */
const numberIn = (text?: string) => Number(text?.replace(',', '.'));

function pricesIn(lines: string): CloudPrice[] {
  return lines
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([model]) => model)
    .map(([model = '', input, output]) => ({
      ...{ model, input_per_million: numberIn(input), output_per_million: numberIn(output) },
    }));
}
