// Streams of JavaScript, read and written by calls that wait: of items or of bytes.
//
// Of JavaScript this needs `imports: streamImports()` of greenlet-wasm/streams. Natively whoever
// defines the imports defines these calls too.
//
// A stream is a number: a parameter of type `stream`, or what a header of this folder opens. It
// ends with the call from JavaScript for which it was opened, however that ends, or by
// gevent_stream_close: what has not been read to the end is then cancelled, and what was written
// and not ended is aborted. A task of C's own has to close what it opens, also when it is killed
// (gevent/cleanup.h).
//
// Each call waits as an import does (door.h), and parks only its caller. What may fail in all:
// GREENLET_EREJECTED with the stream's own error; GREENLET_ENETWORK for one that is of a network;
// GREENLET_EREJECTED for a number that has ended, and for one that cannot be read from or written
// to.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_STREAMS_H
#define GEVENT_IO_STREAMS_H

#include <stdlib.h>
#include <string.h>

#include "../door.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- items --------------------------------------------------------------------------------------

// int gevent_stream_next_TYPE(int32_t stream, TYPE *item)
//
// Gets the next item, as a result of the door's type, which the caller frees. GREENLET_ECLOSED at
// the end, each time; GREENLET_EREJECTED for an item that is of another type, which is then gone;
// GREENLET_EBUSY if another greenlet is reading. Who is killed or timed out has taken nothing.
// Text and bytes stand for each other. A `ref` or `stream` is the caller's call's, or until it is
// dropped.
GEVENT_IMPORT_INLINE(i32, gevent_streams, gevent_stream_next_i32, lent)
GEVENT_IMPORT_INLINE(i64, gevent_streams, gevent_stream_next_i64, lent)
GEVENT_IMPORT_INLINE(f64, gevent_streams, gevent_stream_next_f64, lent)
GEVENT_IMPORT_INLINE(string, gevent_streams, gevent_stream_next_string, lent)
GEVENT_IMPORT_INLINE(bytes, gevent_streams, gevent_stream_next_bytes, lent)
GEVENT_IMPORT_INLINE(json, gevent_streams, gevent_stream_next_json, lent)
GEVENT_IMPORT_INLINE(ref, gevent_streams, gevent_stream_next_ref, lent)
GEVENT_IMPORT_INLINE(stream, gevent_streams, gevent_stream_next_stream, lent)

// int gevent_stream_put_TYPE(int32_t stream, TYPE item)
//
// Gives an item (borrowed), and waits until the stream has taken it. GREENLET_ECLOSED if nobody
// reads any more or the stream has been ended. What a killed or timed out one has given may still
// be taken; what is given next comes after it.
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_put_i32, lent, i32)
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_put_i64, lent, i64)
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_put_f64, lent, f64)
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_put_string, lent, string)
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_put_bytes, lent, bytes)
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_put_json, lent, json)
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_put_ref, lent, ref)

// ---- bytes --------------------------------------------------------------------------------------

GEVENT_IMPORT_INLINE(bytes, gevent_streams, gevent_stream_read_bytes, lent, i32)

// Reads at most `size` bytes, as many as there are, and waits if there are none. Returns how many,
// 0 only at the end, or an error as gevent_stream_next_bytes. (read(2))
//   while ((count = gevent_stream_read(stream, buffer, sizeof buffer)) > 0) …
static inline int gevent_stream_read(int32_t stream, void *buffer, size_t size) {
    gevent_bytes_t bytes;
    int code =
        gevent_stream_read_bytes(stream, (int32_t)(size < INT32_MAX ? size : INT32_MAX), &bytes);
    if (code < 0) return code;
    if (bytes.size > 0) memcpy(buffer, bytes.data, bytes.size);
    free(bytes.data);
    return (int)bytes.size;
}

// Writes all of it, and waits until the stream has taken it. GREENLET_OK, or as gevent_stream_put.
static inline int gevent_stream_write(int32_t stream, const void *data, size_t size) {
    gevent_bytes_t bytes = {(void *)(uintptr_t)data, size};
    return gevent_stream_put_bytes(stream, bytes);
}

// ---- ends ---------------------------------------------------------------------------------------

// Nothing more will be written: waits until all has arrived. It can still be read from.
GEVENT_IMPORT_INLINE(void, gevent_streams, gevent_stream_end, lent)

// Ends the number, and what of the stream has not ended. Does not wait. From anywhere; 0, and one
// that has been closed, are allowed.
static inline void gevent_stream_close(int32_t stream) {
    gevent_ref_drop(stream);
}

// Makes a stream from which comes what is put or written into it: for one greenlet to feed another,
// or what takes a stream. To write waits for whoever reads.
GEVENT_IMPORT_INLINE(stream, gevent_streams, gevent_stream_pipe)

#ifdef __cplusplus
}
#endif
#endif
