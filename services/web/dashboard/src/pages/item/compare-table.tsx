import type { Figures } from '@llm-monitor/contracts/rest';

import { Section } from '../../components/section.tsx';
import { UNKNOWN } from '../../format/format.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { differencePercent, ITEM_FIGURES } from './item-figures.ts';
import { useItemTexts } from './item-texts.ts';

interface CompareTableProps {
  names: readonly [own: string, other: string];
  figures: readonly [own: Figures, other: Figures];
}

/** Two sets of figures side by side. Which is better is for the reader to say: fewer calls may be what was wanted. */
export function CompareTable({ names, figures }: CompareTableProps) {
  const texts = useItemTexts();
  const { format } = useI18n();
  return (
    <Section title={texts.compareTitle(names[1])}>
      <div class="scroller" tabIndex={0} role="group" aria-label={texts.compareTitle(names[1])}>
        <table class="plain-table is-compared" data-testid="compare-table">
          <thead>
            <tr>
              <th scope="col">{texts.metric}</th>
              {[...names, texts.difference].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ITEM_FIGURES.map(({ id, value, text }) => {
              const [own, other] = [value(figures[0]), value(figures[1])];
              const percent = differencePercent(own, other);
              return (
                <tr key={id}>
                  <th scope="row">{texts[id]}</th>
                  <td>{text(format, own)}</td>
                  <td>{text(format, other)}</td>
                  <td>{percent === null ? UNKNOWN : format.change(percent)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
