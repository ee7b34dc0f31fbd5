// What the checks say about what is being written, beside it: listed, found in the text, mended with one button.
// Nothing is saved here. The server reads the form as it stands and gives back what a button changes in it.
const panel = document.querySelector('[data-jy-checks]');
const words = panel?.dataset;
const form =
  panel && document.querySelector('[data-edit-form], #page-edit-form, form[action][method="post"]:has([name="title"])');
const PAUSE = 700; // milliseconds without a change before the server is asked
let seen = '';
let asked = '';
let still = 0;
let before;

if (form) {
  setInterval(watch, PAUSE / 2);
  window.CSS?.highlights?.clear();
}

/** Ask once the form has changed and then rested: rich text tells nobody when it changes, so its fields are read. */
function watch() {
  if (document.hidden || !form.querySelector('[name="column"]')?.value) return;
  const now = written();
  if (now !== seen) {
    seen = now;
    still = 0;
  } else if (now !== asked && ++still >= 2) {
    asked = now;
    check();
  }
}

function written() {
  return [...new FormData(form)].map(([name, value]) => (value instanceof File ? '' : `${name}=${value}`)).join('\n');
}

async function check(wanted = []) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.append('record', words.record);
  for (const one of wanted) data.append('mend', one);
  try {
    const answer = await fetch(words.address, { method: 'POST', body: data, headers: { Accept: 'application/json' } });
    if (answer.redirected) return tell(words.out, true);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const found = await answer.json();
    if (wanted.length) put(found);
    show(found);
    return found;
  } catch (failure) {
    asked = '';
    tell(words.failed, true);
    console.warn(failure);
  }
}

function tell(sentence, urgent = false) {
  const line = panel.querySelector('[data-jy-told]');
  if (line.textContent !== sentence) line.textContent = sentence;
  line.classList.toggle('jc-told--urgent', urgent);
}

function show(found) {
  tell(found.told, found.blocks > 0);
  count(found.blocks);
  panel.querySelector('[data-jy-every]').replaceChildren(...together(found.findings));
  const list = panel.querySelector('[data-jy-list]');
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.jyAct : '';
  list.replaceChildren(...found.findings.map(item));
  if (held) list.querySelector(`[data-jy-act="${held}"]`)?.focus();
  mark(found.findings);
}

/** The number beside the panel's button, which everybody sees while the panel is shut. */
function count(number) {
  const shown = document.querySelector('[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]');
  if (!shown) return;
  shown.textContent = number;
  shown.hidden = !number;
  shown.classList.toggle('!w-hidden', !number);
}

/** A button for each kind that was found more than once, or in many places, and can be mended. */
function together(findings) {
  const kinds = new Map();
  for (const one of findings) {
    if (!one.count || one.waived) continue;
    const known = kinds.get(one.detector) ?? { kind: one.kind, count: 0, findings: 0 };
    kinds.set(one.detector, { kind: one.kind, count: known.count + one.count, findings: known.findings + 1 });
  }
  return [...kinds]
    .filter(([, one]) => one.findings > 1)
    .map(([detector, one]) => {
      const label = words.every.replace('%(kind)s', one.kind).replace('%(n)s', one.count);
      return button(label, () => mend([`every:${detector}`], one.count), `every:${detector}`, 'jy-button');
    });
}

function item(one) {
  const line = part('li', `jc-finding jc-finding--${one.waived ? 'note' : one.severity}`);
  const head = part('p', 'jc-head');
  head.append(
    part('span', `jy-state jy-state--${one.waived ? 'full' : one.tone}`, one.waived ? words.waived : one.word),
    ' ',
    part('strong', '', one.kind),
    ' ',
    part('span', 'jy-quiet', one.place),
  );
  line.append(head, part('p', 'jc-what', one.what));
  if (one.excerpt) {
    const quoted = part('p', 'jc-quoted');
    quoted.append(part('span', 'jc-quoted__word', words.original), ' ', part('q', 'jc-excerpt', one.excerpt));
    line.append(quoted);
  }
  if (one.advice) line.append(part('p', '', words.advice + one.advice));
  if (one.basis) line.append(part('p', 'jy-quiet', words.basis + one.basis));
  if (one.officer) line.append(part('p', 'jy-quiet', words.officer + one.officer));
  if (one.changes.length) line.append(preview(one));
  const acts = part('p', 'jc-acts');
  const where = `${one.kind} ${one.place}`;
  if (one.field || one.block !== null)
    acts.append(button(words.show, () => lead(one), `show:${one.index}`, 'jy-link', where));
  if (one.count)
    acts.append(
      ' ',
      button(words.mend, () => mend([one.index], one.count), `mend:${one.index}`, 'jy-button jy-button--quiet', where),
    );
  line.append(acts);
  return line;
}

function preview(one) {
  const box = part('div', 'jc-changes');
  const list = part('ul');
  for (const [old, fresh] of one.changes) {
    const row = part('li');
    row.append(part('del', '', old), ' → ', part('ins', '', fresh));
    list.append(row);
  }
  box.append(part('p', 'jy-quiet', words.preview), list);
  if (one.more) box.append(part('p', 'jy-quiet', words.more.replace('%(n)s', one.more)));
  return box;
}

function part(tag, name = '', text = '') {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

function button(label, act, id, name, about = '') {
  const made = part('button', name, label);
  made.type = 'button';
  made.dataset.jyAct = id;
  if (about) made.setAttribute('aria-label', `${label}：${about}`);
  made.addEventListener('click', act);
  return made;
}

// ---- mending ---------------------------------------------------------------------------------------------------

async function mend(wanted, number) {
  const found = await check(wanted);
  if (!found) return;
  tell(`${words.mended.replace('%(n)s', number)} ${found.told}`);
  const undo = button(words.undo, restore, 'undo', 'jy-button jy-button--quiet');
  panel.querySelector('[data-jy-every]').prepend(undo);
  undo.focus();
}

/** Write what the server changed into Wagtail's own form; keeps what stood there, for `restore`. */
function put({ mended_blocks: blocks, mended_fields: fields }) {
  const stream = body();
  before = { blocks: [], fields: {} };
  for (const { at, state } of blocks ?? []) {
    const child = stream?.children[at];
    if (!child) continue;
    before.blocks.push({ at, state: child.getState() });
    swap(stream, at, state);
  }
  for (const [name, value] of Object.entries(fields ?? {})) {
    const field = form.elements[name];
    if (!field) continue;
    before.fields[name] = field.value;
    write(field, value);
  }
  seen = asked = written();
}

function restore() {
  const stream = body();
  for (const { at, state } of before.blocks) if (stream.children[at]) swap(stream, at, state);
  for (const [name, value] of Object.entries(before.fields)) write(form.elements[name], value);
  tell(words.undone);
  asked = '';
}

function swap(stream, at, state) {
  stream.deleteBlock(at);
  stream.insert(state, at, { animate: false, focus: false });
  stream.element.dispatchEvent(new Event('change', { bubbles: true }));
}

function write(field, value) {
  field.value = value;
  for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

function body() {
  return document.getElementById('body-root')?.rootBlock;
}

// ---- places ----------------------------------------------------------------------------------------------------

function lead(one) {
  const field = one.field && form.elements[one.field];
  if (field) {
    field.scrollIntoView({ block: 'center' });
    field.focus();
    const at = nth(field.value ?? '', one.words, one.nth);
    if (at >= 0) field.setSelectionRange?.(at, at + one.words.length);
    return;
  }
  const block = body()?.children[one.block];
  if (!block) return;
  const range = rangeOf(block.element, one);
  (range?.startContainer.parentElement ?? block.element).scrollIntoView({ block: 'center' });
  block.focus({ soft: true });
  if (range) {
    window.getSelection().removeAllRanges();
    window.getSelection().addRange(range);
  }
  block.element.classList.add('jc-here');
  setTimeout(() => block.element.classList.remove('jc-here'), 4000);
}

function nth(text, wanted, number) {
  let at = -1;
  for (let turn = 0; wanted && turn <= number; turn += 1) {
    at = text.indexOf(wanted, at < 0 ? 0 : at + wanted.length);
    if (at < 0) return -1;
  }
  return at;
}

/** The words as they are drawn in a block's editor; none where they stand in a field or in several places. */
function rangeOf(element, one) {
  if (!one.words) return null;
  const texts = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let all = '';
  while (walker.nextNode()) {
    texts.push([all.length, walker.currentNode]);
    all += walker.currentNode.data;
  }
  const at = nth(all, one.words, one.nth);
  if (at < 0) return null;
  const range = document.createRange();
  const place = (offset) => texts.findLast(([start]) => start <= offset);
  const [first, last] = [place(at), place(at + one.words.length - 1)];
  range.setStart(first[1], at - first[0]);
  range.setEnd(last[1], at + one.words.length - last[0]);
  return range;
}

/** Marked without touching the editor's own elements, which it would not forgive. */
function mark(findings) {
  if (!window.CSS?.highlights) return;
  for (const severity of ['block', 'warn']) {
    const ranges = findings
      .filter((one) => one.severity === severity && !one.waived && one.block !== null)
      .map((one) => rangeOf(body()?.children[one.block]?.element ?? panel, one));
    CSS.highlights.set(`jc-${severity}`, new Highlight(...ranges.filter(Boolean)));
  }
}
