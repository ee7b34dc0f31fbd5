// A live enquiry: what the officer says comes by itself, what the visitor says goes without a new page. Nothing moves the
// focus, nothing typed is thrown away before it has arrived. Without script the buttons of the page do all of it.
{
  const place = document.querySelector('[data-talk]');
  const form = place?.querySelector('form');
  const list = place?.querySelector('.talk-words');
  const field = form?.elements.text;
  const wrong = place?.querySelector('[data-talk-wrong]');
  const told = place?.dataset;
  const RETRY = 3000; // milliseconds, and as much again by chance, so that not all come back at once
  const SPOKEN = new Set(['say', 'late', 'answer']);

  const put = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  };
  const clock = (text) =>
    new Intl.DateTimeFormat('zh-CN', {
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
      timeZone: 'Asia/Shanghai',
    }).format(new Date(text));
  const camel = (name) => name.replace(/_(.)/g, (_all, letter) => letter.toUpperCase());
  const sentence = (word) => {
    const name = word.act === 'end' ? `end_${word.text}` : word.act;
    const text = told[camel(`told_${name}`)];
    return text?.replace('%(label)s', word.label);
  };
  const handed = (file) => {
    const row = put('p', 'talk-text', '');
    const name = put(file.id ? 'a' : 'span', '', file.name);
    if (file.id) name.href = `/hudong/talk-file?f=${file.id}`;
    row.append(name);
    return row;
  };
  const spoken = (word) => {
    const item = put('li', word.mine ? 'is-mine' : 'is-theirs', '');
    const who = put('p', 'talk-who', word.mine ? told.you : word.label);
    const time = put('time', '', clock(word.at));
    time.dateTime = word.at;
    who.append(time);
    if (word.pending) who.append(put('span', 'note', told.pending));
    item.append(who, put('p', 'talk-text', word.text));
    item.append(...(word.files ?? []).map(handed));
    return item;
  };
  const drawn = (word) => {
    if (SPOKEN.has(word.act)) return spoken(word);
    const item = put('li', 'is-told', '');
    item.append(put('p', '', sentence(word) ?? ''));
    return item;
  };
  // What is said is known by the form it came from and by its words: edited and sent again, it is something else.
  const standing = (word) =>
    [...list.querySelectorAll(`[data-t^="${CSS.escape(word.t.slice(0, 16))}"]`)].find(
      (item) => item.querySelector('.talk-text').textContent === word.text,
    );
  const show = (word) => {
    if (word.n && document.getElementById(`w${word.n}`)) return;
    if (!SPOKEN.has(word.act) && !sentence(word)) return;
    const sent = word.t ? standing(word) : null;
    if (sent) {
      // What stands there already is only marked as arrived: nobody shall hear it twice.
      sent.querySelector('.talk-who .note')?.remove();
      if (word.n) sent.id = `w${word.n}`;
      return;
    }
    const low = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
    const item = drawn(word);
    if (word.n) item.id = `w${word.n}`;
    if (word.t) item.dataset.t = word.t;
    list.querySelector('ol').append(item);
    if (low || word.pending) list.scrollTop = list.scrollHeight;
    if (word.act === 'take') place.querySelector('[data-talk-rating]')?.removeAttribute('hidden');
  };

  const state = place?.querySelector('[data-talk-state]');
  const over = () => {
    place.querySelector('[data-talk-over]').hidden = false;
    place.querySelector('[data-talk-acts]').hidden = true;
    place.querySelector('[data-talk-idle]')?.remove();
    if (!field.value.trim()) place.querySelector('[data-talk-on]').hidden = true;
  };
  const stand = (code) => {
    const [name, at] = code.split('-');
    let text = told[name] ?? '';
    if (name === 'waiting')
      text = at === '1' ? told.first : at ? told.waiting.replace('%(n)s', Number(at) - 1) : told.sent;
    if (state.textContent !== text) state.textContent = text;
    if (name === 'ended') over();
    return name === 'ended';
  };

  let seq = Number(place?.dataset.seq);
  let ended = false;
  let source = null;
  const follow = () => {
    source = new EventSource(`${told.talk}?since=${seq}`);
    source.onmessage = (event) => {
      const news = JSON.parse(event.data);
      if (news.state === 'gone') return;
      seq = news.seq;
      news.words.forEach(show);
      ended = stand(news.state);
      if (ended) source.close();
    };
    source.onerror = () => {
      source.close();
      if (!ended) setTimeout(follow, RETRY * (1 + Math.random()));
    };
  };

  const complain = (text) => {
    wrong.textContent = text;
    wrong.hidden = !text;
    if (text) field.setAttribute('aria-describedby', 'f-text-hint talk-wrong');
  };
  const answered = async (answer, sent, item) => {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.querySelector('.talk-form [name="token"]');
    if (answer.ok) {
      if (next) form.elements.token.value = next.value;
      if (field.value === sent) field.value = '';
      return;
    }
    if (!item.id) item.remove();
    complain(page.querySelector('.wrong-list p, .wrong-list li a')?.textContent.trim() || told.lost);
  };
  // Files go with the page, as without script: they are kept there while something is still wrong.
  const hasFiles = () => form.elements.files?.files.length || form.querySelector('.kept li');
  let busy = false;
  const say = async () => {
    const sent = field.value;
    if (busy || !sent.trim()) return;
    busy = true;
    complain('');
    const token = form.elements.token.value;
    const word = {
      n: 0,
      act: 'say',
      mine: true,
      text: sent.trim(),
      at: new Date().toISOString(),
      t: token,
      pending: true,
    };
    show(word);
    const item = standing(word);
    try {
      const body = new URLSearchParams({ token, lang: form.elements.lang.value, go: 'say', text: sent });
      await answered(await fetch(form.action, { method: 'POST', body }), sent, item);
    } catch {
      if (!item.id) item.remove();
      complain(told.lost);
    } finally {
      busy = false;
    }
  };

  if (form && list && globalThis.EventSource) {
    wrong.id = 'talk-wrong';
    wrong.setAttribute('role', 'alert');
    for (const look of place.querySelectorAll('[data-talk-look]')) look.remove();
    const print = place.querySelector('[data-talk-print]');
    print.hidden = false;
    print.addEventListener('click', () => globalThis.print());
    form.addEventListener('submit', (event) => {
      if (event.submitter?.value !== 'say' || !field.value.trim() || hasFiles()) return;
      event.preventDefault();
      say();
    });
    field?.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit(form.elements.go[0]);
    });
    list.scrollTop = list.scrollHeight;
    if (!told.state.startsWith('ended')) follow();
  }
}
