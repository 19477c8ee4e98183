// Messages of ports and channels in C.
#include "gevent.h"
#include "gevent/io/broadcast_channel.h"
#include "gevent/io/message_port.h"

// Sends back what it gets, until `count` have come.
static int echo(int32_t stream, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        char *message;
        int code = gevent_stream_next_json(stream, &message);
        if (code < 0) return code;
        code = gevent_stream_put_json(stream, message);
        free(message);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

int echo_port(int32_t port, int32_t count) {
    int32_t stream;
    int code = gevent_message_port_open(port, &stream);
    return code < 0 ? code : echo(stream, count);
}
GEVENT_EXPORT(void, echo_port, ref, i32)

int echo_channel(const char *name, int32_t count) {
    int32_t stream;
    int code = gevent_broadcast_channel_open(name, &stream);
    return code < 0 ? code : echo(stream, count);
}
GEVENT_EXPORT(void, echo_channel, string, i32)
