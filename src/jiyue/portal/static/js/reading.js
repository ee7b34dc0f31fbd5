// Aids beside a text. A button that needs script is hidden in the page and shown here.
for (const button of document.querySelectorAll('[data-print]')) {
  button.addEventListener('click', () => window.print());
  button.hidden = false;
}
