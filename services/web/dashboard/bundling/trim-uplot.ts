import type { Plugin } from 'vite';

import { editLibrary, type Edit } from './edit-library.ts';

const FILE = 'uplot/dist/uPlot.esm.js';

/** Branches that no chart of the page takes: with their conditions constant the minifier drops them, and all that only they use. */
const EDITS: readonly Edit[] = [
  // Lines over one axis of time, not clouds of points.
  [/const mode = (u|self)\.mode;/g, 'const mode = 1;'],
  // The legend is HTML of our own.
  ['const showLegend = legend.show;', 'const showLegend = false;'],
  // Linear scales: neither logarithms, nor arcsinh, nor positions by index.
  ['const xScaleDistr = scaleX.distr;', 'const xScaleDistr = 1;'],
  [/\b(\w+\.)?distr ==\s+(2|3|4|100)\b/g, 'false'],
  [/\b(\w+\.)?distr != 2\b/g, 'true'],
  ['sc.distr >= 3', 'false'],
  // Seconds, not milliseconds.
  ['const ms = opts.ms || 1e-3;', 'const ms = 1e-3;'],
  // Times are written by Intl.
  [/timeAxisVals\(_tzDate, timeAxisStamps\(.*_fmtDate\)\)/g, 'null'],
  ['timeAxisVal(_tzDate, av)', 'null'],
  [/timeSeriesVal\(_tzDate, timeSeriesStamp\(\w+, _fmtDate\)\)/g, 'null'],
  ['uPlot.fmtDate = fmtDate;', ''],
  // Time runs from left to right.
  [/\bscaleX\.ori == 0/g, 'true'],
  [/\bscaleX\.ori == 1/g, 'false'],
  // No areas between lines.
  [
    'let [ bandFillDir, bandClipDir ] = bandFillClipDirs(u, seriesIdx);',
    'const bandFillDir = 0, bandClipDir = 0;',
  ],
  [
    'let band = ifNull(u.bands, EMPTY_ARR).find(b => b.series[0] == seriesIdx);',
    'const band = null;',
  ],
  // Bars are of one colour, and stand on the axis of time.
  [
    'const { fill: dispFills, stroke: dispStrokes } = disp;',
    'const dispFills = null, dispStrokes = null;',
  ],
  ['let { x0, size } = disp;', 'const x0 = null, size = null;'],
  ['let { y0, y1 } = disp;', 'const y0 = null, y1 = null;'],
  // A drag chooses a time, never a height.
  ['if (matchingY && dragY)', 'if (false)'],
  // The pointer picks no line out.
  ['const cursorFocus = focus.prox >= 0;', 'const cursorFocus = false;'],
  ['const cursorOnePt = cursorFocus && points.one;', 'const cursorOnePt = false;'],
  ['let multiValLegend = false;', 'const multiValLegend = false;'],
  ['multiValLegend = getMultiVals != null;', ''],
  // Axes have no titles.
  [/\baxis\.label != null\b/g, 'false'],
  // Lines are those that a chart begins with.
  [/self\.(add|del)Series = \w+;/g, ''],
  [/self\.(add|set|del)Band = \w+;/g, ''],
  // What the page does not call.
  ['(paths.spline  = monotoneCubic);', ''],
  ['uPlot.join = join;', ''],
  ['uPlot.addGap = addGap;', ''],
  ['uPlot.clipGaps = clipGaps;', ''],
  ['uPlot.orient   = orient;', ''],
  ['uPlot.fmtNum = fmtNum;', ''],
  ['uPlot.rangeLog = rangeLog;', ''],
  ['uPlot.rangeAsinh = rangeAsinh;', ''],
];

/** uPlot without a fifth of it. */
export function trimUPlot(): Plugin {
  return editLibrary(FILE, EDITS);
}
