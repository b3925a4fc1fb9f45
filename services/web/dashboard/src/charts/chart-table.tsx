import { useState } from 'preact/hooks';

import { useI18n } from '../i18n/i18n.ts';
import type { ChartData } from './chart-data.ts';
import type { ChartKind } from './chart-kinds.ts';
import { useChartTexts } from './chart-texts.ts';

interface ChartTableProps {
  kind: ChartKind;
  data: ChartData;
  lines: readonly (readonly (number | null)[])[];
  otherName?: string | undefined;
}

/** The same as numbers, newest first. Made when it is opened. */
export function ChartTable({ kind, data, lines, otherName }: ChartTableProps) {
  const texts = useChartTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="chart-data" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {texts.data}
        <span class="visually-hidden">: {texts.charts[kind.id]}</span>
      </summary>
      {isOpen && (
        <div class="chart-rows" tabIndex={0} role="group" aria-label={texts.charts[kind.id]}>
          <Rows {...{ kind, data, lines, otherName }} />
          {kind.withMarks && data.marks.length > 0 && <Marks data={data} />}
        </div>
      )}
    </details>
  );
}

function Rows({ kind, data, lines, otherName }: ChartTableProps) {
  const texts = useChartTexts();
  const { format } = useI18n();
  const names = kind.series.map(({ metric }) => texts.series[metric]);
  const titles = [
    ...names,
    ...(otherName === undefined ? [] : names.map((name) => `${name} (${otherName})`)),
  ];
  const rows = data.times.map((seconds, i) => ({ seconds, values: lines.map((line) => line[i]) }));
  return (
    <table>
      <caption class="visually-hidden">{texts.charts[kind.id]}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.time}</th>
          {titles.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.reverse().map(({ seconds, values }) => (
          <tr key={seconds}>
            <th scope="row">{format.moment(new Date(seconds * 1000).toISOString())}</th>
            {values.map((value, i) => (
              <td key={titles[i]}>{kind.text(format, value ?? null)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Marks({ data }: { data: ChartData }) {
  const texts = useChartTexts();
  const { format } = useI18n();
  return (
    <>
      <h3>{texts.marks}</h3>
      <ul>
        {data.marks.map(({ seconds, kind, host, model }) => (
          <li key={`${seconds} ${kind} ${host} ${model}`}>
            {format.moment(new Date(seconds * 1000).toISOString())} · {texts[kind](model)} · {host}
          </li>
        ))}
      </ul>
    </>
  );
}
