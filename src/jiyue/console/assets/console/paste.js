// Rich text pasted into a paragraph of the body becomes blocks: our server cleans it, Wagtail's own form receives it.
// What is typed while the answer is on its way stays: the paragraph is only split if it is still as it was.
const words = document.querySelector('script[data-jy-paste]')?.dataset;
const BLOCKS = 'table, ul, ol, h1, h2, h3, h4, h5, h6, img, blockquote, [class*="MsoList"]';
let box;

/** The server's own sentence why not. */
class Refused extends Error {}

if (words) document.addEventListener('paste', onPaste, true);

function onPaste(event) {
  const place = placeOf(event.target);
  const pasted = place && pastedBy(event.clipboardData);
  if (!pasted) return;
  // Before the editor's own listener, which would flatten tables and drop pictures.
  event.preventDefault();
  event.stopImmediatePropagation();
  bring(place, pasted);
}

/** The paragraph of the body in which the caret stands; rich text inside a list or an official layout is not one. */
function placeOf(target) {
  const editor = (target.closest ? target : target.parentElement)?.closest('.public-DraftEditor-content');
  const stream = document.getElementById('body-root')?.rootBlock;
  const child = editor && stream?.children.find((each) => each.type === 'paragraph' && each.element.contains(editor));
  return child ? { stream, child, index: child.index, state: child.block.getState() } : null;
}

/** What our server has to see; null for what the editor does well itself: plain text, a few words, its own paragraphs. */
function pastedBy(data) {
  const html = data.getData('text/html');
  const text = data.getData('text/plain');
  const pictures = [...data.files].filter((file) => file.type.startsWith('image/'));
  const page = new DOMParser().parseFromString(html, 'text/html');
  if (pictures.length && !page.body.textContent.trim()) return { html: '', text, pictures };
  const written = [...page.querySelectorAll('p, div, li')].filter((part) => part.textContent.trim());
  const own = page.querySelector('[data-offset-key]');
  return !own && (written.length > 1 || page.querySelector(BLOCKS)) ? { html, text, pictures: [] } : null;
}

async function bring(place, pasted) {
  tell(words.waiting);
  try {
    const answer = await cleaned(pasted);
    const made = insert(place, answer.blocks);
    tell(answer.told, [[words.undo, () => undo(place, made)]]);
  } catch (failure) {
    tell(
      failure instanceof Refused ? failure.message : words.failed,
      [
        [words.again, () => bring(place, pasted)],
        ...(pasted.text.trim() ? [[words.plain, () => insertPlain(place, pasted.text)]] : []),
      ],
      'alert',
    );
    if (!(failure instanceof Refused)) console.warn(failure);
  }
}

async function cleaned(pasted) {
  const form = new FormData();
  // As a file: a text field of this size would be held back by the limit for forms.
  form.append('html', new Blob([pasted.html], { type: 'text/html' }), 'paste.html');
  for (const picture of pasted.pictures) form.append('picture', picture);
  form.append('column', document.querySelector('[name="column"]')?.value ?? '');
  const token = document.querySelector('[name="csrfmiddlewaretoken"]').value;
  const headers = { 'X-CSRFToken': token, Accept: 'application/json' };
  const answer = await fetch(words.address, { method: 'POST', body: form, headers });
  if (answer.redirected) throw new Refused(words.out);
  if (!answer.headers.get('Content-Type')?.includes('json')) throw new Error(`status ${answer.status}`);
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.refusal.join(' '));
  return found;
}

/** Put blocks where the caret stood; gives what `undo` needs. */
function insert(place, blocks) {
  const { stream, child, state } = place;
  const index = stream.children.indexOf(child);
  if (index < 0) return { added: added(stream, blocks, Math.min(place.index, stream.children.length)) };
  const now = child.block.getState();
  if (isEmpty(now)) {
    const made = added(stream, blocks, index + 1);
    stream.deleteBlock(index);
    return { added: made, emptied: true };
  }
  if (now.getCurrentContent() !== state.getCurrentContent()) return { added: added(stream, blocks, index + 1) };
  const [before, after] = aroundSelection(state);
  if (isEmpty(before)) {
    child.block.setState(after);
    return { added: added(stream, blocks, index), left: after };
  }
  child.block.setState(before);
  const rest = isEmpty(after) ? [] : [{ type: 'paragraph', id: crypto.randomUUID?.() ?? null, value: after }];
  const tail = rest.map((each) => stream.insert(each, index + 1, {}))[0];
  return { added: added(stream, blocks, index + 1), left: before, tail, after };
}

function added(stream, blocks, index) {
  const made = blocks.map((block, offset) => stream.insert(block, index + offset, { animate: false, focus: false }));
  changed(stream);
  made.at(-1)?.focus({ soft: true });
  return made;
}

/** The editor's text before and after its selection, as two states of their own. */
function aroundSelection(state) {
  const selection = state.getSelection();
  const [key, offset] = [selection.getEndKey(), selection.getEndOffset()];
  const end = selection.merge({
    anchorKey: key,
    anchorOffset: offset,
    focusKey: key,
    focusOffset: offset,
    isBackward: false,
  });
  const atEnd = state.constructor.acceptSelection(state, end);
  return [window.draftail.splitState(state).stateBefore, window.draftail.splitState(atEnd).stateAfter];
}

function undo(place, made) {
  const { stream, child, state } = place;
  const gone = [...made.added];
  const asLeft = (block, left) => block.block.getState().getCurrentContent() === left.getCurrentContent();
  if (
    made.left &&
    stream.children.includes(child) &&
    asLeft(child, made.left) &&
    (!made.tail || asLeft(made.tail, made.after))
  ) {
    if (made.tail) gone.push(made.tail);
    child.block.setState(state);
  }
  if (made.emptied)
    stream.insert({ type: 'paragraph', id: null, value: state }, stream.children.indexOf(gone[0]), { focus: true });
  for (const block of gone) if (stream.children.includes(block)) stream.deleteBlock(stream.children.indexOf(block));
  changed(stream);
  tell(words.undone);
}

/** The way out after a failure: the words alone, a paragraph a line. */
function insertPlain(place, text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  const content = {
    blocks: lines.map((line, number) => ({
      key: `p${number}`,
      text: line.trim(),
      type: 'unstyled',
      depth: 0,
      inlineStyleRanges: [],
      entityRanges: [],
    })),
    entityMap: {},
  };
  const made = insert(place, [{ type: 'paragraph', id: null, value: JSON.stringify(content) }]);
  tell(words.plained, [[words.undo, () => undo(place, made)]]);
}

function isEmpty(state) {
  return !state.getCurrentContent().getPlainText().trim();
}

// Wagtail looks for unsaved changes when the form says that something changed.
function changed(stream) {
  stream.element.dispatchEvent(new Event('change', { bubbles: true }));
}

function tell(sentence, acts = [], role = 'status') {
  box ??= makeBox();
  const said = document.createElement('p');
  said.textContent = sentence;
  said.setAttribute('role', role);
  const buttons = [...acts, [words.close, () => {}]].map(([label, act]) => button(label, act));
  box.replaceChildren(said, ...(sentence === words.waiting ? [] : buttons));
  box.hidden = false;
}

function button(label, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', () => {
    box.hidden = true;
    act();
  });
  return made;
}

function makeBox() {
  const made = document.createElement('div');
  made.className = 'jy-pasted';
  document.body.append(made);
  return made;
}
