// MessagePorts and BroadcastChannels in C.

import { broadcastChannelImports } from '../../../js/modules/broadcast-channel.js';
import { messagePortImports } from '../../../js/modules/message-port.js';
import { assert, compileProgram, describe, it, load, reasonOf, settle } from '../harness/index.js';

async function loadPorts() {
  const imports = { ...messagePortImports(), ...broadcastChannelImports() };
  return load(await compileProgram('ports.c'), { imports });
}

/** @param {MessagePort | BroadcastChannel} port @returns {Promise<any>} */
const nextMessage = (port) =>
  new Promise((resolve) => {
    port.onmessage = (/** @type {any} */ { data }) => resolve(data);
  });

const messages = [{ a: [1, 'x', null] }, 'text', 7];

describe('a MessagePort in C', () => {
  it('gets messages and posts some', async () => {
    const app = await loadPorts();
    const { port1, port2 } = new MessageChannel();
    const task = app.spawn('echo_port', port2, messages.length);
    for (const message of messages) {
      const answer = nextMessage(port1);
      port1.postMessage(message);
      assert.deepEqual(await answer, message);
    }
    await task;
    port1.close();
  });

  it('is closed when its reader is killed', async () => {
    const app = await loadPorts();
    const { port1, port2 } = new MessageChannel();
    let isClosed = false;
    const { close } = port2;
    port2.close = () => {
      isClosed = true;
      close.call(port2);
    };
    const task = app.spawn('echo_port', port2, 1);
    await settle();
    task.kill(new Error('enough'));
    assert.equal((await reasonOf(task)).message, 'enough');
    await settle();
    assert.ok(isClosed);
    port1.close();
  });
});

describe('a BroadcastChannel in C', () => {
  it('gets messages and posts some', async () => {
    const app = await loadPorts();
    const name = 'greenlet-wasm tests';
    const channel = new BroadcastChannel(name);
    const task = app.spawn('echo_channel', name, messages.length);
    await settle();
    for (const message of messages) {
      const answer = nextMessage(channel);
      channel.postMessage(message);
      assert.deepEqual(await answer, message);
    }
    await task;
    channel.close();
  });
});
