import { useState } from 'preact/hooks';

import { Icon } from '../components/icon.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { basePath } from '../routing/base-path.ts';
import type { ChartData } from './chart-data.ts';
import type { ChartKind } from './chart-kinds.ts';
import { useChartTexts } from './chart-texts.ts';

interface ChartTableProps {
  kind: ChartKind;
  data: ChartData;
  lines: readonly (readonly (number | null)[])[];
  otherName?: string | undefined;
  filter: string;
}

/** The same as numbers, newest first. Made when it is opened. */
export function ChartTable({ kind, data, lines, otherName, filter }: ChartTableProps) {
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
          <Downloads {...{ kind, data, filter }} />
          <Rows {...{ kind, data, lines, otherName }} />
          {kind.withMarks && data.marks.length > 0 && <Marks data={data} />}
        </div>
      )}
    </details>
  );
}

/** The same steps as a file, of what the chart is of. */
function Downloads({ kind, data, filter }: Pick<ChartTableProps, 'kind' | 'data' | 'filter'>) {
  const texts = useChartTexts();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  const query = new URLSearchParams({
    metrics: kind.series.map(({ metric }) => metric).join(','),
    ...{ from: iso(data.from), to: iso(data.to), step: String(data.step) },
    ...Object.fromEntries(new URLSearchParams(filter)),
  }).toString();
  return (
    <p class="chart-downloads" role="group" aria-label={texts.download}>
      {(['csv', 'json'] as const).map((format) => (
        <a
          key={format}
          class="button is-small"
          href={`${basePath()}/api/export/series.${format}?${query}`}
          download
        >
          <Icon name="loading" />
          {format.toUpperCase()}
        </a>
      ))}
    </p>
  );
}

function Rows({ kind, data, lines, otherName }: Omit<ChartTableProps, 'filter'>) {
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
