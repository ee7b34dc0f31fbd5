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

function keep(form) {
  const field = form.querySelector('textarea');
  const kept = sessionStorage.getItem(form.dataset.draft);
  if (kept && !field.value) field.value = kept;
  field.addEventListener('input', () => sessionStorage.setItem(form.dataset.draft, field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    send(form);
  });
  form.addEventListener('submit', (event) => {
    if (event.submitter?.value !== 'answer') return;
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
    const next = page.querySelector('.eq-answer');
    const held = form.contains(document.activeElement);
    if (answer.ok) sessionStorage.removeItem(form.dataset.draft);
    if (!next) {
      globalThis.location.reload();
      return;
    }
    append(page.querySelector('.eq-log ol')?.innerHTML ?? '');
    form.replaceWith(next);
    keep(next);
    if (held) (next.querySelector('.of-errors') ?? next.querySelector('textarea')).focus();
  } catch {
    form.dataset.busy = '';
  }
}

if (side) {
  for (const one of document.querySelectorAll('[data-eq-look]')) one.hidden = true;
  if (log) log.scrollTop = log.scrollHeight;
  const answer = document.querySelector('[data-draft]');
  if (answer) keep(answer);
  setTimeout(go, EVERY);
}
