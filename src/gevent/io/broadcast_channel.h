// BroadcastChannels: a stream of messages to and from all who have opened one of the same name.
//
// Of JavaScript this needs `imports: broadcastChannelImports()` of greenlet-wasm/broadcast-channel.
//
// A message is an item (streams.h) of whatever type was posted: gevent_stream_next_json gets one,
// gevent_stream_put_json posts one, which this stream does not get itself. What has come and is not
// read is kept. The stream does not end by itself.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_BROADCAST_CHANNEL_H
#define GEVENT_IO_BROADCAST_CHANNEL_H

#include "streams.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_broadcast_channel_open(const char *name, int32_t *stream)
GEVENT_IMPORT_INLINE(stream, gevent_broadcast_channel, gevent_broadcast_channel_open, string)

#ifdef __cplusplus
}
#endif
#endif
