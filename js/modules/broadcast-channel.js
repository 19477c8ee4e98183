import { portStream } from './port-stream.js';
import { streamImports } from './streams.js';

/**
 * The imports of a module whose C includes gevent/io/broadcast_channel.h:
 * `imports: { ...broadcastChannelImports(), … }`.
 */
export function broadcastChannelImports() {
  return {
    ...streamImports(),
    gevent_broadcast_channel: {
      gevent_broadcast_channel_open: (/** @type {string} */ name) => portStream(new BroadcastChannel(name)),
    },
  };
}
