// Emscripten's own asynchronous functions beside greenlets, and what unwinds by itself.
#include <emscripten.h>
#include <errno.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "gevent.h"

EM_ASYNC_JS(int, wait_for, (int number), { return await Module.promiseOf(number); });
EM_JS(int, start_unwinding, (void *data), {
    Module._asyncify_start_unwind(data);
    return 0;
});

// Waits for a promise, with an array on its stack that must survive.
int await_number(int32_t number, int32_t *result) {
    int32_t kept[16];
    for (int32_t i = 0; i < 16; i++) kept[i] = number + i;
    *result = wait_for(number);
    for (int32_t i = 0; i < 16; i++)
        if (kept[i] != number + i) return greenlet_raise(&GREENLET_ERROR, "kept[%d]", (int)i);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, await_number, i32)

// As await_number, but lets pass what the wait failed with.
int await_or_fail(int32_t number, int32_t *result) {
    *result = wait_for(number);
    return *result == 0 ? greenlet_error_code(greenlet_last_error()) : GREENLET_OK;
}
GEVENT_EXPORT(i32, await_or_fail, i32)

static int wait_in_callback(void *argument) {
    (void)argument;
    return wait_for(1);
}

int await_in_callback(void) {
    static gevent_callback_t callback;
    int code = gevent_run_callback(&callback, wait_in_callback, NULL);
    return code < 0 ? code : gevent_sleep(1);
}
GEVENT_EXPORT(void, await_in_callback)

// Each by another function of libc or of Emscripten; together 10 ms.
int sleep_by_libc(double *seconds) {
    struct timespec time = {.tv_nsec = 2000000};
    double start = gevent_now();
    usleep(2000);
    if (nanosleep(&time, NULL) != 0) return greenlet_raise(&GREENLET_ERROR, "nanosleep: %d", errno);
    if (clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL) != 0) return GREENLET_EFAILED;
    emscripten_sleep(4);
    *seconds = gevent_now() - start;
    return GREENLET_OK;
}
GEVENT_EXPORT(f64, sleep_by_libc)

// A loop that ignores errors ends when it is killed.
int sleep_stubbornly(int32_t *calls) {
    (void)calls;
    while (usleep(1000) == 0) continue;
    return errno == ECANCELED ? GREENLET_EEXIT : GREENLET_EFAILED;
}
GEVENT_EXPORT(i32, sleep_stubbornly)

// A loop that ignores what its calls fail with until ten of them have been cancelled.
int await_stubbornly(int32_t *calls) {
    *calls = 0;
    for (int failed = 0; failed < 10; (*calls)++) {
        (void)wait_for(*calls);
        failed += greenlet_error_code(greenlet_last_error()) == GREENLET_ECANCELED;
    }
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, await_stubbornly)

int unwind_everything(void) {
    static char frames[4096];
    static struct { void *top, *end; } data = {frames, frames + sizeof frames};
    return start_unwinding(&data);
}
GEVENT_EXPORT(void, unwind_everything)
