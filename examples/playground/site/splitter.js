import Split from 'split.js';

/** How far a press of an arrow key moves a divider, in percent. */
const step = 5;

/**
 * @typedef {object} SplitterOptions
 * @property {readonly HTMLElement[]} panes two, side by side or one above the other
 * @property {'horizontal' | 'vertical'} direction in which they follow each other
 * @property {[number, number]} sizes percent
 * @property {[number, number]} least pixels
 * @property {string} label what the divider is for
 */

/**
 * Puts a divider between two panes, which a pointer drags and arrow keys move.
 *
 * @param {SplitterOptions} options
 * @returns {() => void} takes it away
 */
export function split({ panes, direction, sizes, least, label }) {
  const divider = makeDivider(direction, label);
  const tell = () => divider.setAttribute('aria-valuenow', String(Math.round(splitter.getSizes()[0])));
  const splitter = Split([...panes], {
    direction,
    sizes,
    minSize: least,
    gutterSize: 7,
    gutter: () => divider,
    onDrag: tell,
  });
  divider.addEventListener('keydown', (event) => {
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const first = Math.min(90, Math.max(10, splitter.getSizes()[0] + by));
    splitter.setSizes([first, 100 - first]);
    tell();
  });
  tell();
  return () => splitter.destroy();
}

/** @type {Record<string, number>} */
const moves = { ArrowLeft: -step, ArrowUp: -step, ArrowRight: step, ArrowDown: step };

/** @param {'horizontal' | 'vertical'} direction @param {string} label */
function makeDivider(direction, label) {
  const divider = document.createElement('div');
  divider.className = `gutter gutter-${direction}`;
  divider.tabIndex = 0;
  divider.setAttribute('role', 'separator');
  divider.setAttribute('aria-label', label);
  divider.setAttribute('aria-orientation', direction === 'horizontal' ? 'vertical' : 'horizontal');
  return divider;
}
