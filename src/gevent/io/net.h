// TCP by Node's net.
//
// Of JavaScript this needs `imports: netImports()` of greenlet-wasm/net, in Node or what resembles
// it. A connection is a stream of bytes (streams.h) that is read, written, ended (the other side
// then reads to its end and may go on writing) and closed. What fails is GREENLET_ENETWORK with the
// host's message: "connect ECONNREFUSED 127.0.0.1:1", "getaddrinfo ENOTFOUND nowhere.invalid".
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_NET_H
#define GEVENT_IO_NET_H

#include "streams.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_net_connect(const char *host, int32_t port, int32_t *connection)
// To kill who waits gives the connection up.
GEVENT_IMPORT_INLINE(stream, gevent_net, gevent_net_connect, string, i32)

// int gevent_net_listen(const char *host, int32_t port, int32_t *server)
// Listens, on a free port for 0. To close the server closes the connections that nobody has
// accepted.
GEVENT_IMPORT_INLINE(stream, gevent_net, gevent_net_listen, string, i32)

// int gevent_net_port(int32_t server, int32_t *port)
GEVENT_IMPORT_INLINE(i32, gevent_net, gevent_net_port, stream)

// Waits for the next connection.
static inline int gevent_net_accept(int32_t server, int32_t *connection) {
    return gevent_stream_next_stream(server, connection);
}

#ifdef __cplusplus
}
#endif
#endif
