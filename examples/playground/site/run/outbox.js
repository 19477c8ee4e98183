/** So many messages may be on their way before output is put together into larger ones. */
const MOST_MESSAGES = 256;

/** How large these are. */
const BLOCK_SIZE = 65536;

/** A program that has written so much while nobody could take it writes for ever. */
const MOST_BYTES = 1 << 24;

/**
 * What a program writes, on its way to the page: at once, as long as that keeps up with it. A program that never waits
 * hears of nothing, so it is the page's part to end one that floods it.
 */
export class Outbox {
  /** @type {(message: object) => void} */ #post;
  /** @type {Uint8Array[]} */ #waiting = [];
  #stream = 1;
  #waitingSize = 0;
  #messages = 0;
  #unseen = 0;

  /** @param {(message: object) => void} post */
  constructor(post) {
    this.#post = post;
  }

  /** @param {1 | 2} stream stdout or stderr @param {Uint8Array} bytes */
  write(stream, bytes) {
    if (this.#unseen > MOST_BYTES) return;
    if (stream !== this.#stream) this.flush();
    this.#stream = stream;
    this.#waiting.push(bytes);
    this.#waitingSize += bytes.length;
    this.#unseen += bytes.length;
    if (this.#unseen > MOST_BYTES) this.#post({ kind: 'flooded' });
    else if (this.#messages < MOST_MESSAGES || this.#waitingSize >= BLOCK_SIZE) this.flush();
  }

  /** Sends what is waiting. */
  flush() {
    if (this.#waitingSize === 0) return;
    const bytes = new Uint8Array(this.#waitingSize);
    let end = 0;
    for (const part of this.#waiting) {
      bytes.set(part, end);
      end += part.length;
    }
    this.#waiting = [];
    this.#waitingSize = 0;
    this.#messages++;
    this.#post({ kind: 'output', stream: this.#stream, bytes });
  }

  /** The page has taken one message. @param {number} size of its bytes */
  acknowledge(size) {
    this.#messages--;
    this.#unseen -= size;
    this.flush();
  }
}
