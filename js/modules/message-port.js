import { portStream } from './port-stream.js';
import { streamImports } from './streams.js';

/**
 * The imports of a module whose C includes gevent/io/message_port.h: `imports: { ...messagePortImports(), … }`.
 */
export function messagePortImports() {
  return {
    ...streamImports(),
    gevent_message_port: {
      gevent_message_port_open: (/** @type {MessagePort} */ port) => portStream(port),
    },
  };
}
