'use strict';
/* ranking.js - the first page: map, the best and why, the table. */

const tableState = {filter: '', off: new Set(), sort: 'rank', falling: false, all: false, rows: []};
const N_RANKED = (() => {
  let n = 0;
  while (n < RUN.n && value('rank', n)) n++;
  return n;
})();

function chance(row) {
  const span = rankInterval(row),
    parts = [];
  if (span) parts.push(`rank ${span[0]}–${span[1]}`);
  for (const name of TOP_COLUMNS.slice(0, 1))
    if (known(value(name, row)))
      parts.push(`${Math.round(100 * value(name, row))} % in the top ${name.match(/\d+/)[0]}`);
  return parts.join(', ');
}

function bestList() {
  const items = [];
  for (let r = 0; r < N_RANKED && items.length < 5; r++) {
    if (value('formula', r) === 'Li') continue; /* the reference, and no sample */
    const missing = value('missing_terms', r);
    items.push(
      h(
        'li',
        {},
        h('span', {class: 'rank'}, value('rank', r)),
        h(
          'div',
          {},
          h('b', {}, h('a', {href: link(value('candidate', r))}, value('candidate', r))),
          h(
            'span',
            {class: 'scores num'},
            `${number(value(AXIS_X, r), AXIS_X)} / ${number(value(AXIS_Y, r), AXIS_Y)}`
          ),
          chance(r) && h('span', {class: 'scores'}, chance(r)),
          h('div', {class: 'small'}, value('reason', r) || ''),
          missing && h('div', {class: 'warn', style: 'margin-top:.3rem'}, 'not known: ', missing)
        )
      )
    );
  }
  return h(
    'section',
    {class: 'card'},
    h('h2', {}, 'Make next'),
    items.length
      ? h('ol', {class: 'best'}, items)
      : h(
          'p',
          {class: 'soft'},
          'Nothing could be ranked yet; ',
          h('a', {href: '#/night'}, 'the night'),
          ' says why.'
        )
  );
}

function rankingView() {
  const holder = h('div', {});
  const onRows = rows => holder.replaceChildren(drawMap(rows.slice().sort((a, b) => a - b)));
  const table = drawTable(tableState, onRows);
  const legend = h(
    'p',
    {class: 'small soft'},
    h('span', {style: 'color:var(--front)'}, '- - -'),
    ' Pareto front: nothing beats these on both axes. ',
    interval(AXIS_X, 0) || interval(AXIS_Y, 0)
      ? 'Bars and ellipses: the stated errors. '
      : 'This run states no errors of the scores. ',
    'Click a dot for its page.'
  );
  const view = h(
    'div',
    {},
    h(
      'div',
      {class: 'front'},
      h('section', {class: 'card'}, h('h2', {}, 'The two axes'), holder, legend),
      bestList()
    ),
    table.section
  );
  return {view, after: () => table.update(), print: table.onPaper, resize: table.refresh};
}
