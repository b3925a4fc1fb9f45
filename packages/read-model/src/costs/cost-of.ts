import type { CloudPrice, Cost, CostSettings } from '@llm-monitor/contracts/rest';

const DIGITS = 1e6;

/** What is known of some calls of one model. */
export interface Consumption {
  model: string;
  /** Watt-hours; null: not known. */
  energyWh: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** What calls cost, and would have cost; undefined where nothing can be told. What is not known is never 0. */
export function costOf(
  consumptions: readonly Consumption[],
  settings: CostSettings,
): Cost | undefined {
  const { currency, price_per_kwh: price } = settings;
  const energy = price === null ? null : sumOfKnown(consumptions.map(({ energyWh }) => energyWh));
  const cloud = sumOfKnown(consumptions.map((one) => cloudCost(one, settings.cloud_prices)));
  if (energy === null && cloud === null) return undefined;
  return {
    currency,
    energy: energy === null || price === null ? null : rounded((energy / 1000) * price),
    cloud: cloud === null ? null : rounded(cloud),
  };
}

function cloudCost(of: Consumption, prices: readonly CloudPrice[]): number | null {
  const price = prices.find(({ model }) => fits(of.model, model));
  if (!price || (of.inputTokens === null && of.outputTokens === null)) return null;
  const input = (of.inputTokens ?? 0) * price.input_per_million;
  return (input + (of.outputTokens ?? 0) * price.output_per_million) / 1e6;
}

/** `*` stands for any characters; no other sign means anything but itself. Linear, whatever was set. */
export function fits(name: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  const last = parts.pop() ?? '';
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value) : null;
}

const rounded = (value: number): number => Math.round(value * DIGITS) / DIGITS;
