import uPlot from 'uplot';

import type { Zone } from '../format/format.ts';
import type { ChartKind, SeriesKind } from './chart-kinds.ts';
import { lonePlaces, type Mark, type Values } from './chart-data.ts';

/** Charts of one page move their crosshairs together. */
const SYNC = 'trends';
const HEIGHT = 168;
const LEAST_DRAG_PX = 6;
/** Room for what stands at an axis, as wide as usual figures; a digit is about so wide. */
const AXIS_PX = 62;
const DIGIT_PX = 7;

export interface PlotOptions {
  kind: ChartKind;
  zone: Zone;
  /** lines of another model or time as well, behind those of {@link kind} */
  withOther: boolean;
  timeText(seconds: number, step: number): string;
  valueText(value: number): string;
  /** s since 1970 */
  span(): readonly [from: number, to: number];
  marks(): readonly Mark[];
  onPoint(index: number | null, seconds: number | null): void;
  onZoom(fromSeconds: number, toSeconds: number): void;
}

/** A chart in `element`, as wide as that is. */
export function createPlot(
  element: HTMLElement,
  data: uPlot.AlignedData,
  options: PlotOptions,
): uPlot {
  const color = colorsOf(element);
  const { kind, zone, withOther } = options;
  const series = [
    {},
    ...kind.series.map((each) => lineOf(each, color)),
    ...(withOther ? kind.series.map((each) => otherLineOf(each, color)) : []),
  ];
  const axis = {
    ...{ stroke: color('text-quiet'), font: `11px ${getComputedStyle(element).fontFamily}` },
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
  };
  return new uPlot(
    {
      ...{ width: element.clientWidth || 300, height: HEIGHT, series },
      legend: { show: false },
      padding: [8, 20, 0, 0],
      tzDate: (at) =>
        zone === 'utc' ? uPlot.tzDate(new Date(at * 1000), 'Etc/UTC') : new Date(at * 1000),
      scales: {
        x: { range: () => [...options.span()] },
        y: { range: (_plot, _low, high) => [0, kind.highest ?? (high > 0 ? high * 1.08 : 1)] },
      },
      axes: [
        {
          ...axis,
          size: 28,
          values: (_plot, splits, _axis, _space, step) =>
            splits.map((at) => options.timeText(at, step)),
        },
        {
          ...axis,
          // A figure whose head is cut would be another figure.
          size: (_plot, texts) =>
            Math.max(AXIS_PX, ...(texts ?? []).map(({ length }) => (length + 2) * DIGIT_PX)),
          space: 34,
          ...(kind.steps ? { incrs: [...kind.steps] } : {}),
          values: (plot, splits) =>
            splits.map((value) =>
              value === 0 || isScaled(plot, kind) ? options.valueText(value) : '',
            ),
        },
      ],
      cursor: {
        points: { size: 6 },
        y: false,
        drag: { x: true, y: false, setScale: false },
        sync: {
          key: SYNC,
          setSeries: false,
          filters: {
            pub: (type) => type.startsWith('mouse') && !/down|up/.test(type),
            sub: () => true,
          },
        },
      },
      hooks: {
        setCursor: [
          (plot) => {
            const { idx, left } = plot.cursor;
            const isOver = idx !== null && idx !== undefined && (left ?? -1) >= 0;
            options.onPoint(isOver ? idx : null, isOver ? plot.posToVal(left ?? 0, 'x') : null);
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < LEAST_DRAG_PX) return;
            const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            options.onZoom(from, to);
          },
        ],
        draw: [(plot) => drawMarks(plot, options.marks(), color)],
      },
    },
    data,
    element,
  );
}

/** Where nothing is above 0, how high the axis goes says nothing. */
function isScaled({ series }: uPlot, { highest }: ChartKind): boolean {
  return highest !== undefined || series.slice(1).some(({ max }) => (max ?? 0) > 0);
}

type Colors = (name: string) => string;

/** The stylesheet's colours as the present theme has them: a canvas knows no custom properties. */
function colorsOf(element: HTMLElement): Colors {
  return (name) => {
    element.style.color = `var(--${name})`;
    const { color } = getComputedStyle(element);
    element.style.color = '';
    return color;
  };
}

const DASHES = { dashed: [6, 4], dotted: [2, 3] } as const;

function lineOf({ color: name, form }: SeriesKind, color: Colors): uPlot.Series {
  const stroke = color(name);
  const points = { show: false };
  if (form === 'bars') {
    const paths = uPlot.paths.bars?.({ size: [0.8, 24], align: 1 });
    return { stroke, fill: stroke, width: 0, points, ...(paths ? { paths } : {}) };
  }
  const steps = form === 'steps' ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    ...{ stroke, width: 1.5, alpha: 1, points: lonePoints(stroke) },
    ...(steps ? { paths: steps, points: { ...lonePoints(stroke), ...points } } : {}),
    ...(form in DASHES ? { dash: [...DASHES[form as keyof typeof DASHES]] } : {}),
  };
}

/** A line of one value is none: the first minute of a new monitor would show nothing. */
function lonePoints(stroke: string): uPlot.Series.Points {
  return {
    ...{ size: 5, width: 0, fill: stroke },
    filter: (plot, index, isShown) => (isShown ? null : lonePlaces(plot.data[index] as Values)),
  };
}

/** Thin and pale: what it is compared with. */
function otherLineOf({ color: name }: SeriesKind, color: Colors): uPlot.Series {
  const stroke = color(name);
  return { stroke, width: 1, alpha: 0.55, dash: [1, 3], points: lonePoints(stroke) };
}

/** A model came: a line with a filled head. It left: with an empty one. */
function drawMarks(plot: uPlot, marks: readonly Mark[], color: Colors): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  for (const { seconds, kind } of marks) {
    const x = Math.round(plot.valToPos(seconds, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = color(kind === 'loaded' ? 'green' : 'grey');
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x, bbox.top + 4 * ratio, 3 * ratio, 0, 2 * Math.PI);
    if (kind === 'loaded') ctx.fill();
    else ctx.stroke();
  }
  ctx.restore();
}
