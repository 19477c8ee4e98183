// Exports that give many values.
#include <stdio.h>
#include <string.h>

#include "gevent.h"

GEVENT_IMPORT(void, host, note, string)
GEVENT_IMPORT(i32, host, later, i32)

static const greenlet_error_type_t *failure(void) {
    return greenlet_error_type_of(GREENLET_EFAILED);
}

// From a nested function, as only a generator on a stack of its own can.
static int give(int32_t n) {
    return generator_yield(&n, NULL);
}

// Its clean-up waits, as it may.
static int clean_up(int code) {
    greenlet_error_t *pending = code < 0 ? greenlet_error_take() : NULL;
    (void)gevent_sleep(0.01);
    (void)note(code == GREENLET_EEXIT ? "stopped" : code < 0 ? "failed" : "ended");
    return pending ? greenlet_error_restore(pending) : code;
}

int count_to(int32_t limit) {
    int code = GREENLET_OK;
    for (int32_t n = 1; code >= 0 && n <= limit; n++) {
        char text[32];
        snprintf(text, sizeof text, "giving %d", (int)n);
        (void)note(text);
        code = give(n);
    }
    return clean_up(code);
}
GEVENT_EXPORT_GENERATOR(i32, count_to, i32)

int forever(void) {
    int code = GREENLET_OK;
    while (code >= 0) code = give(0);
    return clean_up(code);
}
GEVENT_EXPORT_GENERATOR(i32, forever)

int fail_after(int32_t count) {
    for (int32_t n = 0; n < count; n++) {
        int code = give(n);
        if (code < 0) return code;
    }
    return greenlet_raise(failure(), "no more than %d", (int)count);
}
GEVENT_EXPORT_GENERATOR(i32, fail_after, i32)

int fail_when_stopped(void) {
    int code = give(1);
    return code < 0 ? greenlet_raise(failure(), "the clean-up has failed") : code;
}
GEVENT_EXPORT_GENERATOR(i32, fail_when_stopped)

// Waits for JavaScript between its values.
int doubled(int32_t limit) {
    for (int32_t n = 1; n <= limit; n++) {
        int32_t twice;
        int code = later(n, &twice);
        if (code >= 0) code = give(twice);
        if (code < 0) return clean_up(code);
    }
    return GREENLET_OK;
}
GEVENT_EXPORT_GENERATOR(i32, doubled, i32)

// ---- every type ---------------------------------------------------------------------------------

#define TWICE(type, name, c_type)                                                                  \
    int name(c_type value) {                                                                       \
        int code = generator_yield(&value, NULL);                                                  \
        return code < 0 ? code : generator_yield(&value, NULL);                                    \
    }                                                                                              \
    GEVENT_EXPORT_GENERATOR(type, name, type)
TWICE(i64, twice_i64, int64_t)
TWICE(f32, twice_f32, float)
TWICE(f64, twice_f64, double)
TWICE(bytes, twice_bytes, gevent_bytes_t)
TWICE(ref, twice_ref, int32_t)

#define TWICE_TEXT(type, name)                                                                     \
    int name(const char *text) {                                                                   \
        int code = generator_yield((void *)(uintptr_t)text, NULL);                                 \
        return code < 0 ? code : generator_yield((void *)(uintptr_t)text, NULL);                   \
    }                                                                                              \
    GEVENT_EXPORT_GENERATOR(type, name, type)
TWICE_TEXT(string, twice_string)
TWICE_TEXT(json, twice_json)

// ---- channels -----------------------------------------------------------------------------------

static const char *const lines[] = {"one", "two", "three"};

int say_lines(int32_t times, gevent_channel_t *values) {
    int code = GREENLET_OK;
    for (int32_t i = 0; code >= 0 && i < times; i++) {
        (void)note(lines[i]);
        code = gevent_channel_put(values, (void *)(uintptr_t)lines[i], GEVENT_FOREVER);
    }
    if (code == GREENLET_ECLOSED) {
        (void)gevent_sleep(0.01);
        (void)note("closed");
    }
    return code;
}
GEVENT_EXPORT_CHANNEL(string, say_lines, i32)

int wait_instead(gevent_channel_t *values) {
    int32_t one = 1;
    int code = gevent_channel_put(values, &one, GEVENT_FOREVER);
    if (code >= 0) code = gevent_sleep(3600);
    (void)note(code == GREENLET_EEXIT ? "killed" : "not killed");
    return code;
}
GEVENT_EXPORT_CHANNEL(i32, wait_instead)

int break_channel(int32_t count, gevent_channel_t *values) {
    for (int32_t n = 0; n < count; n++) {
        int code = gevent_channel_put(values, &n, GEVENT_FOREVER);
        if (code < 0) return code;
    }
    return greenlet_raise(failure(), "the channel's producer has failed");
}
GEVENT_EXPORT_CHANNEL(i32, break_channel, i32)

int plain(void) {
    return GREENLET_OK;
}
GEVENT_EXPORT(void, plain)
