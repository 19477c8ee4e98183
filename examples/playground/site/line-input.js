const enter = /[\r\n]/;
const endOfInput = '\u0004';
const interrupt = '\u0003';
const erase = '\u007f';

/**
 * @typedef {object} LineInputEvents
 * @property {(text: string) => void} echo shows what has been typed
 * @property {() => void} onInterrupt Ctrl+C
 */

/** What a terminal does before a program reads: keeps a line until it is finished, and lets it be corrected. */
export class LineInput {
  /** @type {LineInputEvents} */ #events;
  #line = '';
  /** @type {(string | null)[]} finished lines that nobody has read; null is the end */
  #lines = [];
  /** @type {((line: string | null) => void) | undefined} */ #reader;

  /** @param {LineInputEvents} events */
  constructor(events) {
    this.#events = events;
  }

  /** @param {string} data typed or pasted */
  type(data) {
    for (const character of data) this.#typeOne(character);
  }

  /** @param {string} character */
  #typeOne(character) {
    if (enter.test(character)) this.#finish();
    else if (character === interrupt) this.#events.onInterrupt();
    else if (character === endOfInput) this.#end();
    else if (character === erase) this.#erase();
    else if (character >= ' ' || character === '\t') this.#append(character);
  }

  /** @param {string} character */
  #append(character) {
    this.#line += character;
    this.#events.echo(character);
  }

  #erase() {
    const characters = [...this.#line];
    if (!characters.length) return;
    this.#line = characters.slice(0, -1).join('');
    this.#events.echo('\b \b');
  }

  #finish() {
    this.#events.echo('\n');
    this.#give(`${this.#line}\n`);
    this.#line = '';
  }

  /** As in a terminal: what has been typed so far, or the end. */
  #end() {
    this.#give(this.#line === '' ? null : this.#line);
    this.#line = '';
  }

  /** @param {string | null} line */
  #give(line) {
    if (!this.#reader) return void this.#lines.push(line);
    const reader = this.#reader;
    this.#reader = undefined;
    reader(line);
  }

  /** @returns {Promise<string | null>} the next line; null at the end */
  read() {
    return new Promise((resolve) => {
      const line = this.#lines.shift();
      if (line === undefined) this.#reader = resolve;
      else resolve(line);
    });
  }

  /** Forgets what has been typed, for another program. */
  reset() {
    this.#line = '';
    this.#lines = [];
    this.#reader = undefined;
  }
}
