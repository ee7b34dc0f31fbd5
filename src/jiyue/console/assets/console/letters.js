// Letters, and comments, by keyboard: single keys that do what a link or a box on the page does as well. They are listed under “?” and by
// the button beside the title, and the box there switches them off in this browser (WCAG 2.1.4). All works without.

const KEPT = 'jiyue-letter-keys';
const help = document.querySelector('[data-keys]');
const opener = document.querySelector('[data-keys-open]');
const rows = [...document.querySelectorAll('[data-row]')];
let at = -1;

const areOn = () => localStorage.getItem(KEPT) !== 'off';
const linkIn = (row) => row.querySelector('.jy-table__title a, [data-key-open]');

function go(step) {
  if (!rows.length) return;
  at = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
  linkIn(rows[at]).focus();
}

function tick() {
  const box = at >= 0 ? rows[at].querySelector('input[type="checkbox"]') : null;
  box?.click();
}

const follow = (name) => document.querySelector(`[data-key-${name}]`)?.click();
const acts = {
  j: () => go(1),
  k: () => go(-1),
  o: () => at >= 0 && linkIn(rows[at]).click(),
  x: tick,
  u: () => follow('back'),
  r: () => document.querySelector('[name="submit-text"], [name="instruct-text"], [name="reply-text"]')?.focus(),
  s: () => document.querySelector('[name="show-words"]')?.focus(),
  n: () => document.querySelector('[name="refuse-ground"]')?.focus(),
  p: () => follow('print'),
  '/': () => document.querySelector('#q')?.focus(),
  '?': () => help.showModal(),
};

function isTyping(target) {
  return target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]') !== null;
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open || !areOn()) return;
  if (isTyping(event.target) || !Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
}

function tickAll(box) {
  for (const one of document.querySelectorAll('[data-row] input[name="letter"]')) one.checked = box.checked;
}

if (help) {
  const box = help.querySelector('input');
  box.checked = areOn();
  box.addEventListener('change', () => localStorage.setItem(KEPT, box.checked ? 'on' : 'off'));
  opener.hidden = false;
  opener.addEventListener('click', () => help.showModal());
  document.addEventListener('keydown', pressed);
  document.addEventListener('focusin', (event) => {
    const row = event.target.closest('[data-row]');
    if (row) at = rows.indexOf(row);
  });
}
const all = document.querySelector('[data-tick-all]');
if (all) {
  all.closest('[hidden]').hidden = false;
  document.querySelector('[data-tick-name]').hidden = true;
  all.addEventListener('change', () => tickAll(all));
}
