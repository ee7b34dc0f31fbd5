// Type size and colours, as the reader chose them on this device. Without script the device's own settings rule.
{
  const root = document.documentElement;
  const box = document.querySelector('[data-display]');

  const remembered = (name) => {
    try {
      return localStorage.getItem(`display-${name}`) ?? '';
    } catch {
      return ''; // storage is switched off: the choice then lasts for this page
    }
  };
  const remember = (name, value) => {
    try {
      localStorage.setItem(`display-${name}`, value);
    } catch {
      return;
    }
  };
  const apply = (name, value) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  };

  for (const name of ['size', 'theme']) apply(name, remembered(name));

  if (box) {
    for (const group of box.querySelectorAll('[data-setting]')) {
      const name = group.dataset.setting;
      for (const input of group.querySelectorAll('input')) input.checked = input.value === (root.dataset[name] ?? '');
      group.addEventListener('change', (event) => {
        apply(name, event.target.value);
        remember(name, event.target.value);
      });
    }
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !box.open) return;
      box.open = false;
      box.querySelector('summary').focus();
    });
    document.addEventListener('click', (event) => {
      if (!box.contains(event.target)) box.open = false;
    });
    box.hidden = false;
  }
}
