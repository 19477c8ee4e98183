// WebSockets of C.
#include <stdio.h>

#include "gevent.h"
#include "gevent/io/websocket.h"

// Sends texts, gets as many, joined; ends the connection.
int chat(const char *url, int32_t count, char **said) {
    int32_t socket;
    char text[32], *all = calloc(1, 1024);
    int code = gevent_websocket_open(url, NULL, &socket);
    for (int32_t i = 0; code >= 0 && i < count; i++) {
        char *answer;
        snprintf(text, sizeof text, "text %d", (int)i);
        if ((code = gevent_stream_put_string(socket, text)) < 0) break;
        if ((code = gevent_stream_next_string(socket, &answer)) < 0) break;
        strcat(strcat(all, answer), ";");
        free(answer);
    }
    *said = all;
    return code < 0 ? code : gevent_stream_end(socket);
}
GEVENT_EXPORT(string, chat, string, i32)

int mirror(const char *url, gevent_bytes_t bytes, gevent_bytes_t *mirrored) {
    int32_t socket;
    int code = gevent_websocket_open(url, "[\"mirror\"]", &socket);
    if (code < 0 || (code = gevent_stream_put_bytes(socket, bytes)) < 0) return code;
    return gevent_stream_next_bytes(socket, mirrored);
}
GEVENT_EXPORT(bytes, mirror, string, bytes)

// How many messages come before the end.
int listen_to(const char *url, int32_t *count) {
    int32_t socket;
    char *message;
    int code = gevent_websocket_open(url, NULL, &socket);
    for (; code >= 0 && (code = gevent_stream_next_string(socket, &message)) >= 0; ++*count)
        free(message);
    return code == GREENLET_ECLOSED ? GREENLET_OK : code;
}
GEVENT_EXPORT(i32, listen_to, string)
