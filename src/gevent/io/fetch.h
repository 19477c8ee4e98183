// Requests by the host's fetch, with bodies that stream.
//
// Of JavaScript this needs `imports: fetchImports()` of greenlet-wasm/fetch. What a response gives
// is a stream (streams.h): it is read from, and its request is aborted when it is closed before its
// end. What goes wrong on the way is GREENLET_ENETWORK with the host's message, for example
// "connect ECONNREFUSED 127.0.0.1:1"; an error status is none. To kill who waits aborts the
// request.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_FETCH_H
#define GEVENT_IO_FETCH_H

#include "streams.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_fetch(const char *url, int32_t *response)
// Gets a URL, and waits for its headers. (fetch)
GEVENT_IMPORT_INLINE(stream, gevent_fetch, gevent_fetch, string)

// int gevent_fetch_with(const char *url, const char *init, int32_t body, int32_t *response)
// The same with a RequestInit as JSON, for example
// {"method":"POST","headers":{"accept":"text/css"}}.
//   body  a stream of bytes to send, for example that of gevent_stream_pipe, which another task
//         writes meanwhile; 0: none
GEVENT_IMPORT_INLINE(stream, gevent_fetch, gevent_fetch_with, string, json, stream)

// Of a response: its status, its URL after redirections, and a header ("": it has none). Strings
// are the caller's to free.
GEVENT_IMPORT_INLINE(i32, gevent_fetch, gevent_fetch_status, stream)
GEVENT_IMPORT_INLINE(string, gevent_fetch, gevent_fetch_url, stream)
GEVENT_IMPORT_INLINE(string, gevent_fetch, gevent_fetch_header, stream, string)

#ifdef __cplusplus
}
#endif
#endif
