// The live word about a colour's contrast on white, and the focus on a list of errors. Everything works without it:
// the server asks the same question when the form comes in.

const linear = (channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

function ratioOnWhite(colour) {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!found) return null;
  const [red, green, blue] = found.slice(1).map((pair) => linear(parseInt(pair, 16) / 255));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

function watch(input, says) {
  const say = () => {
    const ratio = ratioOnWhite(input.value.trim());
    const words = ratio === null ? says.dataset.wrong : ratio < 7 ? says.dataset.bad : says.dataset.good;
    says.textContent = words.replace('{ratio}', (Math.floor((ratio ?? 0) * 10) / 10).toFixed(1));
    says.style.setProperty('--of-swatch', ratio === null ? 'transparent' : input.value.trim());
  };
  input.addEventListener('input', say);
  say();
}

const input = document.querySelector('[data-contrast]');
const says = document.querySelector('[data-contrast-says]');
if (input && says) watch(input, says);
document.querySelector('[data-focus]')?.focus();

// On a phone a strip of tabs is wider than the screen: begin where the person is.
for (const tab of document.querySelectorAll('.of-tabs [aria-current]')) {
  const strip = tab.closest('.of-tabs');
  const [here, frame] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
  if (here.right > frame.right) strip.scrollLeft += here.left - frame.left - 12;
}
