// The site bar: switching happens when a site is picked; the button stays for who has no script.
const bar = document.querySelector('.jy-bar');
if (bar) {
  bar.style.setProperty('--jy-site', bar.dataset.siteColour);
  const select = bar.querySelector('select');
  if (select) {
    bar.querySelector('.jy-bar__button').hidden = true;
    select.addEventListener('change', () => select.form.requestSubmit());
  }
}

// The five gates by their numbers, unless somebody is writing.
const gates = [...document.querySelectorAll('[data-gate]')];
if (gates.length) {
  document.addEventListener('keydown', (event) => {
    const writing = event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]');
    const gate = gates[Number(event.key) - 1];
    if (!gate || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    gate.checked = !gate.checked;
    gate.focus();
  });
}

// A list's "all of this page" box.
const all = document.querySelector('[data-check-all]');
if (all) {
  all.hidden = false;
  all.addEventListener('change', () => {
    for (const box of document.querySelectorAll('[data-check]')) box.checked = all.checked;
  });
}
