// Functions that Emscripten exports, which JavaScript calls as no greenlet.
#include <emscripten.h>

#include "gevent.h"

EM_ASYNC_JS(int, wait_for, (int number), { return await Module.promiseOf(number); });
GEVENT_IMPORT(i32, host, add_later, i32)

EMSCRIPTEN_KEEPALIVE int raw_sleep(void) {
    return gevent_sleep(0.01);
}

EMSCRIPTEN_KEEPALIVE int raw_import(void) {
    int32_t result = 0;
    int code = add_later(1, &result);
    return code < 0 ? code : result;
}

EMSCRIPTEN_KEEPALIVE int raw_await(void) {
    return wait_for(1);
}

static int finished;

static int run_sleeper(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_sleep(0.01);
    finished += code >= 0;
    return code;
}

// Spawns a task and lets it go.
EMSCRIPTEN_KEEPALIVE int raw_spawn(void) {
    gevent_task_t *task;
    int code = gevent_spawn(run_sleeper, NULL, &task);
    if (code >= 0) gevent_task_unref(task);
    return code;
}

// Spawns a task and waits for it.
EMSCRIPTEN_KEEPALIVE int raw_join(void) {
    gevent_task_t *task;
    int code = gevent_spawn(run_sleeper, NULL, &task);
    if (code < 0) return code;
    code = gevent_join(task, GEVENT_FOREVER);
    gevent_task_unref(task);
    return code;
}

int sleep_once(int32_t *result) {
    int code = gevent_sleep(0.01);
    *result = finished;
    return code;
}
GEVENT_EXPORT(i32, sleep_once)
