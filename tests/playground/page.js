import { assert } from '../js/harness/index.js';

/** Where the site is served, and what switches its network off and on (tests/suites/playground.js). */
const site = '/site/';

/** @type {HTMLIFrameElement | undefined} */
let frame;

/** @param {boolean} isOn */
export async function setNetwork(isOn) {
  await fetch(`/network?on=${isOn}`);
}

/** The playground in a frame, used as people use it: by its buttons, keys and pastes. */
export class Page {
  /** @type {Window & typeof globalThis} */ #window;
  /** What the page has put where it can be pasted from. */
  copied = '';

  /** @param {HTMLIFrameElement} frame of a page that has been loaded */
  constructor(frame) {
    this.#window = /** @type {any} */ (frame.contentWindow);
    const writeText = async (/** @type {string} */ text) => {
      this.copied = text;
    };
    Object.defineProperty(this.#window.navigator, 'clipboard', { value: { writeText } });
  }

  /**
   * Opens the site anew, in the place of what was open.
   *
   * @param {string} [fragment]
   */
  static async open(fragment = '') {
    frame?.remove();
    frame = document.createElement('iframe');
    Object.assign(frame.style, { width: '1200px', height: '800px' });
    frame.src = site + fragment;
    const loaded = new Promise((resolve) => frame?.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
    const page = new Page(frame);
    await page.until(() => page.text.length > 1);
    return page;
  }

  get document() {
    return this.#window.document;
  }

  get performance() {
    return this.#window.performance;
  }

  get serviceWorker() {
    return this.#window.navigator.serviceWorker;
  }

  get fragment() {
    return this.#window.location.hash;
  }

  get status() {
    return this.find('#status').textContent ?? '';
  }

  /** What is in the editor, of as much as it shows. */
  get text() {
    return [...this.document.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n');
  }

  /** @param {string} selector @returns {HTMLElement} */
  find(selector) {
    const element = this.document.querySelector(selector);
    assert.ok(element, selector);
    return /** @type {HTMLElement} */ (element);
  }

  /** @param {string} selector */
  click(selector) {
    this.find(selector).click();
  }

  /** @param {string} selector @param {string} value */
  choose(selector, value) {
    const select = /** @type {HTMLSelectElement} */ (this.find(selector));
    select.value = value;
    select.dispatchEvent(new this.#window.Event('change'));
  }

  /**
   * @param {string} selector of what has the focus
   * @param {KeyboardEventInit & { keyCode: number }} key
   */
  press(selector, key) {
    const event = new this.#window.KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...key });
    this.find(selector).dispatchEvent(event);
  }

  /** @param {string} selector @param {string} text */
  paste(selector, text) {
    const clipboardData = new this.#window.DataTransfer();
    clipboardData.setData('text/plain', text);
    const event = new this.#window.ClipboardEvent('paste', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'clipboardData', { value: clipboardData }); // Firefox takes none as an option
    this.find(selector).dispatchEvent(event);
  }

  /** @param {string} program in place of what is in the editor */
  write(program) {
    this.find('.cm-content').focus();
    this.press('.cm-content', { key: 'a', code: 'KeyA', keyCode: 65, ctrlKey: true });
    this.paste('.cm-content', program);
  }

  /** Runs what is in the editor to its end. @returns {Promise<string>} what the page says then */
  async run() {
    this.click('#run');
    return this.end();
  }

  /** @returns {Promise<string>} what the page says when nothing runs any more */
  async end() {
    await this.until(() => /** @type {HTMLButtonElement} */ (this.find('#stop')).disabled);
    return this.status;
  }

  /** @returns {string} what the program has written */
  get output() {
    this.click('#copy');
    return this.copied;
  }

  /** Resolves once something holds, which is looked at whenever the page has changed. @param {() => boolean} holds */
  async until(holds) {
    if (holds()) return;
    await new Promise((resolve) => {
      const observer = new this.#window.MutationObserver(() => {
        if (!holds()) return;
        observer.disconnect();
        resolve(undefined);
      });
      const everything = { subtree: true, childList: true, characterData: true, attributes: true };
      observer.observe(this.document, everything);
    });
  }
}
