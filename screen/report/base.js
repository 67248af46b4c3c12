'use strict';
/* base.js - the data, numbers for people, and elements.  Data reach the page as text nodes and
 * attributes only; nothing here or elsewhere makes markup out of them. */

const DATA = JSON.parse(document.getElementById('report-data').textContent);
const RUN = DATA.run,
  SCREEN = DATA.screen;

/* ---- elements ---- */

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity))
    if (child !== null && child !== undefined && child !== false)
      node.append(child.nodeType ? child : document.createTextNode(String(child)));
  return node;
}
const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
const link = name => '#/candidate/' + encodeURIComponent(name);
const card = (title, ...children) =>
  h('section', {class: 'card'}, title && h('h2', {}, title), children);

/* ---- columns of the ranking, by name ---- */

const COLUMNS = new Map();
RUN.columns.forEach((c, i) => {
  const data = RUN.data[i],
    coded = !Array.isArray(data);
  COLUMNS.set(c.name, {
    name: c.name,
    kind: c.kind,
    data,
    coded,
    get: coded ? row => (data.at[row] < 0 ? null : data.dict[data.at[row]]) : row => data[row],
  });
});
const value = (name, row) => (COLUMNS.has(name) ? COLUMNS.get(name).get(row) : null);
const known = v =>
  v !== null && v !== undefined && v !== '' && (typeof v !== 'number' || isFinite(v));
const has = name =>
  COLUMNS.has(name) &&
  (() => {
    for (let i = 0; i < RUN.n; i++) if (known(value(name, i))) return true;
    return false;
  })();

/* The interval of a number, where the ranking has columns for it: NAME_low and NAME_high, or NAME_error,
 * with the unit at the end (li_binding_ev, li_binding_error_ev) and with or without what NAME says of whom
 * (solubility_m_in_li, solubility_low). */
function interval(name, row) {
  const v = value(name, row),
    end = (UNITS.find(([e]) => name.endsWith(e)) || [''])[0];
  if (!known(v)) return null;
  const stem = end ? name.slice(0, -end.length) : name;
  for (const base of new Set([stem, stem.replace(/_m_in_li$/, '')])) {
    const low = value(base + '_low' + end, row),
      high = value(base + '_high' + end, row),
      e = value(base + '_error' + end, row);
    if (known(low) && known(high)) return [low, high];
    if (known(e)) return [v - Math.abs(e), v + Math.abs(e)];
  }
  return null;
}
function rankInterval(row) {
  for (const [low, high] of [
    ['rank_low', 'rank_high'],
    ['rank_p05', 'rank_p95'],
  ])
    if (known(value(low, row)) && known(value(high, row)))
      return [value(low, row), value(high, row)];
  return null;
}
/* Columns like p_top_5 or prob_top5: the probability to be among the first. */
const TOP_COLUMNS = [...COLUMNS.keys()].filter(n => /^(p|prob|probability)_top_?\d+/.test(n));

/* ---- words ---- */

const UNITS = [
  ['_ev_per_ang', 'eV/Å'],
  ['_ev_per_atom', 'eV/atom'],
  ['_j_per_m2', 'J/m²'],
  ['_n_per_m', 'N/m'],
  ['_mev', 'meV'],
  ['_ev', 'eV'],
  ['_gpa', 'GPa'],
  ['_ang3', 'Å³'],
  ['_ang2', 'Å²'],
  ['_ang', 'Å'],
  ['_ml', 'monolayers'],
  ['_percent', '%'],
  ['_deg', '°'],
  ['_k', 'K'],
  ['_v', 'V'],
  ['_h', 'h'],
  ['_s', 's'],
  ['_mah_per_g', 'mAh/g'],
  ['_nm', 'nm'],
];
const NAMES = {
  li_binding_ev: 'Li binding',
  migration_barrier_ev: 'Barrier',
  solubility_m_in_li: 'Solubility in Li',
  bulk_modulus_gpa: 'Bulk modulus',
  in_plane_stiffness_n_per_m: 'In-plane stiffness',
  layer_modulus_n_per_m: 'Layer modulus',
  li_binding_site: 'Site',
  migration_barrier_origin: 'Barrier from',
  lattice_a_ang: 'Lattice a',
  li_coverage_ml: 'Li coverage',
};
function unit(name) {
  const hit = UNITS.find(([end]) => name.endsWith(end));
  return hit ? hit[1] : '';
}
function heading(name) {
  const end = UNITS.find(([e]) => name.endsWith(e));
  const bare = NAMES[name] || (end ? name.slice(0, -end[0].length) : name).replace(/_/g, ' ');
  const text = bare.charAt(0).toUpperCase() + bare.slice(1);
  return end ? `${text}, ${end[1]}` : text;
}
const SCORES = /^(lithiophilicity|robustness|score)/;
function number(v, name) {
  if (!known(v)) return '–';
  if (typeof v !== 'number') return String(v);
  if (Number.isInteger(v) && Math.abs(v) < 1e6 && !SCORES.test(name || '')) return String(v);
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-3 || size >= 1e6))
    return v.toExponential(1).replace('-', '−').replace('e+', 'e');
  const digits = /gpa|per_m$|ang2|ang3/.test(name || '')
    ? 1
    : SCORES.test(name || '') || /_ev/.test(name || '')
      ? 3
      : size >= 100
        ? 0
        : size >= 10
          ? 1
          : 3;
  return v.toFixed(digits).replace('-', '−');
}
function show(name, v) {
  const c = COLUMNS.get(name);
  if (!known(v)) return '–';
  if (c && c.kind === 'flag') return v ? 'yes' : 'no';
  return typeof v === 'number' ? number(v, name) : v;
}
function duration(seconds) {
  if (!known(seconds)) return '–';
  if (seconds < 90) return seconds.toFixed(seconds < 10 ? 1 : 0) + ' s';
  if (seconds < 5400) return (seconds / 60).toFixed(0) + ' min';
  return (seconds / 3600).toFixed(1) + ' h';
}
const plural = (n, word) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;

/* ---- families and their colours ---- */

const FAMILIES = (() => {
  const count = new Map();
  for (let i = 0; i < RUN.n; i++) {
    const f = value('family', i) || 'other';
    count.set(f, (count.get(f) || 0) + 1);
  }
  const fixed = ['metal', 'alloy', 'mxene', 'oxide', 'fluoride', 'nitride', 'other'];
  const names = [...count.keys()].sort(
    (a, b) => ((fixed.indexOf(a) + 99) % 99) - ((fixed.indexOf(b) + 99) % 99)
  );
  return new Map(
    names.map((f, i) => [
      f,
      {n: count.get(f), colour: `var(--c${fixed.includes(f) ? fixed.indexOf(f) : i % 8})`},
    ])
  );
})();
const familyOf = row => value('family', row) || 'other';
const colourOf = row => FAMILIES.get(familyOf(row)).colour;

/* ---- details, read when they are asked for ---- */

let detailLines = null;
const detailOf = new Map();
function detail(name) {
  if (!detailLines) {
    detailLines = document
      .getElementById('report-details')
      .textContent.split('\n')
      .filter(line => line);
    detailLines.forEach((line, i) => {
      const end = line.indexOf(',"formula"');
      detailOf.set(JSON.parse(line.slice(line.indexOf(':') + 1, end)), i);
    });
  }
  return detailOf.has(name) ? JSON.parse(detailLines[detailOf.get(name)]) : null;
}
const rowOf = (() => {
  let index = null;
  return name => {
    if (!index) {
      index = new Map();
      for (let i = RUN.n - 1; i >= 0; i--) index.set(value('candidate', i), i);
    }
    return index.has(name) ? index.get(name) : -1;
  };
})();
