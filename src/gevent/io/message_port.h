// MessagePorts: a stream of messages.
//
// Of JavaScript this needs `imports: messagePortImports()` of greenlet-wasm/message-port.
//
// A message is an item (streams.h) of whatever type was posted: gevent_stream_next_json gets one,
// gevent_stream_put_json posts one. What has come and is not read is kept. The stream ends when the
// other side closes its port, on hosts that tell.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_MESSAGE_PORT_H
#define GEVENT_IO_MESSAGE_PORT_H

#include "streams.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_message_port_open(int32_t port, int32_t *stream)
// Makes a stream of a MessagePort, a reference, and starts it. To close the stream closes the port.
GEVENT_IMPORT_INLINE(stream, gevent_message_port, gevent_message_port_open, ref)

#ifdef __cplusplus
}
#endif
#endif
