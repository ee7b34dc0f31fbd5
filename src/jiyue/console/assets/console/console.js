// The site bar: switching happens when a site is picked; the button stays for who has no script.
const bar = document.querySelector('.jy-bar');
if (bar) {
  bar.style.setProperty('--jy-site', bar.dataset.siteColour);
  const select = bar.querySelector('select');
  if (select) {
    bar.querySelector('.jy-bar__button').hidden = true;
    select.addEventListener('change', () => select.form.requestSubmit());
  }
}
