import { find } from './find.js';

const status = find('status', HTMLElement);
const bar = find('progress', HTMLProgressElement);

const megabyte = 1e6;

/** @param {string} text @param {'plain' | 'error'} [kind] */
export function say(text, kind = 'plain') {
  status.textContent = text;
  status.dataset.kind = kind;
  bar.hidden = true;
}

/** @param {number} done @param {number} total bytes of the compiler */
export function sayProgress(done, total) {
  const size = (total / megabyte).toFixed(0);
  const text = done < total ? `Loading the compiler, ${size} MB, once.` : 'Starting the compiler.';
  if (status.textContent !== text) say(text); // which a screen reader says once
  bar.hidden = done === total;
  bar.value = done / total;
}
