// TLS by Node's tls: as net.h, with encrypted connections.
//
// Of JavaScript this needs `imports: tlsImports()` of greenlet-wasm/tls, in Node or what resembles
// it. What fails, a certificate that is not trusted too, is GREENLET_ENETWORK with the host's
// message. To end a connection ends both directions.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_TLS_H
#define GEVENT_IO_TLS_H

#include "streams.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_tls_connect(const char *host, int32_t port, const char *options, int32_t *connection)
//   options  of Node's tls.connect as JSON, for example {"ca":"-----BEGIN
//   …","servername":"example"};
//            NULL: none
// To kill who waits gives the connection up.
GEVENT_IMPORT_INLINE(stream, gevent_tls, gevent_tls_connect, string, i32, json)

// int gevent_tls_listen(const char *host, int32_t port, const char *options, int32_t *server)
//   options  of Node's tls.createServer as JSON: {"key":"…","cert":"…"}, in PEM
GEVENT_IMPORT_INLINE(stream, gevent_tls, gevent_tls_listen, string, i32, json)

// int gevent_tls_port(int32_t server, int32_t *port)
GEVENT_IMPORT_INLINE(i32, gevent_tls, gevent_tls_port, stream)

// Waits for the next connection whose handshake is done.
static inline int gevent_tls_accept(int32_t server, int32_t *connection) {
    return gevent_stream_next_stream(server, connection);
}

#ifdef __cplusplus
}
#endif
#endif
