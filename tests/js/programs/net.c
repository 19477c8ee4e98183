// Connections of C: plain and encrypted, and names.
#include "gevent/io/net.h"
#include "gevent.h"
#include "gevent/io/dns.h"
#include "gevent/io/node_streams.h"
#include "gevent/io/tls.h"

GEVENT_IMPORT(void, host, listens_at, i32)

// Owned by the task that serves it.
static int echo(void *argument, void **result) {
    int32_t connection = (int32_t)(intptr_t)argument;
    char buffer[256];
    int count, code = GREENLET_OK;
    (void)result;
    while (code >= 0 && (count = gevent_stream_read(connection, buffer, sizeof buffer)) > 0)
        code = gevent_stream_write(connection, buffer, (size_t)count);
    if (code >= 0 && count == 0) code = gevent_stream_end(connection);
    gevent_stream_close(connection);
    return code < 0 ? code : count;
}

// All at once, and until they are served: what a call has opened ends with it.
static int serve_connections(int32_t server, int32_t count) {
    gevent_scope_t scope;
    int code = gevent_scope_open(&scope, GEVENT_FOREVER);
    if (code < 0) return code;
    for (int32_t i = 0; code >= 0 && i < count; i++) {
        int32_t connection;
        code = gevent_stream_next_stream(server, &connection);
        if (code >= 0) code = gevent_scope_spawn(&scope, echo, (void *)(intptr_t)connection, NULL);
    }
    return gevent_scope_close(&scope, code);
}

int serve(int32_t count) {
    int32_t server, port;
    int code = gevent_net_listen("127.0.0.1", 0, &server);
    if (code < 0 || (code = gevent_net_port(server, &port)) < 0) return code;
    if ((code = listens_at(port)) < 0) return code;
    return serve_connections(server, count);
}
GEVENT_EXPORT(void, serve, i32)

int serve_tls(const char *options) {
    int32_t server, port;
    int code = gevent_tls_listen("127.0.0.1", 0, options, &server);
    if (code < 0 || (code = gevent_tls_port(server, &port)) < 0) return code;
    if ((code = listens_at(port)) < 0) return code;
    return serve_connections(server, 1);
}
GEVENT_EXPORT(void, serve_tls, json)

// Says something and gets the answer to its end.
static int ask(int32_t connection, const char *text, char **answer) {
    char *buffer = calloc(1, 1024);
    size_t size = 0;
    int count, code = gevent_stream_write(connection, text, strlen(text));
    if (code >= 0) code = gevent_stream_end(connection);
    while (code >= 0 && (count = gevent_stream_read(connection, buffer + size, 1023 - size)) != 0)
        count < 0 ? (code = count) : (size += (size_t)count);
    gevent_stream_close(connection);
    *answer = buffer;
    return code;
}

int ask_at(int32_t port, const char *text, char **answer) {
    int32_t connection;
    int code = gevent_net_connect("127.0.0.1", port, &connection);
    return code < 0 ? code : ask(connection, text, answer);
}
GEVENT_EXPORT(string, ask_at, i32, string)

int ask_tls_at(int32_t port, const char *options, int32_t *size) {
    int32_t connection;
    char buffer[64];
    int code = gevent_tls_connect("127.0.0.1", port, options, &connection);
    if (code < 0 || (code = gevent_stream_write(connection, "secret", 6)) < 0) return code;
    if ((code = gevent_stream_read(connection, buffer, sizeof buffer)) < 0) return code;
    *size = memcmp(buffer, "secret", 6) ? 0 : code;
    return gevent_stream_end(connection);
}
GEVENT_EXPORT(i32, ask_tls_at, i32, json)

int connect_to(const char *host, int32_t port) {
    int32_t connection;
    return gevent_net_connect(host, port, &connection);
}
GEVENT_EXPORT(void, connect_to, string, i32)

int read_from(int32_t port, int32_t *count) {
    int32_t connection;
    char buffer[16];
    int code = gevent_net_connect("127.0.0.1", port, &connection);
    if (code < 0) return code;
    *count = gevent_stream_read(connection, buffer, sizeof buffer);
    return *count;
}
GEVENT_EXPORT(i32, read_from, i32)

int look_up(const char *host, char **addresses) {
    return gevent_dns_lookup(host, 4, addresses);
}
GEVENT_EXPORT(json, look_up, string)

int resolve(const char *name, char **records) {
    return gevent_dns_resolve(name, "A", records);
}
GEVENT_EXPORT(json, resolve, string)

// From one stream of Node into another.
int copy(int32_t from, int32_t to) {
    int32_t in, out;
    char buffer[5];
    int count, code = gevent_node_stream_open(from, &in);
    if (code < 0 || (code = gevent_node_stream_open(to, &out)) < 0) return code;
    while (code >= 0 && (count = gevent_stream_read(in, buffer, sizeof buffer)) > 0)
        code = gevent_stream_write(out, buffer, (size_t)count);
    return code < 0 ? code : count < 0 ? count : gevent_stream_end(out);
}
GEVENT_EXPORT(void, copy, ref, ref)
