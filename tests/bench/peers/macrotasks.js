import { setImmediate } from 'node:timers';
import { inProcess } from '../systems.js';
import { yieldingBy } from './async-functions.js';

/** @param {string} name @param {() => unknown} wait @param {number} most */
const yielding = (name, wait, most) => inProcess(name, { yield_among: yieldingBy(wait) }, { most });

function waitForMessages() {
  /** @type {(() => void)[]} */
  const waiting = [];
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      waiting.push(resolve);
      port1.postMessage(null);
    });
}

/** The other ways for an async function to let others run. */
export const macrotasks = [
  yielding('setTimeout', () => new Promise((resolve) => setTimeout(resolve)), 10_000),
  yielding('setImmediate', () => new Promise((resolve) => setImmediate(resolve)), 20_000),
  yielding('MessageChannel', waitForMessages(), 20_000),
];
