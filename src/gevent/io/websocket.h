// WebSockets: a stream of messages.
//
// Of JavaScript this needs `imports: webSocketImports()` of greenlet-wasm/websocket, which on a
// host that has none is given the class: `webSocketImports({ WebSocket })`.
//
// A message is an item (streams.h): gevent_stream_next_string or gevent_stream_next_bytes gets one,
// gevent_stream_put_string or gevent_stream_put_bytes sends one, which waits while much is on its
// way. What has come and is not read is kept: the protocol cannot ask the other side to wait. The
// stream ends when the other side closes; a connection that breaks is GREENLET_ENETWORK.
// gevent_stream_end closes and waits for the other side to agree.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_WEBSOCKET_H
#define GEVENT_IO_WEBSOCKET_H

#include "streams.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_websocket_open(const char *url, const char *protocols, int32_t *socket)
// Connects, and waits until the other side has agreed. To kill who waits gives it up.
//   protocols  a JSON array of names; NULL: none
// GREENLET_ENETWORK.
GEVENT_IMPORT_INLINE(stream, gevent_websocket, gevent_websocket_open, string, json)

#ifdef __cplusplus
}
#endif
#endif
