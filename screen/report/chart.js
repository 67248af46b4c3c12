'use strict';
/* chart.js - small charts as inline SVG: axes with round ticks, lines, steps, dots. */

function ticks(low, high, about) {
  const raw = (high - low) / about,
    power = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = [1, 2, 5, 10].map(m => m * power).find(v => v >= raw * 0.999);
  const out = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++)
    out.push(i * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return out.map(v => ({
    v,
    text: (Math.abs(v) < step * 1e-9 ? 0 : v).toFixed(digits).replace('-', '−'),
  }));
}

function range(values, pad) {
  const finite = values.filter(v => typeof v === 'number' && isFinite(v));
  let low = Math.min(...finite),
    high = Math.max(...finite);
  if (!(high > low)) {
    low -= 0.5;
    high += 0.5;
  }
  const extra = (high - low) * (pad === undefined ? 0.08 : pad);
  return [low - extra, high + extra];
}

/* A frame with axes.  Returns {svg, x, y}: x and y turn data into pixels. */
function frame(o) {
  const W = o.width || 460,
    H = o.height || 270,
    left = o.left || 54,
    bottom = 40,
    top = 12,
    right = 14;
  const x = v => left + ((v - o.x[0]) / (o.x[1] - o.x[0])) * (W - left - right);
  const y = v => H - bottom - ((v - o.y[0]) / (o.y[1] - o.y[0])) * (H - bottom - top);
  const svg = s('svg', {viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': o.label || ''});
  for (const t of ticks(o.y[0], o.y[1], o.yTicks || 5)) {
    svg.append(
      s('line', {class: 'grid', x1: left, x2: W - right, y1: y(t.v), y2: y(t.v)}),
      s('text', {x: left - 7, y: y(t.v) + 4, 'text-anchor': 'end', class: 'soft'}, t.text)
    );
  }
  if (!o.noX)
    for (const t of ticks(o.x[0], o.x[1], o.xTicks || 6))
      svg.append(
        s('line', {class: 'grid', x1: x(t.v), x2: x(t.v), y1: top, y2: H - bottom}),
        s('text', {x: x(t.v), y: H - bottom + 16, 'text-anchor': 'middle', class: 'soft'}, t.text)
      );
  svg.append(
    s('line', {class: 'axis', x1: left, x2: W - right, y1: H - bottom, y2: H - bottom}),
    s('line', {class: 'axis', x1: left, x2: left, y1: top, y2: H - bottom}),
    s('text', {x: (left + W - right) / 2, y: H - 6, 'text-anchor': 'middle'}, o.xLabel || ''),
    s(
      'text',
      {
        x: 14,
        y: (H - bottom + top) / 2,
        'text-anchor': 'middle',
        transform: `rotate(-90 14 ${(H - bottom + top) / 2})`,
      },
      o.yLabel || ''
    )
  );
  return {svg, x, y, left, right: W - right, top, bottom: H - bottom};
}

const path = points =>
  points.map((p, i) => `${i ? 'L' : 'M'}${p[0].toFixed(1)} ${p[1].toFixed(1)}`).join('');

/* A smooth curve through points with rising x: monotone cubic (Fritsch & Carlson, SIAM J. Numer.
 * Anal. 17, 238 (1980)), so it makes no maximum that the points have not. */
function smooth(p) {
  const n = p.length,
    slope = [],
    tangent = [];
  for (let i = 0; i + 1 < n; i++)
    slope.push((p[i + 1][1] - p[i][1]) / (p[i + 1][0] - p[i][0] || 1e-9));
  for (let i = 0; i < n; i++) {
    const a = slope[i - 1],
      b = slope[i];
    tangent.push(a === undefined || b === undefined || a * b <= 0 ? 0 : (2 * a * b) / (a + b));
  }
  let d = `M${p[0][0]} ${p[0][1]}`;
  for (let i = 0; i + 1 < n; i++) {
    const w = (p[i + 1][0] - p[i][0]) / 3;
    d += `C${p[i][0] + w} ${p[i][1] + w * tangent[i]} ${p[i + 1][0] - w} ${p[i + 1][1] - w * tangent[i + 1]} ${p[i + 1][0]} ${p[i + 1][1]}`;
  }
  return d;
}

/* A curve through points that need not be monotone: tangents from the neighbours (Catmull-Rom). */
function round(p) {
  const tangent = p.map((q, i) => {
    const a = p[Math.max(0, i - 1)],
      b = p[Math.min(p.length - 1, i + 1)];
    return (b[1] - a[1]) / (b[0] - a[0] || 1e-9);
  });
  let d = `M${p[0][0]} ${p[0][1]}`;
  for (let i = 0; i + 1 < p.length; i++) {
    const w = (p[i + 1][0] - p[i][0]) / 3;
    d +=
      `C${p[i][0] + w} ${p[i][1] + w * tangent[i]} ${p[i + 1][0] - w} ` +
      `${p[i + 1][1] - w * tangent[i + 1]} ${p[i + 1][0]} ${p[i + 1][1]}`;
  }
  return d;
}

/* Several series of [x, y] with a key below. */
function lines(o, series) {
  const all = series.flatMap(q => q.points);
  const f = frame({...o, x: o.x || range(all.map(p => p[0])), y: o.y || range(all.map(p => p[1]))});
  series.forEach((q, i) => {
    const colour = q.colour || `var(--c${i % 8})`,
      at = q.points.map(p => [f.x(p[0]), f.y(p[1])]);
    f.svg.append(
      s('path', {
        d: q.smooth ? smooth(at) : q.round ? round(at) : path(at),
        fill: 'none',
        stroke: colour,
        'stroke-width': 1.8,
        'stroke-dasharray': q.dashed ? '5 4' : null,
      })
    );
    if (!q.bare)
      at.forEach((p, k) =>
        f.svg.append(
          s(
            'circle',
            {cx: p[0], cy: p[1], r: 3.4, fill: colour},
            s('title', {}, `${q.name || ''} ${number(q.points[k][0])}, ${number(q.points[k][1])}`)
          )
        )
      );
  });
  const key =
    series.length > 1 &&
    h(
      'div',
      {},
      series.map((q, i) =>
        h(
          'span',
          {class: 'key'},
          h('i', {style: `background:${q.colour || `var(--c${i % 8})`}`}),
          q.name
        )
      )
    );
  return [f.svg, key];
}
