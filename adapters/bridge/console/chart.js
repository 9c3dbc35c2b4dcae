/// A small line chart over the last minutes, drawn by hand as SVG.

import { el, setAttribute, setText, svg } from './dom.js';

const width = 300;
const height = 56;
/// The newest point stays whole.
const inset = 3;
/// Samples kept: five minutes at one every two seconds.
export const keptSamples = 150;

/// The lowest "round" number that is not below the value: 1, 2 or 5 times a power of ten.
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= value);
}

/// Polylines' points; a sample that is missing breaks the line. x runs to the right edge, so the
/// newest sample always stands there.
export function linesOf(samples, top) {
  const lines = [];
  let line = null;
  samples.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      line = null;
      return;
    }
    const x = width - inset - (samples.length - 1 - i) * ((width - inset) / (keptSamples - 1));
    const y = height - 2 - (Math.min(value, top) / top) * (height - 6);
    if (!line) lines.push((line = []));
    line.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  });
  return lines;
}

/// {element, push(values), lastKnown}. `series` are {name, show}; `top` fixes the scale (1 for a share).
export function createChart({ title, series, show, top = null }) {
  const kept = series.map(() => []);
  const groups = series.map((name, i) => svg('g', { class: `line line-${i}` }));
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', class: 'chart-lines' },
    svg('line', { class: 'grid', x1: 0, x2: width, y1: height - 2, y2: height - 2 }),
    svg('line', { class: 'grid', x1: 0, x2: width, y1: 4, y2: 4 }), ...groups);
  const values = series.map((name, i) => el('span', { class: 'chart-value' }, '–'));
  const scale = el('span', { class: 'chart-scale', 'aria-hidden': 'true' });
  const none = el('span', { class: 'chart-none', 'aria-hidden': 'true' }, 'Nothing measured yet');
  const legend = series.map((name, i) => el('span', { class: `legend legend-${i}` }, name ? `${name} ` : '', values[i]));
  const element = el('figure', { class: 'chart' },
    el('figcaption', {}, el('span', { class: 'chart-title' }, title), ...legend), el('div', { class: 'chart-frame' }, picture, scale, none));

  function draw() {
    const all = kept.flat().filter(Number.isFinite);
    const highest = top ?? roundUp(Math.max(0, ...all));
    groups.forEach((group, i) => group.replaceChildren(
      ...linesOf(kept[i], highest).map((points) => points.length === 1
        ? svg('circle', { cx: points[0].split(',')[0], cy: points[0].split(',')[1], r: 2 })
        : svg('polyline', { points: points.join(' ') }))));
    none.hidden = all.length > 0;
    setText(scale, all.length ? show(highest) : '');
    const now = series.map((name, i) => `${name} ${show(kept[i].at(-1))}`.trim()).join(', ');
    setAttribute(picture, 'aria-label', all.length ? `${title}, the last five minutes; now ${now}` : `${title}: nothing measured yet`);
  }

  /// One value a series; undefined where nothing was measured.
  function push(sample) {
    sample.forEach((value, i) => {
      kept[i].push(value);
      if (kept[i].length > keptSamples) kept[i].shift();
      setText(values[i], show(value));
    });
    draw();
  }

  draw();
  return { element, push };
}
