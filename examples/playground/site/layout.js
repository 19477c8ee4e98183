import { find } from './find.js';
import { split } from './splitter.js';

const narrow = matchMedia('(max-width: 50rem)');

/** @type {(() => void)[]} */
let dividers = [];

/** Puts dividers between the panes where they lie side by side. */
function divide() {
  for (const remove of dividers) remove();
  dividers = narrow.matches ? [] : [divideLesson(), divideWork()];
}

function divideLesson() {
  const panes = [find('lesson', HTMLElement), find('work', HTMLElement)];
  return split({
    panes,
    direction: 'horizontal',
    sizes: [26, 74],
    least: [180, 300],
    label: 'Width of the lesson',
  });
}

function divideWork() {
  const panes = [find('source', HTMLElement), find('output', HTMLElement)];
  return split({
    panes,
    direction: 'vertical',
    sizes: [64, 36],
    least: [100, 90],
    label: 'Height of the source',
  });
}

/** Lays the page out, now and whenever its width changes. */
export function layOut() {
  divide();
  narrow.addEventListener('change', divide);
}
