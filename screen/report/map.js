'use strict';
/* map.js - the two axes: every ranked candidate, error bars or ellipses, the Pareto front. */

const AXIS_X = 'lithiophilicity',
  AXIS_Y = 'robustness';
const MOST_DOTS = 1500; /* of more than these, the first FEW_DOTS; the rest go onto a canvas below */
const FEW_DOTS = 300;

/* Rows that no other row beats on both axes, by rising x. */
function paretoFront(rows) {
  const sorted = rows
    .slice()
    .sort((a, b) => value(AXIS_X, b) - value(AXIS_X, a) || value(AXIS_Y, b) - value(AXIS_Y, a));
  const front = [];
  let best = -Infinity;
  for (const row of sorted)
    if (value(AXIS_Y, row) > best) {
      best = value(AXIS_Y, row);
      front.push(row);
    }
  return front.reverse();
}

/* Labels where they hide neither dots nor each other; those without room are left out. */
function placeLabels(f, rows, most) {
  const taken = rows.map(r => [f.x(value(AXIS_X, r)) - 6, f.y(value(AXIS_Y, r)) - 6, 12, 12]);
  const free = box =>
    taken.every(
      t =>
        box[0] + box[2] < t[0] ||
        t[0] + t[2] < box[0] ||
        box[1] + box[3] < t[1] ||
        t[1] + t[3] < box[1]
    ) &&
    box[0] >= f.left &&
    box[0] + box[2] <= f.right &&
    box[1] >= f.top &&
    box[1] + box[3] <= f.bottom;
  const out = [];
  for (const row of rows.slice(0, most)) {
    const text = value('candidate', row),
      w = 6.7 * text.length,
      x = f.x(value(AXIS_X, row)),
      y = f.y(value(AXIS_Y, row));
    const places = [
      [x + 9, y - 7],
      [x - 9 - w, y - 7],
      [x - w / 2, y - 22],
      [x - w / 2, y + 9],
      [x + 7, y - 20],
      [x + 7, y + 6],
      [x - 7 - w, y - 20],
      [x - 7 - w, y + 6],
    ];
    const place = places.find(p => free([p[0], p[1], w, 14]));
    if (!place) continue;
    taken.push([place[0], place[1], w, 14]);
    out.push(s('text', {x: place[0], y: place[1] + 11, class: 'label'}, text));
  }
  return out;
}

function errorMarks(f, row) {
  const ix = interval(AXIS_X, row),
    iy = interval(AXIS_Y, row),
    x = value(AXIS_X, row),
    y = value(AXIS_Y, row);
  const colour = colourOf(row),
    marks = [];
  if (ix && iy)
    marks.push(
      s('ellipse', {
        cx: f.x((ix[0] + ix[1]) / 2),
        cy: f.y((iy[0] + iy[1]) / 2),
        rx: Math.abs(f.x(ix[1]) - f.x(ix[0])) / 2,
        ry: Math.abs(f.y(iy[1]) - f.y(iy[0])) / 2,
        fill: colour,
        'fill-opacity': 0.05,
        stroke: colour,
        'stroke-opacity': 0.35,
      })
    );
  if (ix)
    marks.push(
      s('line', {
        x1: f.x(ix[0]),
        x2: f.x(ix[1]),
        y1: f.y(y),
        y2: f.y(y),
        stroke: colour,
        'stroke-opacity': 0.55,
      })
    );
  if (iy)
    marks.push(
      s('line', {
        x1: f.x(x),
        x2: f.x(x),
        y1: f.y(iy[0]),
        y2: f.y(iy[1]),
        stroke: colour,
        'stroke-opacity': 0.55,
      })
    );
  return marks;
}

function cloud(f, W, H, rows) {
  const canvas = h('canvas', {
    width: 2 * W,
    height: 2 * H,
    style: 'left:0;top:0;width:100%;height:100%',
  });
  const g = canvas.getContext('2d'),
    style = getComputedStyle(document.documentElement),
    colours = new Map();
  for (const [name, fam] of FAMILIES)
    colours.set(name, style.getPropertyValue(fam.colour.slice(4, -1)));
  g.globalAlpha = Math.max(0.08, Math.min(0.5, 3000 / rows.length));
  for (const row of rows) {
    g.fillStyle = colours.get(familyOf(row));
    g.fillRect(2 * f.x(value(AXIS_X, row)) - 2, 2 * f.y(value(AXIS_Y, row)) - 2, 4, 4);
  }
  return canvas;
}

/* rows: those to draw, the first in rank first. */
function drawMap(rows) {
  const W = 760,
    H = 600;
  const f = frame({
    width: W,
    height: H,
    x: [-0.02, 1.03],
    y: [-0.02, 1.03],
    xLabel: 'lithiophilicity  (wets, alloys, dissolves →)',
    yLabel: 'interface robustness  (spreads, yields, stays →)',
    label: 'Map of the two scores',
    yTicks: 6,
  });
  const score = v => known(v) && v >= 0 && v <= 1; /* anything else is no score, and has no place */
  const drawn = rows.filter(r => score(value(AXIS_X, r)) && score(value(AXIS_Y, r)));
  const near = drawn.length > MOST_DOTS ? drawn.slice(0, FEW_DOTS) : drawn,
    front = paretoFront(drawn);
  const box = h('div', {class: 'map'});
  if (drawn.length > MOST_DOTS) box.append(cloud(f, W, H, drawn.slice(FEW_DOTS)));
  if (drawn.length <= 200) for (const row of drawn) f.svg.append(...errorMarks(f, row));
  if (front.length) {
    const corner = front.map(r => [f.x(value(AXIS_X, r)), f.y(value(AXIS_Y, r))]);
    let d = `M${f.x(0)} ${corner[0][1]}`;
    corner.forEach((p, i) => {
      d += `L${p[0]} ${p[1]}`;
      d += i + 1 < corner.length ? `L${p[0]} ${corner[i + 1][1]}` : `L${p[0]} ${f.y(0)}`;
    });
    f.svg.append(s('path', {d, class: 'frontline'}));
  }
  const tip = h('div', {class: 'tip', hidden: ''});
  const say = (row, event) => {
    tip.hidden = false;
    const at = box.getBoundingClientRect();
    tip.style.left = event.clientX - at.left + 'px';
    tip.style.top = event.clientY - at.top + 'px';
    tip.textContent = `${value('rank', row) || '–'}  ${value('candidate', row)}   ${number(value(AXIS_X, row), AXIS_X)} / ${number(value(AXIS_Y, row), AXIS_Y)}`;
  };
  for (const row of near.slice().reverse())
    f.svg.append(
      s('circle', {
        class: 'dot',
        cx: f.x(value(AXIS_X, row)),
        cy: f.y(value(AXIS_Y, row)),
        r: drawn.length > 100 ? 4.5 : 6,
        fill: colourOf(row),
        tabindex: drawn.length > 100 ? null : 0,
        'aria-label': value('candidate', row),
        onclick: () => {
          location.hash = link(value('candidate', row));
        },
        onkeydown: e => {
          if (e.key === 'Enter') location.hash = link(value('candidate', row));
        },
        onmousemove: e => say(row, e),
        onmouseleave: () => {
          tip.hidden = true;
        },
      })
    );
  const named = [...new Set([...front, ...near])];
  f.svg.append(...placeLabels(f, drawn.length > 40 ? named : near, drawn.length > 40 ? 22 : 40));
  box.append(f.svg, tip);
  return box;
}
