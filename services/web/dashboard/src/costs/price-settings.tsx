import type { CloudPrice, CostSettings } from '@llm-monitor/contracts/rest';
import { useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { Icon } from '../components/icon.tsx';
import { Section } from '../components/section.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { isViewer } from '../rest/access.ts';
import { useAnswer } from '../rest/use-answer.ts';
import { useCostTexts } from './cost-texts.ts';

const NEW_PRICE: CloudPrice = { model: '', input_per_million: 0, output_per_million: 0 };

/** The prices of energy and of tokens elsewhere, which all who look share. */
export function PriceSettings() {
  const texts = useCostTexts();
  const { t } = useI18n();
  const { api } = useApp();
  const known = useAnswer('prices', 0, api.readPrices);
  return (
    <Section title={texts.prices} note={texts.pricesNote}>
      {known.fault !== null && <p role="alert">{t.error.said(known.fault)}</p>}
      {known.value && <PriceForm settings={known.value} />}
    </Section>
  );
}

function PriceForm({ settings }: { settings: CostSettings }) {
  const texts = useCostTexts();
  const { t } = useI18n();
  const { api } = useApp();
  const [draft, setDraft] = useState(settings);
  const [said, setSaid] = useState('');
  const change = (part: Partial<CostSettings>) => {
    setDraft((before) => ({ ...before, ...part }));
    setSaid('');
  };
  const save = (event: Event) => {
    event.preventDefault();
    api.writePrices(draft).then(
      (saved) => {
        setDraft(saved);
        setSaid('✓');
      },
      (error: unknown) => setSaid(t.error.said(error instanceof Error ? error.message : '')),
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
        <NumberField
          name="price_per_kwh"
          value={draft.price_per_kwh}
          onChange={(value) => change({ price_per_kwh: value })}
        />
        <span class="setting-hint quiet">{texts.perKwhHint}</span>
      </label>
      <CloudPrices
        prices={draft.cloud_prices}
        onChange={(prices) => change({ cloud_prices: prices })}
      />
      <p class="button-row">
        <button type="submit" class="button" disabled={isViewer()}>
          {texts.save}
        </button>
        <span role="status">{isViewer() ? texts.viewer : said}</span>
      </p>
    </form>
  );
}

interface CloudPricesProps {
  prices: readonly CloudPrice[];
  onChange: (prices: CloudPrice[]) => void;
}

function CloudPrices({ prices, onChange }: CloudPricesProps) {
  const texts = useCostTexts();
  const change = (index: number, part: Partial<CloudPrice>) =>
    onChange(prices.map((price, i) => (i === index ? { ...price, ...part } : price)));
  return (
    <fieldset class="setting price-list">
      <legend class="setting-label">{texts.elsewhere}</legend>
      <span class="setting-hint quiet">{texts.elsewhereHint}</span>
      {prices.map((price, index) => (
        <div class="price-row" key={index}>
          <input
            class="field"
            aria-label={texts.model}
            placeholder="llama*"
            required
            value={price.model}
            onInput={(event) => change(index, { model: event.currentTarget.value })}
          />
          <NumberField
            label={texts.input}
            value={price.input_per_million}
            onChange={(value) => change(index, { input_per_million: value ?? 0 })}
          />
          <NumberField
            label={texts.output}
            value={price.output_per_million}
            onChange={(value) => change(index, { output_per_million: value ?? 0 })}
          />
          <button
            type="button"
            class="button is-icon"
            aria-label={texts.remove(price.model)}
            onClick={() => onChange(prices.filter((_, i) => i !== index))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <p>
        <button
          type="button"
          class="button is-small"
          onClick={() => onChange([...prices, NEW_PRICE])}
        >
          {texts.add}
        </button>
      </p>
    </fieldset>
  );
}

interface NumberFieldProps {
  name?: string;
  label?: string;
  value: number | null;
  onChange: (value: number | null) => void;
}

function NumberField({ name, label, value, onChange }: NumberFieldProps) {
  return (
    <input
      class="field"
      type="number"
      name={name}
      aria-label={label}
      min={0}
      max={1_000_000}
      step="any"
      value={value ?? ''}
      onInput={({ currentTarget: { value: text, valueAsNumber } }) =>
        onChange(text === '' ? null : valueAsNumber)
      }
    />
  );
}
