import { FitAddon } from '@xterm/addon-fit';
import { Terminal as Xterm } from '@xterm/xterm';
import { LineInput } from './line-input.js';

/** The colours of the style sheet that a terminal takes, by its names. */
const colours = {
  background: '--terminal',
  foreground: '--text',
  cursor: '--accent',
  cursorAccent: '--terminal',
  selectionBackground: '--selection',
  red: '--error',
};

const red = '\x1b[31m';
const plain = '\x1b[0m';
const hideCursor = '\x1b[?25l';

/** Where a program writes to and reads from. */
export class Terminal {
  /** @type {Xterm} */ #xterm;
  #fit = new FitAddon();
  /** @type {LineInput} */ #input;
  #decoder = new TextDecoder();
  #transcript = '';

  /**
   * @param {HTMLElement} parent
   * @param {{ onInterrupt: () => void }} events Ctrl+C was pressed
   */
  constructor(parent, { onInterrupt }) {
    this.#xterm = new Xterm({
      convertEol: true,
      disableStdin: true,
      cursorInactiveStyle: 'none',
      fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
      fontSize: 13,
      lineHeight: 1.25,
      screenReaderMode: true,
      scrollback: 10_000,
    });
    this.#input = new LineInput({ echo: (text) => this.#xterm.write(text), onInterrupt });
    this.#xterm.loadAddon(this.#fit);
    this.#xterm.open(parent);
    this.#xterm.attachCustomKeyEventHandler(leavesKeyToPage);
    this.#xterm.onData((data) => this.#input.type(data));
    this.#xterm.textarea?.setAttribute('aria-label', 'Terminal: what the program reads');
    new ResizeObserver(() => this.#fit.fit()).observe(parent);
    this.#takeColours();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#takeColours());
  }

  #takeColours() {
    const style = getComputedStyle(document.documentElement);
    const entries = Object.entries(colours).map(([name, variable]) => [
      name,
      style.getPropertyValue(variable),
    ]);
    this.#xterm.options.theme = Object.fromEntries(entries);
  }

  /** What the program has written, as text. */
  get transcript() {
    return this.#transcript;
  }

  /** Forgets what was written and typed. */
  clear() {
    this.#xterm.reset();
    this.#input.reset();
    this.#decoder = new TextDecoder();
    this.#transcript = '';
  }

  /** Makes room for a program that starts, and takes what is typed from now on. */
  start() {
    this.clear();
    this.#xterm.options.disableStdin = false;
  }

  /** No program runs any more. */
  end() {
    this.#xterm.options.disableStdin = true;
    this.#xterm.write(hideCursor);
  }

  /**
   * @param {Uint8Array} bytes of the program
   * @param {1 | 2} stream
   * @returns {Promise<void>} resolves when there is room for more
   */
  write(bytes, stream) {
    const text = this.#decoder.decode(bytes, { stream: true });
    this.#transcript += text;
    return this.#show(stream === 2 ? red + text + plain : text);
  }

  /** Shows what is no program's. @param {string} text */
  note(text) {
    return this.#show(text);
  }

  /** @param {string} text @returns {Promise<void>} */
  #show(text) {
    return new Promise((resolve) => this.#xterm.write(text, resolve));
  }

  /** @returns {Promise<Uint8Array | null>} the next line that is typed; null at the end */
  async read() {
    this.#xterm.focus();
    const line = await this.#input.read();
    return line === null ? null : new TextEncoder().encode(line);
  }
}

/** Tab goes to what comes next in the page, and what it has shortcuts for is the page's. @param {KeyboardEvent} event */
function leavesKeyToPage(event) {
  const isShortcut = (event.ctrlKey || event.metaKey) && event.key === 'Enter';
  return event.key !== 'Tab' && !isShortcut;
}
