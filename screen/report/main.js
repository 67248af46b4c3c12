'use strict';
/* main.js - which page is shown: #/, #/candidate/NAME, #/night, #/reading. */

let current = {};
function route() {
  const parts = location.hash.replace(/^#\/?/, '').split('/');
  let name = '';
  try {
    name = decodeURIComponent(parts.slice(1).join('/'));
  } catch (_) {
    name = '';
  }
  current =
    parts[0] === 'candidate'
      ? candidateView(name)
      : parts[0] === 'night'
        ? nightView()
        : parts[0] === 'reading'
          ? readingView()
          : rankingView();
  document.getElementById('main').replaceChildren(current.view);
  document.title =
    parts[0] === 'candidate' ? `${name} · ${SCREEN.run}` : `${SCREEN.run} · liscreen`;
  for (const a of document.querySelectorAll('#tabs a'))
    a.classList.toggle(
      'on',
      a.dataset.view === (parts[0] || 'ranking') ||
        (parts[0] === 'candidate' && a.dataset.view === 'ranking')
    );
  if (current.after) current.after();
  scrollTo(0, 0);
}

(() => {
  const c = nightCounts(),
    total = c.done + c.failed + c.unconverged;
  document.getElementById('title').textContent = SCREEN.run;
  document.getElementById('subtitle').textContent =
    `${N_RANKED.toLocaleString('en')} of ${plural(RUN.n, 'candidate')} ranked` +
    (total
      ? ` · ${c.done.toLocaleString('en')} of ${plural(total, 'task')} done · ${(c.seconds / 3600).toFixed(1)} core-hours`
      : '') +
    (c.running.length ? ` · ${c.running.length} running when this was written` : '');
  addEventListener('hashchange', route);
  addEventListener('beforeprint', () => {
    if (current.print) current.print();
  });
  addEventListener('resize', () => {
    if (current.resize) current.resize();
  });
  route();
})();
