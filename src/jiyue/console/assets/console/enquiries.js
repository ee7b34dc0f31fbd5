// The duty desk: asks once a second what is new, and by that keeps its officer on duty. An answer goes without a new page;
// what is being typed is kept in this window until it was sent. Without script the buttons of the page do all of it.

const side = document.querySelector('[data-eq]');
const log = document.querySelector('.eq-log');
const EVERY = 1000; // milliseconds
const AT_REST = 5000; // behind another window
const title = document.title;

const parsed = (text) => new DOMParser().parseFromString(text, 'text/html');
const upto = () => (log ? Number(log.querySelector('li:last-child')?.dataset.n ?? 0) : 0);

function append(html) {
  const low = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
  for (const item of [...parsed(`<ol>${html}</ol>`).querySelectorAll('li')]) {
    if (!document.getElementById(item.id)) log.querySelector('ol').append(item);
  }
  if (low) log.scrollTop = log.scrollHeight;
}

function bring(html) {
  // Whoever stands on a button of the queue keeps it under her finger until she leaves it.
  if (side.dataset.was === html || side.contains(document.activeElement)) return;
  side.dataset.was = html;
  side.innerHTML = html;
}

async function ask() {
  const body = new URLSearchParams({
    csrfmiddlewaretoken: side.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? '',
  });
  if (!body.get('csrfmiddlewaretoken')) {
    body.set('csrfmiddlewaretoken', document.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? '');
  }
  if (side.dataset.enquiry) {
    body.set('enquiry', side.dataset.enquiry);
    body.set('upto', String(document.hidden ? 0 : upto()));
  }
  const answer = await fetch(side.dataset.eq, { method: 'POST', body, headers: { Accept: 'application/json' } });
  if (!answer.ok || answer.redirected) return;
  const told = await answer.json();
  bring(told.side);
  if (log && told.log) append(told.log);
  if (told.stands && told.stands !== side.dataset.stands) document.querySelector('[data-eq-changed]').hidden = false;
  document.title = told.count ? `(${told.count}) ${title}` : title;
}

async function go() {
  try {
    await ask();
  } catch {
    // The next second asks again.
  }
  setTimeout(go, document.hidden ? AT_REST : EVERY);
}

// Only the answer box comes anew with each answer: what was typed for a handover or the ending stands beside it.
function keep(form) {
  const field = form.querySelector('.eq-say textarea');
  const kept = sessionStorage.getItem(form.dataset.draft);
  if (kept && !field.value) field.value = kept;
  field.addEventListener('input', () => sessionStorage.setItem(form.dataset.draft, field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    send(form);
  });
}

async function send(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  const body = new FormData(form);
  body.set('act', 'answer');
  try {
    const answer = await fetch(globalThis.location.href, { method: 'POST', body });
    const page = parsed(await answer.text());
    const [next, unsent] = [page.querySelector('.eq-say'), page.querySelector('.eq-unsent')];
    const say = form.querySelector('.eq-say');
    const held = say.contains(document.activeElement);
    if (answer.ok) sessionStorage.removeItem(form.dataset.draft);
    if (next) {
      append(page.querySelector('.eq-log ol')?.innerHTML ?? '');
      if (answer.ok) for (const old of document.querySelectorAll('.of-errors')) old.remove();
      say.replaceWith(next);
      keep(form);
      for (const one of next.querySelectorAll('[data-eq-look]')) one.hidden = true;
      if (held) (next.querySelector('.of-errors') ?? next.querySelector('textarea')).focus();
    } else if (unsent) {
      form.replaceWith(unsent);
      document.querySelector('[data-eq-changed]').hidden = false;
    } else globalThis.location.reload();
  } catch {
    // The words stand in the box, and the button sends them again.
  } finally {
    form.dataset.busy = '';
  }
}

if (side) {
  for (const one of document.querySelectorAll('[data-eq-look]')) one.hidden = true;
  if (log) log.scrollTop = log.scrollHeight;
  const answer = document.querySelector('[data-draft]');
  if (answer) {
    keep(answer);
    answer.addEventListener('submit', (event) => {
      if (event.submitter?.value !== 'answer') return;
      event.preventDefault();
      send(answer);
    });
  }
  setTimeout(go, EVERY);
}
