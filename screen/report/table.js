'use strict';
/* table.js - the ranked table: sorts and filters any number of rows, draws those in view. */

const ROW = 34;
const MAIN_COLUMNS = [
  'rank',
  'candidate',
  'family',
  'lithiophilicity',
  'robustness',
  'li_binding_ev',
  'migration_barrier_ev',
  'solubility_m_in_li',
  'bulk_modulus_gpa',
  'in_plane_stiffness_n_per_m',
  'reason',
];

function shownColumns(all) {
  const main = MAIN_COLUMNS.slice();
  for (const name of TOP_COLUMNS.slice(0, 1))
    if (COLUMNS.has(name)) main.splice(main.length - 1, 0, name);
  if (!all)
    return main.filter(
      n => COLUMNS.has(n) && (['rank', 'candidate', 'reason'].includes(n) || has(n))
    );
  return [...COLUMNS.keys()];
}
const isText = name => COLUMNS.get(name).kind === 'text';
const width = name =>
  name === 'candidate'
    ? 'minmax(8.5rem,1fr)'
    : name === 'reason'
      ? 'minmax(16rem,4fr)'
      : name === 'rank'
        ? '3.4rem'
        : isText(name)
          ? COLUMNS.get(name).coded && name !== 'notes'
            ? 'minmax(5.5rem,.6fr)'
            : 'minmax(14rem,2fr)'
          : name === 'lithiophilicity'
            ? '7rem'
            : '6.1rem';

/* Words that a row must hold, and conditions like li_binding_ev<-0.2. */
function parseFilter(text) {
  const tests = [],
    words = [];
  for (const part of text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter(p => p)) {
    const m = part.match(/^([a-z_0-9]+)(<=|>=|<|>|=)(.+)$/);
    if (!m) {
      words.push(part);
      continue;
    }
    const name = COLUMNS.has(m[1]) ? m[1] : [...COLUMNS.keys()].find(n => n.startsWith(m[1]));
    if (!name) return {error: `no column begins with “${m[1]}”`};
    if (isText(name)) {
      tests.push(r =>
        String(value(name, r) || '')
          .toLowerCase()
          .includes(m[3])
      );
      continue;
    }
    const wanted = Number(m[3].replace('−', '-'));
    if (!isFinite(wanted)) return {error: `“${m[3]}” is no number`};
    const compare = {
      '<': v => v < wanted,
      '>': v => v > wanted,
      '<=': v => v <= wanted,
      '>=': v => v >= wanted,
      '=': v => v === wanted,
    }[m[2]];
    tests.push(r => known(value(name, r)) && compare(value(name, r)));
  }
  return {tests, words};
}

const haystacks = [];
const TEXTS = [...COLUMNS.values()].filter(c => c.kind === 'text');
function haystack(row) {
  if (haystacks[row] === undefined)
    haystacks[row] = TEXTS.map(c => c.get(row) || '')
      .join('\n')
      .toLowerCase();
  return haystacks[row];
}

function select(state) {
  const wanted = parseFilter(state.filter),
    rows = [];
  if (wanted.error) return {rows: state.rows, error: wanted.error};
  for (let r = 0; r < RUN.n; r++) {
    if (state.off.size && state.off.has(familyOf(r))) continue;
    if (!wanted.tests.every(t => t(r))) continue;
    if (wanted.words.length) {
      const hay = haystack(r);
      if (!wanted.words.every(w => hay.includes(w))) continue;
    }
    rows.push(r);
  }
  return {rows, error: ''};
}

/* Unknown values come last whichever way it is sorted; ties keep the order of the ranking. */
function sortRows(rows, name, falling) {
  const column = COLUMNS.get(name),
    sign = falling ? -1 : 1,
    keys = new Array(RUN.n);
  for (const r of rows) keys[r] = column.get(r);
  rows.sort((a, b) => {
    const x = keys[a],
      y = keys[b];
    if (x === y) return a - b;
    if (!known(x)) return 1;
    if (!known(y)) return -1;
    return (x < y ? -1 : 1) * sign;
  });
}

function drawTable(state, onRows) {
  const body = h('div', {class: 'body', role: 'rowgroup'}),
    head = h('div', {class: 'row head', role: 'row'});
  const grid = h(
    'div',
    {class: 'grid', role: 'grid', 'aria-label': 'Ranked candidates', tabindex: 0},
    head,
    body
  );
  const note = h('span', {class: 'small soft', role: 'status'}),
    paper = h('table', {class: 'paper', style: 'table-layout:fixed'});
  let columns = [],
    live = new Map();

  function rowElement(r, i) {
    const go = () => {
      location.hash = link(value('candidate', r));
    };
    return h(
      'div',
      {
        class: 'row',
        role: 'row',
        tabindex: -1,
        'aria-rowindex': i + 2,
        style: `top:${i * ROW}px;grid-template-columns:${state.template}`,
        onclick: go,
      },
      columns.map(name =>
        h(
          'div',
          {
            role: 'gridcell',
            class: `cell${isText(name) ? '' : ' r'}${name === 'candidate' ? ' name' : ''}`,
            title: isText(name) ? value(name, r) || '' : null,
          },
          name === 'rank'
            ? value('rank', r) || '–'
            : name === 'candidate'
              ? h('a', {href: link(value(name, r))}, value(name, r))
              : show(name, value(name, r))
        )
      )
    );
  }
  function paint() {
    const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - 8),
      last = Math.min(state.rows.length, first + Math.ceil((grid.clientHeight || 600) / ROW) + 16);
    const next = new Map();
    for (let i = first; i < last; i++) {
      const r = state.rows[i],
        old = live.get(i);
      if (old && old.row === r) {
        next.set(i, old);
        live.delete(i);
        continue;
      }
      const node = rowElement(r, i);
      body.append(node);
      next.set(i, {row: r, node});
    }
    for (const old of live.values()) old.node.remove();
    live = next;
  }
  function refresh() {
    for (const old of live.values()) old.node.remove();
    live = new Map();
    body.style.height = state.rows.length * ROW + 'px';
    grid.style.height = Math.min(state.rows.length * ROW + 50, 0.72 * innerHeight) + 'px';
    paint();
  }
  function header() {
    columns = shownColumns(state.all);
    state.template = columns.map(width).join(' ');
    const least = columns.reduce(
      (sum, n) =>
        sum +
        (n === 'candidate' ? 8.5 : n === 'reason' ? 16 : n === 'rank' ? 3.4 : isText(n) ? 8 : 6.6),
      0
    );
    body.style.minWidth = head.style.minWidth = least + 'rem';
    head.style.gridTemplateColumns = state.template;
    head.replaceChildren(
      ...columns.map(name =>
        h(
          'div',
          {
            role: 'columnheader',
            class: `cell${isText(name) ? '' : ' r'}${state.sort === name ? ' on' : ''}`,
            title: `${name}: click to sort`,
            tabindex: 0,
            'aria-sort':
              state.sort === name ? (state.falling ? 'descending' : 'ascending') : 'none',
            onclick: () => sortBy(name),
            onkeydown: e => {
              if (e.key === 'Enter') sortBy(name);
            },
          },
          heading(name),
          state.sort === name ? (state.falling ? ' ▼' : ' ▲') : ''
        )
      )
    );
  }
  function sortBy(name) {
    const better = ['lithiophilicity', 'robustness', ...TOP_COLUMNS].includes(name);
    state.falling = state.sort === name ? !state.falling : better;
    state.sort = name;
    update(false);
  }
  function update(changed) {
    const picked = select(state);
    note.className = picked.error ? 'small bad' : 'small soft';
    note.textContent =
      picked.error ||
      (picked.rows.length === RUN.n
        ? plural(RUN.n, 'candidate')
        : `${picked.rows.length.toLocaleString('en')} of ${plural(RUN.n, 'candidate')}`);
    if (picked.error) return;
    state.rows = picked.rows;
    if (state.sort !== 'rank' || state.falling) sortRows(state.rows, state.sort, state.falling);
    header();
    grid.scrollTop = 0;
    refresh();
    if (changed !== false) onRows(picked.rows);
  }
  function onPaper() {
    const names = columns.filter(n => n !== 'family');
    paper.replaceChildren(
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          names.map(n =>
            h(
              'th',
              {style: n === 'reason' ? 'width:42%' : n === 'candidate' ? 'width:11%' : null},
              heading(n)
            )
          )
        )
      ),
      h(
        'tbody',
        {},
        state.rows.slice(0, 200).map(r =>
          h(
            'tr',
            {},
            names.map(n => h('td', {class: isText(n) ? null : 'r'}, show(n, value(n, r))))
          )
        )
      )
    );
  }
  let waiting = 0;
  const search = h('input', {
    type: 'search',
    placeholder: 'Filter: Ag  oxide  li_binding_ev<-0.2',
    'aria-label': 'Filter',
    value: state.filter,
    oninput: e => {
      state.filter = e.target.value;
      clearTimeout(waiting);
      waiting = setTimeout(update, 120);
    },
  });
  const chips = [...FAMILIES].map(([name, f]) => {
    const chip = h(
      'button',
      {
        class: 'chip' + (state.off.has(name) ? ' off' : ''),
        'aria-pressed': String(!state.off.has(name)),
        onclick: () => {
          if (state.off.has(name)) state.off.delete(name);
          else state.off.add(name);
          chip.classList.toggle('off', state.off.has(name));
          chip.setAttribute('aria-pressed', String(!state.off.has(name)));
          update();
        },
      },
      h('i', {style: `background:${f.colour}`}),
      `${name} ${f.n.toLocaleString('en')}`
    );
    return chip;
  });
  const more = h(
    'button',
    {
      onclick: () => {
        state.all = !state.all;
        more.textContent = state.all ? 'main columns' : 'all columns';
        header();
        refresh();
      },
    },
    state.all ? 'main columns' : 'all columns'
  );
  grid.addEventListener('scroll', paint, {passive: true});
  const section = h(
    'section',
    {class: 'card long'},
    h('div', {class: 'tools'}, search, FAMILIES.size > 1 && chips, more, note),
    grid,
    paper
  );
  return {section, update, refresh, onPaper};
}
