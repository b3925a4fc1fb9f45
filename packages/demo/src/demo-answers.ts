import type { Random } from './plan-call.ts';

const SENTENCES = [
  'Simulated answer.',
  'The setup favours patience: volume confirms the range, not the breakout.',
  'Enter on a close above the upper band, exit at the midline or after twelve candles.',
  'Risk no more than half a percent per position and halve it after two losses in a row.',
  'The edge disappears once fees exceed four basis points.',
  'Most of the drawdown comes from three days around the rate decision.',
  'Out of sample the result is weaker, but its sign holds in every fold.',
  'I would reduce the look-back first, since the signal lags in fast markets.',
  'Correlation with the index rose, so this is less of a hedge than before.',
];

/** That many pieces of plausible text, a word each, which starts by saying what it is. */
export function wordsOf(count: number, random: Random): string[] {
  const words: string[] = [];
  for (let sentence = 0; words.length < count;) {
    words.push(...(SENTENCES[sentence] ?? '').split(' ').map((word) => `${word} `));
    sentence = 1 + Math.floor(random() * (SENTENCES.length - 1));
  }
  return words.slice(0, count);
}
