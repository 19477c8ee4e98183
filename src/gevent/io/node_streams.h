// Streams of Node: files, pipes, processes, whatever is a Readable, a Writable or a Duplex.
//
// Of JavaScript this needs `imports: nodeStreamImports()` of greenlet-wasm/node-streams, in Node or
// what resembles it. Read and written as streams.h says; to close one destroys it.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_NODE_STREAMS_H
#define GEVENT_IO_NODE_STREAMS_H

#include "streams.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_node_stream_open(int32_t node_stream, int32_t *stream)
// Makes a stream of a reference to a stream of Node.
GEVENT_IMPORT_INLINE(stream, gevent_node_streams, gevent_node_stream_open, ref)

// int gevent_node_stdin(int32_t *stream), int gevent_node_stdout(int32_t *stream)
// The process's own; to close stdout does nothing.
GEVENT_IMPORT_INLINE(stream, gevent_node_streams, gevent_node_stdin)
GEVENT_IMPORT_INLINE(stream, gevent_node_streams, gevent_node_stdout)

#ifdef __cplusplus
}
#endif
#endif
