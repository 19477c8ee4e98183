// A strict program that iterates over C, and gives it streams: package.test.js.

import { load, NetworkError, type StreamLike } from 'greenlet-wasm';
import { broadcastChannelImports } from 'greenlet-wasm/broadcast-channel';
import { fetchImports } from 'greenlet-wasm/fetch';
import { messagePortImports } from 'greenlet-wasm/message-port';
import { streamImports, toReadable, toTransform, toWritable } from 'greenlet-wasm/streams';
import { webSocketImports } from 'greenlet-wasm/websocket';
import type { Module as Iterating } from './iterate.js';
import type { Module } from './streams.js';

const app = await load<Module>('streams.wasm', { imports: { ...streamImports(), host: { give: () => {} } } });
const total: number = await app.call('sum', [1, 2, 3]);
const texts: ReadableStream<string> = toReadable(app.iterate('upper', ['a']));
const { readable, writable } = toTransform(app, 'upper');
const w: WritableStream = toWritable(app, 'count_lines');
const body: StreamLike = new ReadableStream();
await app.call('count_lines', body);
// @ts-expect-error a number is no stream
await app.call('sum', 7);
// @ts-expect-error it gives many values
app.spawn('upper', []);
// @ts-expect-error it gives one
app.iterate('sum', []);
const it = await load<Iterating>('iterate.wasm', { imports: { host: { note: () => {}, later: (n) => n } } });
for await (const x of it.iterate('count_to', 3, { highWaterMark: 1 })) {
  const y: number = x;
  console.log(y);
}
for await (const x of it.iterate('say_lines', 3)) {
  const y: string = x;
  console.log(y);
}
const untyped = await load('iterate.wasm');
for await (const x of untyped.iterate('anything', 1)) console.log(x.whatever);
console.log(
  total,
  texts,
  readable,
  writable,
  w,
  fetchImports({ fetch }),
  NetworkError,
  webSocketImports({ WebSocket }),
  messagePortImports(),
  broadcastChannelImports(),
);
