// A paste keeps its markup: the area's HTML travels in the text field, which stays visible only without script.
const area = document.querySelector('[data-jy-paste-area]');
if (area) {
  const form = area.closest('form');
  const plain = form.querySelector('textarea');
  for (const part of form.querySelectorAll('[data-jy-paste-plain]')) part.hidden = true;
  area.addEventListener('paste', (event) => {
    const html = event.clipboardData.getData('text/html');
    const text = event.clipboardData.getData('text/plain');
    event.preventDefault();
    plain.value += html || escaped(text);
    show(html || escaped(text));
  });
  form.addEventListener('submit', () => {
    if (!plain.value) plain.value = area.innerHTML;
  });
}

// What was pasted is shown as text only: nothing of a foreign page is drawn or fetched here.
function show(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const part of parsed.querySelectorAll('style, script, title')) part.remove();
  const note = document.createElement('p');
  note.textContent = parsed.body.textContent.replace(/\s*\n\s*/g, '\n').trim();
  area.append(note);
}

function escaped(text) {
  const holder = document.createElement('div');
  holder.textContent = text;
  return holder.innerHTML
    .split(/\r?\n/)
    .map((line) => `<p>${line}</p>`)
    .join('');
}

// Long lists to pick from can be narrowed by typing.
for (const list of document.querySelectorAll('select[data-jy-pick]')) {
  const field = document.createElement('input');
  field.type = 'search';
  field.className = 'jy-pick';
  field.placeholder = '输入标题中的字来筛选';
  field.setAttribute('aria-label', field.placeholder);
  list.before(field);
  field.addEventListener('input', () => {
    for (const option of list.options) {
      option.hidden = !option.selected && !option.text.includes(field.value.trim());
    }
  });
}

// A problem leads to its field.
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-jy-field]');
  if (!link) return;
  const field = document.querySelector(
    `#id_${link.dataset.jyField}, [name="${link.dataset.jyField}"], [data-contentpath="${link.dataset.jyField}"]`,
  );
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: 'center' });
  field.focus();
});
