'use strict';
/* night.js - the log of the run in one screen, and how to read the report. */

const tile = (number_, text, kind) =>
  h(
    'div',
    {class: 'card tile'},
    h('b', {class: kind || ''}, number_),
    h('span', {class: 'soft small'}, text)
  );

function nightCounts() {
  const c = {done: 0, failed: 0, unconverged: 0, seconds: 0};
  for (const k of RUN.log.kinds) {
    c[k.status] = (c[k.status] || 0) + k.n;
    c.seconds += k.wall_s || 0;
  }
  const tasks = (SCREEN.state && SCREEN.state.tasks) || [];
  c.crashed = tasks.filter(t => t.state !== 'running');
  c.running = tasks.filter(t => t.state === 'running');
  return c;
}

function kindRows() {
  const kinds = new Map();
  for (const k of RUN.log.kinds) {
    const row = kinds.get(k.kind) || {kind: k.kind, done: 0, other: 0, seconds: 0, mib: 0};
    row[k.status === 'done' ? 'done' : 'other'] += k.n;
    row.seconds += k.wall_s || 0;
    row.mib = Math.max(row.mib, k.peak_rss_mib || 0);
    kinds.set(k.kind, row);
  }
  return [...kinds.values()].sort((a, b) => b.seconds - a.seconds);
}

/* RUN/remedies.json counts them by symptom; else what the records' results name. */
function remediesCard() {
  const counted = Array.isArray(SCREEN.remedies)
    ? SCREEN.remedies
    : (SCREEN.remedies || {}).remedies;
  if (Array.isArray(counted) && counted.length)
    return card(
      'Remedies used',
      tableOf(
        ['symptom', 'remedy', '#tried', '#helped'],
        counted.map(r => [
          r.symptom || '',
          r.remedy || '',
          String(r.tried ?? ''),
          String(r.helped ?? ''),
        ])
      )
    );
  return card(
    'Remedies used',
    RUN.log.remedies.length
      ? tableOf(
          ['#times', 'remedy'],
          RUN.log.remedies.map(r => [String(r.n), String(r.remedy)])
        )
      : h('p', {class: 'soft'}, 'None is recorded.')
  );
}

function retryCard(c) {
  const again = c.failed + c.unconverged,
    lines_ = [];
  if (again)
    lines_.push(
      `compute ${plural(again, 'task')} again that left a record without a usable number`
    );
  if (c.crashed.length)
    lines_.push(
      `start ${plural(c.crashed.length, 'task')} again that died without a record (the next run does so in any case)`
    );
  return card(
    'What a retry would do',
    lines_.length
      ? h(
          'ul',
          {class: 'reasons'},
          lines_.map(t => h('li', {}, t)),
          h('li', {}, 'and then whatever waits for them; finished tasks are never computed twice')
        )
      : h('p', {class: 'good'}, 'Nothing: every task gave a usable number.'),
    lines_.length > 0 && h('p', {class: 'small soft'}, 'liscreen retry RUN')
  );
}

function nightView() {
  const c = nightCounts(),
    rows = kindRows(),
    most = Math.max(1, ...rows.map(r => r.seconds));
  const unranked = [];
  for (let r = N_RANKED; r < RUN.n && unranked.length < 100; r++)
    unranked.push([
      h('a', {href: link(value('candidate', r))}, value('candidate', r)),
      value('reason', r),
    ]);
  return {
    view: h(
      'div',
      {},
      h(
        'div',
        {class: 'tiles'},
        tile(c.done.toLocaleString('en'), 'tasks done', 'good'),
        tile(c.unconverged.toLocaleString('en'), 'not converged', c.unconverged ? 'bad' : ''),
        tile(c.failed.toLocaleString('en'), 'without a usable number', c.failed ? 'bad' : ''),
        tile(
          c.crashed.length.toLocaleString('en'),
          'died or refused',
          c.crashed.length ? 'bad' : ''
        ),
        tile((c.seconds / 3600).toFixed(2), 'core-hours'),
        tile(
          `${N_RANKED.toLocaleString('en')} of ${RUN.n.toLocaleString('en')}`,
          'candidates ranked'
        )
      ),
      h(
        'div',
        {class: 'masonry', style: 'margin:0'},
        card(
          'Where the time went',
          tableOf(
            ['task', '#done', '#not', '#time', '', '#most memory'],
            rows.map(r => [
              r.kind,
              String(r.done),
              r.other ? h('span', {class: 'bad'}, r.other) : '0',
              duration(r.seconds),
              h('div', {
                style: `height:9px;border-radius:5px;background:var(--c0);width:${Math.max(2, (120 * r.seconds) / most)}px;margin-top:6px`,
              }),
              r.mib ? `${r.mib.toFixed(0)} MiB` : '–',
            ])
          )
        ),
        card(
          'What failed, by reason',
          RUN.log.failures.length
            ? tableOf(
                ['#tasks', 'status', 'reason', 'for example'],
                RUN.log.failures.map(f => [
                  String(f.n),
                  f.status,
                  f.reason || '',
                  f.example ? h('a', {href: link(f.example)}, f.example) : short(f.key),
                ])
              )
            : h('p', {class: 'good'}, 'No task failed.'),
          c.crashed.length > 0 && [
            h('h3', {}, 'Died without a record'),
            tableOf(
              ['task', 'reason'],
              c.crashed.slice(0, 100).map(t => [short(t.key), t.reason || ''])
            ),
          ]
        ),
        remediesCard(),
        retryCard(c),
        card(
          'Longest tasks',
          tableOf(
            ['task', 'candidate', '#time', 'key'],
            RUN.log.slowest.map(t => [
              t.kind,
              t.candidate || 'shared',
              duration(t.wall_s),
              short(t.key),
            ])
          )
        ),
        SCREEN.campaign &&
          h(
            'section',
            {class: 'card'},
            h('h2', {}, 'What was asked'),
            h('pre', {}, SCREEN.campaign)
          )
      ),
      h(
        'div',
        {class: 'cards'},
        unranked.length > 0 &&
          h(
            'section',
            {class: 'card wide long'},
            h('h2', {}, 'Not ranked, and why'),
            tableOf(['candidate', 'reason'], unranked),
            RUN.n - N_RANKED > 100 &&
              h(
                'p',
                {class: 'soft small'},
                `and ${(RUN.n - N_RANKED - 100).toLocaleString('en')} more: they stand at the end of the table`
              )
          )
      )
    ),
  };
}

const MEANINGS = [
  [
    'lithiophilicity',
    'does lithium wet, alloy with and dissolve it: 0 to 1 from documented curves (descriptors/SCORES.md)',
  ],
  [
    'robustness',
    'does lithium spread, and does the interface give way instead of breaking: 0 to 1',
  ],
  [
    'li_binding_ev',
    'E(slab + Li) − E(slab) − E(bulk Li), per Li at its best site; negative binds; 0 is as good as in lithium',
  ],
  [
    'migration_barrier_ev',
    'what an adatom has to climb to go on; migration_barrier_origin says whether a path was computed or it is an estimate from site energies',
  ],
  [
    'solubility_m_in_li',
    'atomic fraction of the metal that dissolves in bcc lithium at 298 K; empty is not known, 0 is known to be none',
  ],
  ['bulk_modulus_gpa', 'stiffness of the solid; empty for sheets, where it has no meaning'],
  ['in_plane_stiffness_n_per_m', 'stiffness of a sheet in its plane'],
  [
    'missing_terms',
    'terms of the scores without a value: each counts as its prior, 1/2 on average, so read them before ordering anything',
  ],
  ['n_used', 'of n_planned calculations how many gave the numbers of the row'],
  ['reason', 'why it stands where it stands, or why it could not be ranked'],
];

function readingView() {
  const told = new Set(MEANINGS.map(m => m[0]));
  return {
    view: h(
      'div',
      {class: 'cards', style: 'margin:0'},
      h(
        'section',
        {class: 'card wide'},
        h('h2', {}, 'How to read it'),
        h(
          'p',
          {},
          'Each candidate is a surface that lithium could be plated on. Two scores say how good it may be; the dashed line joins those that nothing beats on both. A dash is a number that nobody knows, never a zero. Every page shows the calculations and data behind its numbers, with the keys of their records.'
        ),
        h(
          'p',
          {},
          'Filter with words (',
          h('code', {}, 'Ag oxide'),
          ') and conditions (',
          h('code', {}, 'li_binding_ev<-0.2 robustness>0.5'),
          '); click a heading to sort; print any page for a PDF.'
        )
      ),
      h(
        'section',
        {class: 'card wide long'},
        h('h2', {}, 'Columns'),
        facts(MEANINGS.filter(m => COLUMNS.has(m[0]))),
        h('h3', {}, 'also'),
        h(
          'p',
          {class: 'small'},
          [...COLUMNS.keys()].filter(n => !told.has(n)).map(n => [h('code', {}, n), '  '])
        )
      )
    ),
  };
}
