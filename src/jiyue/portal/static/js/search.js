// Suggestions while typing (combobox with a list). Without script, and when nobody answers, the form works as it is.
{
  const WAIT = 150; // milliseconds after the last key
  let count = 0;

  const enhance = (input) => {
    const list = document.createElement('ul');
    const told = document.createElement('p');
    const name = `suggestions-${count++}`;
    let shown = [];
    let active = -1;
    let timer = 0;
    let asked = null;

    list.id = name;
    list.className = 'suggestions';
    list.hidden = true;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.labels[0]?.textContent ?? '');
    told.className = 'hide';
    told.setAttribute('role', 'status');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', name);
    input.after(list);
    input.form.append(told);

    const close = () => {
      clearTimeout(timer);
      asked?.abort(); // what is under way must not open the list again
      list.hidden = true;
      list.children[active]?.setAttribute('aria-selected', 'false');
      active = -1;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    };
    const choose = (at) => {
      const suggestion = shown[at];
      close();
      if (suggestion.address) {
        location.assign(suggestion.address);
        return;
      }
      input.value = suggestion.text;
      input.form.requestSubmit();
    };
    const show = (suggestions) => {
      shown = suggestions;
      list.replaceChildren(
        ...suggestions.map((suggestion, at) => {
          const line = document.createElement('li');
          line.id = `${name}-${at}`;
          line.setAttribute('role', 'option');
          line.setAttribute('aria-selected', 'false');
          line.append(suggestion.text);
          if (suggestion.note) {
            const note = document.createElement('span');
            note.className = 'note';
            note.textContent = suggestion.note;
            line.append(note);
          }
          line.addEventListener('mousedown', (event) => event.preventDefault());
          line.addEventListener('click', () => choose(at));
          return line;
        }),
      );
      active = -1;
      input.removeAttribute('aria-activedescendant');
      list.hidden = !suggestions.length;
      input.setAttribute('aria-expanded', String(!list.hidden));
    };
    const move = (by) => {
      if (list.hidden) return;
      list.children[active]?.setAttribute('aria-selected', 'false');
      active = ((active + 1 + by + shown.length + 1) % (shown.length + 1)) - 1; // -1: the field itself
      const line = list.children[active];
      if (!line) {
        input.removeAttribute('aria-activedescendant');
        return;
      }
      line.setAttribute('aria-selected', 'true');
      line.scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', line.id);
    };
    const ask = async () => {
      const typed = input.value.trim();
      asked?.abort();
      if (!typed) {
        show([]);
        return;
      }
      asked = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
        if (!answer.ok) return;
        const { suggestions, status } = await answer.json();
        if (input.value.trim() !== typed || document.activeElement !== input) return;
        show(suggestions);
        told.textContent = status;
      } catch {
        return; // nobody answers, or a later key was quicker: the form still works
      }
    };

    input.addEventListener('input', (event) => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(ask, WAIT);
    });
    input.addEventListener('compositionend', () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (list.hidden) ask();
        else move(event.key === 'ArrowDown' ? 1 : -1);
      } else if (event.key === 'Enter' && active >= 0 && !list.hidden) {
        event.preventDefault();
        choose(active);
      } else if (event.key === 'Escape' && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    input.addEventListener('blur', close);
  };

  for (const input of document.querySelectorAll('input[data-suggest]')) enhance(input);
}
