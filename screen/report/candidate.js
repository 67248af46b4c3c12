'use strict';
/* candidate.js - the page of one candidate: picture, energies, phases, elasticity, what was computed how. */

const facts = pairs =>
  h(
    'dl',
    {class: 'facts'},
    pairs.filter(p => known(p[1])).map(p => [h('dt', {}, p[0]), h('dd', {}, p[1])])
  );
const tableOf = (heads, rows) =>
  h(
    'div',
    {class: 'scroll'},
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map(t => h('th', {class: t.startsWith('#') ? 'r' : null}, t.replace('#', '')))
        )
      ),
      h(
        'tbody',
        {},
        rows.map(cells =>
          h(
            'tr',
            {},
            cells.map((c, i) => h('td', {class: heads[i].startsWith('#') ? 'r' : null}, c))
          )
        )
      )
    )
  );
const short = key => h('code', {title: key}, key.slice(0, 12));
const safeSvg = svg =>
  'data:image/svg+xml;charset=utf-8,' +
  encodeURIComponent(svg); /* in <img>, where no script runs */

function gauge(name, row) {
  const v = value(name, row),
    span = interval(name, row);
  return h(
    'div',
    {class: 'gauge'},
    h('span', {}, heading(name)),
    h(
      'div',
      {class: 'bar'},
      known(v) && h('i', {style: `width:${100 * Math.max(0, Math.min(1, v))}%`})
    ),
    h(
      'span',
      {class: 'num'},
      number(v, name),
      span && h('span', {class: 'soft small'}, ` ±${((span[1] - span[0]) / 2).toFixed(2)}`)
    )
  );
}

function heroCard(row, d) {
  const reasons = (value('reason', row) || '').split('; ').filter(t => t),
    missing = value('missing_terms', row),
    rank = value('rank', row);
  return h(
    'section',
    {class: 'card'},
    h(
      'div',
      {class: 'hero'},
      h(
        'div',
        {},
        h('h1', {}, value('candidate', row)),
        h(
          'p',
          {style: 'margin-top:.5rem'},
          ['family', 'facet', 'state'].map(
            n => known(value(n, row)) && h('span', {class: 'badge'}, value(n, row))
          ),
          d && d.formula && h('span', {class: 'badge'}, d.formula)
        ),
        h(
          'ul',
          {class: 'reasons'},
          reasons.map(t => h('li', {}, t))
        ),
        value('notes', row) && h('p', {class: 'small soft'}, value('notes', row)),
        missing && h('p', {class: 'warn'}, 'not known, and not counted as zero: ', missing),
        value('next_calculation', row) &&
          h('p', {class: 'small'}, h('b', {}, 'Next calculation: '), value('next_calculation', row))
      ),
      h(
        'div',
        {},
        h(
          'p',
          {},
          h('b', {style: 'font-size:1.7rem'}, rank ? `Rank ${rank}` : 'Not ranked'),
          h('span', {class: 'soft'}, rank ? ` of ${N_RANKED.toLocaleString('en')}` : ''),
          chance(row) && h('span', {class: 'soft'}, `, ${chance(row)}`)
        ),
        gauge(AXIS_X, row),
        gauge(AXIS_Y, row)
      )
    )
  );
}

function pictureCard(d) {
  if (!d.picture) return null;
  return card(
    'Surface and lithium sites',
    h('img', {
      class: 'picture',
      alt: `Slab of ${d.candidate} from above and from the side, with its sites`,
      src: safeSvg(d.picture),
    })
  );
}

/* Energies of the sites, lowest first. */
function sitesOf(d) {
  return d.descriptors
    .filter(q => q.name.startsWith('li_binding:') && known(q.value))
    .map(q => ({label: q.name.slice(11), e: q.value}))
    .sort((a, b) => a.e - b.e);
}
function sitesCard(d) {
  const sites = sitesOf(d);
  if (!sites.length) return null;
  const W = 460,
    rowH = 28,
    left = 150,
    H = sites.length * rowH + 46,
    span = range([...sites.map(q => q.e), 0], 0.06);
  const x = v => left + ((v - span[0]) / (span[1] - span[0])) * (W - left - 60);
  const svg = s('svg', {
    viewBox: `0 0 ${W} ${H}`,
    role: 'img',
    'aria-label': 'Binding energy at each site',
  });
  for (const t of ticks(span[0], span[1], 5))
    svg.append(
      s('line', {class: 'grid', x1: x(t.v), x2: x(t.v), y1: 6, y2: H - 40}),
      s('text', {class: 'soft', x: x(t.v), y: H - 24, 'text-anchor': 'middle'}, t.text)
    );
  svg.append(
    s('line', {class: 'axis', x1: x(0), x2: x(0), y1: 6, y2: H - 40}),
    s(
      'text',
      {x: (left + W - 60) / 2, y: H - 6, 'text-anchor': 'middle'},
      'eV per Li against bulk lithium; left binds'
    )
  );
  sites.forEach((q, i) => {
    const y = 6 + i * rowH + rowH / 2,
      colour = i ? 'var(--c0)' : 'var(--accent)';
    svg.append(
      s('text', {x: left - 12, y: y + 4, 'text-anchor': 'end'}, q.label),
      s('line', {x1: x(0), x2: x(q.e), y1: y, y2: y, stroke: colour, 'stroke-width': 3}),
      s('circle', {cx: x(q.e), cy: y, r: 5, fill: colour}),
      s('text', {x: W - 4, y: y + 4, 'text-anchor': 'end'}, number(q.e, 'x_ev'))
    );
  });
  return card('Where lithium binds', svg);
}

/* Points between two sites of a rigid slab, with the sites at the ends; null where a site is not known. */
function betweenSites(r, siteEnergy) {
  const ends = (r.hop || '').split('>').map(label => siteEnergy.get(label));
  if (!Array.isArray(r.points) || ends.length !== 2 || !ends.every(known)) return null;
  return [{fraction: 0, energy_ev: ends[0]}, ...r.points, {fraction: 1, energy_ev: ends[1]}];
}

/* Computed paths: results with a list of {energy_ev, ...} against the way that was gone; hops above the lowest
   site, others above their start. */
function paths(d) {
  const out = [],
    siteEnergy = new Map();
  for (const t of d.tasks)
    if (t.results && t.results.site && known(t.results.energy_ev))
      siteEnergy.set(t.results.site.label, t.results.energy_ev);
  const lowest = Math.min(...siteEnergy.values());
  for (const t of d.tasks) {
    const r = t.results || {},
      hop = betweenSites(r, siteEnergy),
      list = hop || [r.images, r.points].find(q => Array.isArray(q) && q.length > 2);
    if (!list || !list.every(q => known(q.energy_ev ?? q.relative_ev))) continue;
    const e = list.map(q => q.energy_ev ?? q.relative_ev),
      long = known(r.length_ang) ? r.length_ang : 1;
    const x = list.map((q, i) => q.coordinate_ang ?? (known(q.fraction) ? q.fraction * long : i));
    out.push({
      name: r.hop || `${r.label || t.kind} ${t.key.slice(0, 6)}`,
      task: t,
      smooth: true,
      points: x.map((v, i) => [v, e[i] - (hop ? lowest : e[0])]).sort((p, q) => p[0] - q[0]),
    });
  }
  return out;
}
const siteEnergyLabel = computed =>
  computed.every(q => q.task.kind === 'hop') ? 'E − E(best site), eV' : 'E − E(start), eV';
function pathCard(row, d) {
  const computed = paths(d),
    barrier = value('migration_barrier_ev', row),
    sites = sitesOf(d);
  if (computed.length)
    return card(
      'Energy along the paths',
      lines({xLabel: 'path, Å', yLabel: siteEnergyLabel(computed)}, computed),
      h('p', {class: 'small soft'}, value('migration_barrier_origin', row) || '')
    );
  if (!known(barrier) || !sites.length) return null;
  const saddle = sites.find(q => Math.abs(q.e - sites[0].e - barrier) < 1e-3),
    end = sites.find(q => q !== saddle && q !== sites[0] && q.e - sites[0].e < barrier) || sites[0];
  const stops = [
    [0, 0],
    [1, barrier],
    [2, end.e - sites[0].e],
  ];
  const f = frame({
    x: [-0.35, 2.35],
    y: range([0, barrier], 0.22),
    noX: true,
    yLabel: 'E − E(best site), eV',
    label: 'Estimate of the migration path',
  });
  f.svg.append(
    s('path', {
      d: smooth(
        [[-0.3, stops[0][1] + 0.06 * barrier], ...stops, [2.3, stops[2][1] + 0.06 * barrier]].map(
          p => [f.x(p[0]), f.y(p[1])]
        )
      ),
      fill: 'none',
      stroke: 'var(--c0)',
      'stroke-width': 1.8,
      'stroke-dasharray': '6 4',
    })
  );
  [sites[0].label, saddle ? saddle.label : 'highest site on the way', end.label].forEach(
    (text, i) =>
      f.svg.append(
        s('circle', {
          cx: f.x(stops[i][0]),
          cy: f.y(stops[i][1]),
          r: 5,
          fill: i === 1 ? 'var(--accent)' : 'var(--c0)',
        }),
        s('text', {x: f.x(stops[i][0]), y: f.bottom + 17, 'text-anchor': 'middle'}, text)
      )
  );
  f.svg.append(
    s(
      'text',
      {x: f.x(1), y: f.y(barrier) - 10, 'text-anchor': 'middle'},
      number(barrier, 'x_ev') + ' eV'
    )
  );
  return card(
    'Migration: an estimate',
    f.svg,
    h(
      'p',
      {class: 'small soft'},
      `From the energies of the sites with the slab held as it is (${value('migration_barrier_origin', row) || 'estimate'}); no path was computed, and the dashed line only joins the three values.`
    )
  );
}

function heightCard(d) {
  const series = [];
  for (const t of d.tasks) {
    const points = (t.energies || [])
      .filter(e => e.converged && /height/.test(e.label || ''))
      .map(e => [parseFloat((e.label.match(/height ([\d.]+)/) || [])[1]), e.energy_ev])
      .filter(p => p.every(isFinite))
      .sort((a, b) => a[0] - b[0]);
    if (points.length > 1)
      series.push({name: ((t.results || {}).site || {}).label || (t.results || {}).hop || t.kind, points});
  }
  if (!series.length) return null;
  const lowest = Math.min(...series.flatMap(q => q.points.map(p => p[1])));
  for (const q of series) q.points = q.points.map(p => [p[0], p[1] - lowest]);
  return card(
    'Lithium above each site',
    lines({xLabel: 'height, Å', yLabel: 'E − lowest, eV'}, series)
  );
}

function eosCard(d) {
  const series = [];
  for (const t of d.tasks.filter(q => /eos/.test(q.kind))) {
    const points = (t.energies || [])
      .filter(e => e.converged && known(e.volume_ang3))
      .map(e => [e.volume_ang3 / e.n_atoms, (1000 * e.energy_ev) / e.n_atoms])
      .sort((a, b) => a[0] - b[0]);
    if (points.length < 3 || ((t.results || {}).subject === 'Li_bcc' && !/^Li-/.test(d.candidate)))
      continue;
    const low = Math.min(...points.map(p => p[1]));
    series.push({
      name: (t.results || {}).subject || t.kind,
      points: points.map(p => [p[0], p[1] - low]),
      round: true,
    });
  }
  return series.length
    ? card(
        'Equation of state',
        lines(
          {xLabel: 'volume of the cell, Å³ per atom', yLabel: 'E − lowest, meV per atom'},
          series
        )
      )
    : null;
}

function phaseCards(d) {
  const p = d.phase,
    out = [];
  if (!p) return out;
  const shown = p.profiles.filter(q => q.steps.length);
  if (shown.length) {
    const series = shown.map((q, i) => {
      const points = [];
      let from = 0;
      for (const step of q.steps) {
        points.push([from, step.voltage_v], [step.capacity_mah_per_g, step.voltage_v]);
        from = step.capacity_mah_per_g;
      }
      points.push([from, 0]);
      return {name: `${q.host} (${q.set})`, points, bare: true, colour: `var(--c${i})`};
    });
    out.push(
      card(
        'Voltage against lithium',
        lines(
          {
            xLabel: 'capacity, mAh per g of host',
            yLabel: 'V against Li/Li⁺',
            y: [0, 1.1 * Math.max(...series.flatMap(q => q.points.map(v => v[1])))],
            x: [0, 1.04 * Math.max(...series.flatMap(q => q.points.map(v => v[0])))],
          },
          series
        ),
        shown.map(q => [
          h(
            'h3',
            {},
            `${q.host} with Li, ${q.set} energies${q.confidence ? `, confidence ${q.confidence}` : ''}`
          ),
          tableOf(
            ['#V', '#Li', '#mAh/g', 'reaction'],
            q.steps.map(t => [
              t.voltage_v.toFixed(3),
              number(t.n_li),
              number(t.capacity_mah_per_g),
              t.reaction,
            ])
          ),
          known(q.volume_change) &&
            h('p', {class: 'small soft'}, `volume change ${(100 * q.volume_change).toFixed(0)} %`),
          q.gaps &&
            h(
              'p',
              {class: 'small warn'},
              'known phases without an energy of this kind, not in the profile: ',
              q.gaps
            ),
        ])
      )
    );
  }
  const points = p.phases.filter(q => known(q.formation_energy_kj_per_mol_atoms));
  if (points.length) {
    const kinds = [...new Set(points.map(q => q.origin))],
      series = kinds.map((k, i) => ({
        name: `${p.active.element}–Li, ${k}`,
        colour: `var(--c${i})`,
        dashed: true,
        points: [
          [0, 0],
          ...points
            .filter(q => q.origin === k)
            .sort((a, b) => a.x_li - b.x_li || b.formation_energy_kj_per_mol_atoms - a.formation_energy_kj_per_mol_atoms)
            .map(q => [q.x_li, q.formation_energy_kj_per_mol_atoms]),
          [1, 0],
        ],
      }));
    out.push(
      card(
        'Phases with lithium',
        lines(
          {x: [0, 1], xLabel: 'atomic fraction of Li', yLabel: 'ΔH, kJ per mol of atoms'},
          series.length > 1 ? series : [...series]
        ),
        h(
          'p',
          {class: 'small'},
          p.phases
            .map(q => q.formula)
            .filter((t, i, all) => all.indexOf(t) === i)
            .join('  ')
        )
      )
    );
  }
  const so = p.solubility;
  out.push(
    card(
      'Solubility and state with lithium',
      facts([
        ['in use', `${p.active.state}${p.active.element ? `; ${p.active.element} counts` : ''}`],
        ['why', p.active.note],
        [
          'x in bcc Li, 298 K',
          known(so.x)
            ? `${number(so.x)}${known(so.low) || known(so.high) ? ` (${known(so.low) ? number(so.low) : '?'} to ${known(so.high) ? number(so.high) : '?'})` : ''}`
            : 'not known',
        ],
        ['origin', so.origin + (so.confidence ? `, confidence ${so.confidence}` : '')],
        ['basis', so.basis],
        ['source', so.source],
      ])
    )
  );
  return out;
}

const ELASTIC = /gpa|n_per_m|bending|poisson|anisotropy|stiffness|modulus/;
function elasticCard(row, d) {
  const pairs = [...COLUMNS.keys()]
    .filter(n => ELASTIC.test(n) && known(value(n, row)))
    .map(n => [heading(n), show(n, value(n, row))]);
  for (const q of d ? d.descriptors : [])
    if (
      ELASTIC.test(q.name) &&
      known(q.value) &&
      !pairs.some(p => p[0].toLowerCase().startsWith(q.name.replace(/_/g, ' ')))
    )
      pairs.push([q.name.replace(/_/g, ' '), `${number(q.value)} ${q.unit || ''}`]);
  const c = d && d.tasks.map(t => (t.results || {}).c_gpa).find(Array.isArray);
  if (!pairs.length && !c) return null;
  return card(
    'Elasticity',
    facts(pairs),
    c && [
      h('h3', {}, 'C, GPa (xx yy zz yz xz xy)'),
      tableOf(
        c.map(() => '#'),
        c.map(line => line.map(v => number(v, 'c_gpa')))
      ),
    ]
  );
}

function numbersCard(row, d) {
  const skip = new Set(['reason', 'notes', 'candidate', 'missing_terms']);
  const rest = [...COLUMNS.keys()].filter(n => !skip.has(n) && known(value(n, row)));
  return h(
    'section',
    {class: 'card wide long'},
    h('h2', {}, 'Every number, and what it rests on'),
    d &&
      d.descriptors.length > 0 &&
      tableOf(
        ['descriptor', '#value', 'unit', 'origin', '#used / planned', 'tasks'],
        d.descriptors.map(q => [
          q.name.replace(/_/g, ' '),
          number(q.value) + (known(q.error) ? ` ± ${number(q.error)}` : ''),
          q.unit || '',
          q.origin || '',
          `${q.n_used} / ${q.n_planned}`,
          q.tasks.map(i => [short(d.tasks[i].key), ' ']),
        ])
      ),
    h('h3', {}, 'Its row in ranked.csv'),
    h(
      'dl',
      {class: 'facts two'},
      rest.map(n => h('div', {}, h('dt', {}, n), h('dd', {}, show(n, value(n, row)))))
    )
  );
}

function tasksCard(d) {
  if (!d.tasks.length) return null;
  const seconds = d.tasks.reduce((sum, t) => sum + (t.wall_s || 0), 0);
  const rows = d.tasks.map(t => {
    const e = t.energies || [],
      one = f => [...new Set(e.map(f).filter(known))].join(', ');
    return [
      t.kind,
      ((t.results || {}).site || {}).label || (t.results || {}).subject || '',
      h('span', {class: t.status === 'done' ? 'good' : 'bad', title: t.reason || ''}, t.status),
      String(e.length || ''),
      one(q => q.ecut_ev),
      one(q => q.kmesh),
      e.length ? String(Math.max(...e.map(q => q.scf_iterations || 0))) : '',
      duration(t.wall_s),
      known(t.protocol) ? String(t.protocol + 1) : '',
      short(t.key),
    ];
  });
  return h(
    'section',
    {class: 'card wide long'},
    h('h2', {}, 'What was computed, and how'),
    h(
      'p',
      {class: 'small soft'},
      `${plural(d.tasks.length, 'task')}, ${duration(seconds)} of computing. A task's key is the SHA-256 of all that decides its result; its record is records/KEY.json.`
    ),
    tableOf(
      [
        'task',
        'of',
        'status',
        '#energies',
        '#cutoff, eV',
        'k mesh',
        '#most SCF steps',
        '#time',
        '#protocol',
        'key',
      ],
      rows
    ),
    d.protocols.map((p, i) => [
      h('h3', {}, `Protocol ${i + 1}${p.name ? `: ${p.name}` : ''}`),
      h(
        'p',
        {class: 'small'},
        Object.entries(p)
          .filter(q => q[0] !== 'name')
          .map(([k, v]) => [
            h(
              'span',
              {class: 'key'},
              `${k.replace(/_/g, ' ')} `,
              h('b', {style: 'color:var(--ink)'}, typeof v === 'object' ? JSON.stringify(v) : v)
            ),
            ' ',
          ])
      ),
    ]),
    h('h3', {}, 'Atomic data sets and versions'),
    tableOf(
      ['element', 'data set', 'SHA-256'],
      d.data_sets.map(q => [q.symbol, q.name, h('code', {}, q.sha256)])
    ),
    h(
      'p',
      {class: 'small soft'},
      [
        ...new Set(
          d.tasks.map(
            t => `liscreen ${t.program_version || '?'}, physics version ${t.physics_version ?? '?'}`
          )
        ),
      ].join('; ')
    )
  );
}

function observedCard(name) {
  const all = (RUN.observations || []).filter(o => o.candidate === name);
  if (!all.length) return null;
  return card(
    'Measured, beside what was predicted',
    tableOf(
      ['quantity', '#value', '#error', 'unit', 'conditions', 'source'],
      all.map(o => [
        o.quantity.replace(/_/g, ' '),
        number(o.value),
        known(o.error) ? number(o.error) : '',
        o.unit || '',
        [
          [o.current_density_ma_per_cm2, 'mA/cm²'],
          [o.capacity_mah_per_cm2, 'mAh/cm²'],
          [o.stack_pressure_mpa, 'MPa'],
          [o.temperature_c, '°C'],
        ]
          .filter(q => known(q[0]))
          .map(q => `${number(q[0])} ${q[1]}`)
          .join(', '),
        o.source || '',
      ])
    )
  );
}

function candidateView(name) {
  const row = rowOf(name);
  if (row < 0)
    return {view: card('Not here', h('p', {}, 'This run has no candidate of that name.'))};
  const d = detail(name),
    step = (r, text) =>
      r >= 0 &&
      r < RUN.n &&
      h('a', {href: link(value('candidate', r))}, text(value('candidate', r)));
  const beside = d ? [sitesCard(d), pathCard(row, d)].filter(p => p) : [];
  const first = [
    d && pictureCard(d),
    beside.length > 0 && h('div', {class: 'stack'}, beside),
  ].filter(p => p);
  const small = d
    ? [observedCard(name), ...phaseCards(d), heightCard(d), elasticCard(row, d), eosCard(d)]
    : [observedCard(name)];
  const wide = d
    ? [numbersCard(row, d), tasksCard(d)]
    : [
        numbersCard(row, null),
        card(
          null,
          h(
            'p',
            {class: 'soft'},
            `Pages with pictures and tasks were made for the first ${SCREEN.n_details.toLocaleString('en')} candidates; --details=N makes more.`
          )
        ),
      ];
  return {
    view: h(
      'div',
      {},
      h(
        'div',
        {class: 'step'},
        h('a', {href: '#/', style: 'margin:0'}, '← ranking'),
        h(
          'span',
          {},
          step(row - 1, t => `‹ ${t}`),
          step(row + 1, t => `${t} ›`)
        )
      ),
      heroCard(row, d),
      first.length > 0 && h('div', {class: 'pair'}, first),
      h('div', {class: 'masonry'}, small),
      h('div', {class: 'cards'}, wide)
    ),
  };
}
