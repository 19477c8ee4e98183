/**
 * What the host's event loop is given to call later.
 *
 * Measured in Chromium and Firefox: a MessageChannel that is kept costs 10 to 20 µs, a new one for each message up to
 * ten times that. scheduler.yield is as fast, but keeps timers and, in Chromium, frames from their turn;
 * scheduler.postTask does that to timers in Firefox's workers.
 */
export class Macrotasks {
  /** @type {MessageChannel | undefined} */ #channel;
  /** @type {(() => void)[]} */ #calls = [];

  /**
   * Calls in the next macrotask, by the fastest route of the host that is fair to all others.
   *
   * @param {() => void} call
   */
  queue(call) {
    if (typeof setImmediate === 'function') setImmediate(call);
    else this.#post(call);
  }

  /** Nothing that was queued is called any more. */
  close() {
    this.#calls = [];
    this.#channel?.port1.close();
  }

  /** @param {() => void} call */
  #post(call) {
    this.#channel ??= this.#open();
    this.#calls.push(call);
    this.#channel.port2.postMessage(null);
  }

  #open() {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => this.#calls.shift()?.();
    return channel;
  }
}
