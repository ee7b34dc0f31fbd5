// While a call is written down: what may be the same matter, asked again when a field is left. Without script a button does it.

const form = document.querySelector('[data-look]');
const WATCHED = ['phone', 'title', 'text'];
let turn = 0;

async function look() {
  const mine = ++turn;
  const asked = new FormData(form);
  asked.set('act', 'look');
  const answer = await fetch(form.action, { method: 'POST', body: asked, credentials: 'same-origin' });
  if (!answer.ok || mine !== turn) return;
  const told = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-alike]');
  if (told) form.querySelector('[data-alike]').replaceChildren(...told.childNodes);
}

form?.addEventListener('change', (event) => {
  if (WATCHED.includes(event.target.name)) look().catch(() => {});
});
