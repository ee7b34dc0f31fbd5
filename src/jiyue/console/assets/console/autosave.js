// What is typed while a save is under way stays to be saved. Wagtail (8.0) takes what the form holds when a save has come
// back for what was saved, and what it holds two seconds after loading for what was loaded: words typed in between were
// saved only after the next keystroke, and leaving the page lost them without a question.
const watcher = (form) => window.wagtail?.app?.getControllerForElementAndIdentifier(form, 'w-unsaved');
const sent = new WeakMap();
const touched = new WeakSet();

document.addEventListener('w-autosave:save', ({ target }) => {
  const found = watcher(target);
  if (found) sent.set(target, found.formData);
});

document.addEventListener('w-autosave:success', ({ target }) => differsFrom(target, sent.get(target)));

for (const way of ['beforeinput', 'input', 'paste']) {
  document.addEventListener(way, noteTouched, true);
}

document.addEventListener('w-unsaved:watch-edits', ({ target }) => {
  if (touched.has(target) && !sent.has(target)) differsFrom(target, 'typed before anything was noted');
});

function noteTouched({ target, isTrusted }) {
  const form = target.closest?.('form[data-controller~="w-autosave"]');
  if (form && isTrusted) touched.add(form);
}

// Wagtail's next look finds the difference and asks for a save.
function differsFrom(form, earlier) {
  const found = watcher(form);
  if (!found || earlier === undefined || found.formData === earlier) return;
  found.initialFormData = earlier;
  found.previousFormData = earlier;
}
