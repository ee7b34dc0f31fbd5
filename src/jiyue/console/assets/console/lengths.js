// A text that is too long is said, never cut: at `maxlength` a browser drops the end of what is pasted without a word.
const words = document.querySelector('script[data-jy-lengths]').dataset.jyLengths;

document.addEventListener('focusin', (event) => {
  const field = event.target;
  if (!field.matches('textarea[maxlength], input[maxlength]')) return;
  field.dataset.longest = field.maxLength;
  field.removeAttribute('maxlength');
  field.addEventListener('input', () => judge(field));
});

/** While it is too long the browser says by how much, and sends no form that it checks; of the others the server says it. */
function judge(field) {
  const longest = Number(field.dataset.longest);
  const over = [...field.value].length - longest;
  const told = words.replace('{longest}', longest).replace('{over}', over);
  field.setCustomValidity(over > 0 ? told : '');
  if (over > 0) {
    field.setAttribute('aria-invalid', 'true');
    field.reportValidity();
  } else {
    field.removeAttribute('aria-invalid');
  }
}
