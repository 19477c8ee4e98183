// Streams of JavaScript in C.
#include <stdio.h>

#include "gevent.h"
#include "gevent/io/streams.h"

GEVENT_IMPORT(void, host, give)

// ---- items --------------------------------------------------------------------------------------

int sum(int32_t numbers, double *total) {
    double number;
    int code;
    while ((code = gevent_stream_next_f64(numbers, &number)) >= 0) *total += number;
    return code == GREENLET_ECLOSED ? GREENLET_OK : code;
}
GEVENT_EXPORT(f64, sum, stream)

int sum_of_two(int32_t numbers, double *total) {
    double number;
    for (int i = 0; i < 2; i++) {
        int code = gevent_stream_next_f64(numbers, &number);
        if (code < 0) return code;
        *total += number;
    }
    return GREENLET_OK;
}
GEVENT_EXPORT(f64, sum_of_two, stream)

static int read_one(void *argument, void **result) {
    double number;
    (void)result;
    return gevent_stream_next_f64(*(int32_t *)argument, &number);
}

// Gets what somebody was waiting for who was killed before it came.
int get_after_another(int32_t numbers, double *number) {
    gevent_task_t *first;
    int code = gevent_spawn(read_one, &numbers, &first);
    if (code < 0) return code;
    (void)gevent_sleep(0);
    code = gevent_kill(first, NULL, GEVENT_FOREVER);
    gevent_task_unref(first);
    if (code >= 0) code = give();
    return code < 0 ? code : gevent_stream_next_f64(numbers, number);
}
GEVENT_EXPORT(f64, get_after_another, stream)

// Each type once, and back again.
int echo_types(int32_t in, int32_t out) {
    int32_t i32, ref;
    int64_t i64;
    double f64;
    char *string, *json;
    gevent_bytes_t bytes;
    int code;
    if ((code = gevent_stream_next_i32(in, &i32)) < 0) return code;
    if ((code = gevent_stream_put_i32(out, i32)) < 0) return code;
    if ((code = gevent_stream_next_i64(in, &i64)) < 0) return code;
    if ((code = gevent_stream_put_i64(out, i64)) < 0) return code;
    if ((code = gevent_stream_next_f64(in, &f64)) < 0) return code;
    if ((code = gevent_stream_put_f64(out, f64)) < 0) return code;
    if ((code = gevent_stream_next_string(in, &string)) < 0) return code;
    code = gevent_stream_put_string(out, string);
    free(string);
    if (code < 0 || (code = gevent_stream_next_bytes(in, &bytes)) < 0) return code;
    code = gevent_stream_put_bytes(out, bytes);
    free(bytes.data);
    if (code < 0 || (code = gevent_stream_next_json(in, &json)) < 0) return code;
    code = gevent_stream_put_json(out, json);
    free(json);
    if (code < 0 || (code = gevent_stream_next_ref(in, &ref)) < 0) return code;
    if ((code = gevent_stream_put_ref(out, ref)) < 0) return code;
    gevent_ref_drop(ref);
    if ((code = gevent_stream_next_i32(in, &i32)) < 0) return code; // which is none
    return gevent_stream_end(out);
}
GEVENT_EXPORT(void, echo_types, stream, stream)

// ---- bytes --------------------------------------------------------------------------------------

int count_lines(int32_t stream, int32_t *lines) {
    char buffer[16];
    int count;
    while ((count = gevent_stream_read(stream, buffer, sizeof buffer)) > 0)
        for (int i = 0; i < count; i++) *lines += buffer[i] == '\n';
    return count;
}
GEVENT_EXPORT(i32, count_lines, stream)

int write_text(const char *text, int32_t stream) {
    for (const char *at = text; *at; at++) {
        int code = gevent_stream_write(stream, at, 1);
        if (code < 0) return code;
    }
    return gevent_stream_end(stream);
}
GEVENT_EXPORT(void, write_text, string, stream)

int write_half(int32_t stream) {
    return gevent_stream_write(stream, "half", 4);
}
GEVENT_EXPORT(void, write_half, stream)

static char *volatile kept;

// Memory grows while it waits.
int grow_and_read(int32_t stream, int32_t *sum) {
    unsigned char buffer[4];
    int count;
    while ((count = gevent_stream_read(stream, buffer, sizeof buffer)) > 0) {
        for (int i = 0; i < count; i++) *sum += buffer[i];
        kept = malloc(200000);
        if (!kept) return GREENLET_ENOMEM;
    }
    return count;
}
GEVENT_EXPORT(i32, grow_and_read, stream)

// ---- both ends, and the middle ------------------------------------------------------------------

int upper(int32_t in) {
    char *text;
    int code;
    while ((code = gevent_stream_next_string(in, &text)) >= 0) {
        for (char *at = text; *at; at++)
            if (*at >= 'a' && *at <= 'z') *at += 'A' - 'a';
        code = generator_yield(text, NULL);
        free(text);
        if (code < 0) return code;
    }
    return code == GREENLET_ECLOSED ? GREENLET_OK : code;
}
GEVENT_EXPORT_GENERATOR(string, upper, stream)

static int feed(void *argument, void **result) {
    int32_t pipe = *(int32_t *)argument;
    (void)result;
    for (int32_t n = 1; n <= 3; n++) {
        int code = gevent_stream_put_i32(pipe, n);
        if (code < 0) return code;
    }
    return gevent_stream_end(pipe);
}

int through_pipe(double *total) {
    int32_t pipe;
    gevent_task_t *feeder;
    int code = gevent_stream_pipe(&pipe);
    if (code < 0 || (code = gevent_spawn(feed, &pipe, &feeder)) < 0) return code;
    code = sum(pipe, total);
    if (code >= 0) code = gevent_get(feeder, GEVENT_FOREVER, NULL);
    gevent_task_unref(feeder);
    gevent_stream_close(pipe);
    return code;
}
GEVENT_EXPORT(f64, through_pipe)

// What the second of two readers gets.
int read_twice(int32_t stream, int32_t *second) {
    double number;
    gevent_task_t *first;
    int code = gevent_spawn(read_one, &stream, &first);
    if (code < 0) return code;
    (void)gevent_sleep(0);
    *second = gevent_stream_next_f64(stream, &number);
    code = gevent_kill(first, NULL, GEVENT_FOREVER);
    gevent_task_unref(first);
    gevent_stream_close(stream);
    return code;
}
GEVENT_EXPORT(i32, read_twice, stream)
