// The month by arrow keys: from a day with something due to the next one that way. Tab and links work without.
const table = document.querySelector('[data-month]');
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

table?.addEventListener('keydown', (event) => {
  const step = STEPS[event.key];
  const here = event.target.closest('td');
  if (!step || !here || event.ctrlKey || event.metaKey || event.altKey) return;
  const cells = [...table.querySelectorAll('td')];
  for (let at = cells.indexOf(here) + step; cells[at]; at += step) {
    const day = cells[at].querySelector('[data-day]');
    if (day) {
      event.preventDefault();
      day.focus();
      return;
    }
  }
});
