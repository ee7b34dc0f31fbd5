// Words told live: each comes by itself and stands on top. A reader may stop that at any moment; nothing is lost meanwhile.
{
  const place = document.querySelector('[data-live]');
  const list = place?.querySelector('.live-words');
  const pause = place?.querySelector('[data-live-pause]');
  const RETRY = 3000; // milliseconds, and as much again by chance, so that not all come back at once

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
  const drawn = (word) => {
    const item = document.createElement('li');
    item.id = `w${word.n}`;
    if (word.public) item.className = 'is-public';
    const who = put('p', 'live-who', word.who);
    const time = put('time', '', clock(word.at));
    time.dateTime = word.at;
    who.append(time);
    if (word.state === 'amended') who.append(put('span', 'note', place.dataset.amended));
    item.append(who);
    if (word.state === 'taken_back') {
      item.append(put('p', 'note', place.dataset.back));
      return item;
    }
    item.append(put('p', 'live-text', word.text));
    if (word.picture) {
      const picture = document.createElement('img');
      const { name, alt, width, height } = word.picture;
      Object.assign(picture, { src: place.dataset.picture + name, alt, width, height });
      item.append(picture);
    }
    return item;
  };
  const show = (word) => {
    const item = drawn(word);
    const before = document.getElementById(item.id);
    if (before) before.replaceWith(item);
    else list.prepend(item);
  };

  let seq = Number(place?.dataset.seq);
  let stopped = false;
  let waiting = [];
  const label = pause?.textContent;
  const say = () => {
    const { go, new: news } = pause.dataset;
    const count = waiting.length ? `（${waiting.length} ${news}）` : '';
    pause.textContent = stopped ? `${go}${count}` : label;
  };
  const take = (told) => {
    if (told.state === 'moved' || told.state === 'gone') {
      globalThis.location.reload();
      return;
    }
    seq = told.seq;
    if (stopped) waiting.push(...told.words);
    else told.words.forEach(show);
    if (told.words.length) place.querySelector('[data-live-none]').hidden = true;
    if (told.state === 'over') place.querySelector('[data-live-state]').textContent = place.dataset.over;
    say();
  };
  const follow = () => {
    const source = new EventSource(`${place.dataset.live}&since=${seq}`);
    source.onmessage = (event) => take(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      setTimeout(follow, RETRY * (1 + Math.random()));
    };
  };
  if (list && pause && globalThis.EventSource) {
    pause.hidden = false;
    pause.addEventListener('click', () => {
      stopped = !stopped;
      if (!stopped) {
        waiting.forEach(show);
        waiting = [];
      }
      say();
    });
    follow();
  }
}
