// Requests of C.
#include "gevent/io/fetch.h"
#include "gevent.h"

static int count_lines_of(int32_t response, int32_t *lines) {
    char buffer[64];
    int count;
    while ((count = gevent_stream_read(response, buffer, sizeof buffer)) > 0)
        for (int i = 0; i < count; i++) *lines += buffer[i] == '\n';
    return count;
}

int lines_at(const char *url, int32_t *lines) {
    int32_t response;
    int code = gevent_fetch(url, &response);
    return code < 0 ? code : count_lines_of(response, lines);
}
GEVENT_EXPORT(i32, lines_at, string)

int first_bytes(const char *url, char **text) {
    int32_t response;
    char buffer[8];
    int code = gevent_fetch(url, &response);
    if (code < 0) return code;
    int count = gevent_stream_read(response, buffer, sizeof buffer - 1);
    gevent_stream_close(response);
    if (count < 0) return count;
    buffer[count] = '\0';
    *text = strdup(buffer);
    return GREENLET_OK;
}
GEVENT_EXPORT(string, first_bytes, string)

int status_at(const char *url, int32_t *status) {
    int32_t response;
    int code = gevent_fetch(url, &response);
    return code < 0 ? code : gevent_fetch_status(response, status);
}
GEVENT_EXPORT(i32, status_at, string)

int header_at(const char *url, const char *name, char **value) {
    int32_t response;
    int code = gevent_fetch(url, &response);
    return code < 0 ? code : gevent_fetch_header(response, name, value);
}
GEVENT_EXPORT(string, header_at, string, string)

// What the code is, if it fails.
int code_at(const char *url, int32_t *code) {
    int32_t response;
    *code = gevent_fetch(url, &response);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, code_at, string)

static int write_body(void *argument, void **result) {
    int32_t pipe = *(int32_t *)argument;
    (void)result;
    for (int i = 0; i < 3; i++) {
        int code = gevent_stream_write(pipe, "part\n", 5);
        if (code < 0) return code;
    }
    return gevent_stream_end(pipe);
}

int post_parts(const char *url, const char *init, int32_t *lines) {
    int32_t pipe, response;
    gevent_task_t *writer;
    int code = gevent_stream_pipe(&pipe);
    if (code < 0 || (code = gevent_spawn(write_body, &pipe, &writer)) < 0) return code;
    code = gevent_fetch_with(url, init, pipe, &response);
    if (code >= 0) code = count_lines_of(response, lines);
    gevent_task_unref(writer);
    return code;
}
GEVENT_EXPORT(i32, post_parts, string, json)
