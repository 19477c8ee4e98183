// What the tests of complaints and of async contexts call and are called by.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gevent.h"

GEVENT_IMPORT(i32, host, wait_for, i32)
GEVENT_IMPORT(void, host, note, string)
GEVENT_IMPORT(string, host, who)
GEVENT_IMPORT(string, host, who_later)
GEVENT_IMPORT_RESULT(string, host, who_soon)

// ---- overlapping calls --------------------------------------------------------------------------

// Its result depends on what lay on its stack before it waited.
int job(int32_t milliseconds, int32_t *result) {
    char text[32];
    snprintf(text, sizeof text, "%d", (int)milliseconds);
    int32_t waited;
    int code = wait_for(milliseconds, &waited);
    if (code >= 0) *result = atoi(text) + waited;
    return code;
}
GEVENT_EXPORT(i32, job, i32)

static gevent_event_t door;

int wait_at_door(int32_t number, int32_t *result) {
    int code = gevent_event_wait(&door, GEVENT_FOREVER);
    *result = number;
    return code;
}
GEVENT_EXPORT(i32, wait_at_door, i32)

int open_door(int32_t *result) {
    gevent_event_set(&door);
    *result = 1;
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, open_door)

// ---- rejections ---------------------------------------------------------------------------------

// Says what the import was rejected with, goes on, and gives the error back.
int pass_on(int32_t *result) {
    int code = wait_for(-1, result);
    if (code >= 0) return code;
    greenlet_error_t *error = greenlet_error_take();
    (void)note(greenlet_error_message(error));
    int32_t waited;
    if (wait_for(1, &waited) >= 0) (void)note("C went on");
    return greenlet_error_restore(error);
}
GEVENT_EXPORT(i32, pass_on)

// Used elsewhere, for all that an optimiser knows, which else might put it into its only caller.
__attribute__((noinline, used)) int inner_wait(int32_t number, int32_t *result) {
    int code = wait_for(number, result);
    return code < 0 ? code : GREENLET_OK;
}

__attribute__((noinline)) int outer_wait(int32_t number, int32_t *result) {
    int code = inner_wait(number, result);
    if (code >= 0) *result += 1;
    return code;
}
GEVENT_EXPORT(i32, outer_wait, i32)

static int wait_in_task(void *value, void **result) {
    (void)value, (void)result;
    int32_t waited;
    return outer_wait(-2, &waited);
}

int fail_in_child(void) {
    gevent_task_t *task;
    int code = gevent_spawn(wait_in_task, NULL, &task);
    if (code < 0) return code;
    code = gevent_get(task, GEVENT_FOREVER, NULL);
    gevent_task_unref(task);
    return code;
}
GEVENT_EXPORT(void, fail_in_child)

// ---- clean-up -----------------------------------------------------------------------------------

// Cleans up for a while after its import was aborted.
int clean_up(void) {
    int32_t waited;
    int code = wait_for(-3, &waited);
    if (code >= 0) return code;
    greenlet_error_t *error = greenlet_error_take();
    (void)note("cleaning");
    if (gevent_sleep(0.01) >= 0) (void)note("clean");
    return greenlet_error_restore(error);
}
GEVENT_EXPORT(void, clean_up)

static int wait_in_vain(void *value, void **result) {
    (void)value, (void)result;
    int32_t waited;
    return wait_for(-3, &waited);
}

// Each of these ends a wait for an import from within C.
int end_by_kill(void) {
    gevent_task_t *task;
    int code = gevent_spawn(wait_in_vain, NULL, &task);
    if (code < 0) return code;
    code = gevent_sleep(0.01);
    if (code >= 0) code = gevent_kill(task, NULL, GEVENT_FOREVER);
    gevent_task_unref(task);
    return code;
}
GEVENT_EXPORT(void, end_by_kill)

int end_by_timeout(void) {
    gevent_timeout_t timeout;
    int code = gevent_timeout_start(&timeout, 0.01);
    if (code < 0) return code;
    code = wait_in_vain(NULL, NULL);
    gevent_timeout_cancel(&timeout);
    return code == GREENLET_EEXPIRED ? GREENLET_OK : GREENLET_EINVAL;
}
GEVENT_EXPORT(void, end_by_timeout)

int end_by_scope(void) {
    gevent_scope_t scope;
    int code = gevent_scope_open(&scope, GEVENT_FOREVER);
    if (code < 0) return code;
    code = gevent_scope_spawn(&scope, wait_in_vain, NULL, NULL);
    if (code >= 0) code = gevent_sleep(0.01);
    gevent_scope_cancel(&scope);
    return gevent_scope_close(&scope, code) == GEVENT_CANCELLED ? GREENLET_OK : GREENLET_EINVAL;
}
GEVENT_EXPORT(void, end_by_scope)

int sleep_days(double days) {
    int code = gevent_sleep(days * 86400);
    return code < 0 ? code : note("awake");
}
GEVENT_EXPORT(void, sleep_days, f64)

// ---- memory -------------------------------------------------------------------------------------

GEVENT_IMPORT(bytes, host, slow_bytes, bytes, string)

// Waits with bytes and a string of the host's while others make memory grow.
int carry(gevent_bytes_t bytes, const char *text, gevent_bytes_t *result) {
    char before[64];
    snprintf(before, sizeof before, "%s", text);
    gevent_bytes_t answer;
    int code = slow_bytes(bytes, text, &answer);
    if (code < 0) return code;
    int is_same = strcmp(before, text) == 0 && answer.size == bytes.size &&
                  memcmp(answer.data, bytes.data, bytes.size) == 0;
    *result = answer;
    return is_same ? GREENLET_OK : greenlet_raise(&GREENLET_ERROR, "it is not the same");
}
GEVENT_EXPORT(bytes, carry, bytes, string)

// Keeps it, so that memory does not shrink into what was there.
int grow(int32_t size) {
    static char *volatile kept;
    kept = malloc((size_t)size);
    if (!kept) return GREENLET_ENOMEM;
    memset(kept, 0x5a, (size_t)size);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, grow, i32)

// ---- faults -------------------------------------------------------------------------------------

__attribute__((noinline)) static int dig(int depth) {
    volatile char room[256];
    room[0] = (char)depth;
    return depth ? dig(depth - 1) + room[0] : 0;
}

int recurse(int32_t depth, int32_t *result) {
    *result = dig(depth);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, recurse, i32)

// ---- async contexts -----------------------------------------------------------------------------

// Who asked, before and after a wait, of an import that answers at once and of one that does not.
int ask(const char *separator, char **result) {
    char *first = NULL, *second = NULL, *third = NULL;
    int code = who(&first);
    if (code >= 0) code = who_later(&second);
    if (code >= 0) code = gevent_sleep(0.01);
    if (code >= 0) code = who(&third);
    char text[128];
    if (code >= 0)
        snprintf(text, sizeof text, "%s%s%s%s%s", first, separator, second, separator, third);
    free(first);
    free(second);
    free(third);
    if (code >= 0) *result = strdup(text);
    return code;
}
GEVENT_EXPORT(string, ask, string)

static int ask_in_greenlet(void *value, void **result) {
    return who((char **)value) < 0 ? GREENLET_EFAILED : (*result = NULL, GREENLET_OK);
}

static int ask_below(void *value, void **result) {
    (void)value;
    char *name = NULL;
    int code = gevent_sleep(0.01);
    greenlet_t *greenlet;
    if (code >= 0) code = greenlet_new(ask_in_greenlet, NULL, &greenlet);
    if (code < 0) return code;
    code = greenlet_switch(greenlet, &name, NULL);
    greenlet_unref(greenlet);
    *result = name;
    return code;
}

// Asks in a greenlet that a task has made which a task has spawned.
int ask_child(char **result) {
    gevent_task_t *task;
    int code = gevent_spawn(ask_below, NULL, &task);
    if (code < 0) return code;
    void *name = NULL;
    code = gevent_get(task, GEVENT_FOREVER, &name);
    gevent_task_unref(task);
    *result = name;
    return code;
}
GEVENT_EXPORT(string, ask_child)

// Asks by a promise that nobody waits for at once.
int ask_soon(char **result) {
    gevent_result_t *promise;
    int code = who_soon(&promise);
    if (code < 0) return code;
    const char *name;
    code = gevent_result_get_string(promise, GEVENT_FOREVER, &name);
    if (code >= 0) *result = strdup(name);
    gevent_result_unref(promise);
    return code;
}
GEVENT_EXPORT(string, ask_soon)

int ask_now(char **result) {
    return who(result);
}
GEVENT_EXPORT(string, ask_now)

static gevent_task_t *kept;

int spawn_child(void) {
    return gevent_spawn(ask_below, NULL, &kept);
}
GEVENT_EXPORT(void, spawn_child)

int take_child(char **result) {
    void *name = NULL;
    int code = gevent_get(kept, GEVENT_FOREVER, &name);
    gevent_task_unref(kept);
    *result = name;
    return code;
}
GEVENT_EXPORT(string, take_child)

GEVENT_IMPORT(void, host, reenter)

int call_out(void) {
    return reenter();
}
GEVENT_EXPORT(void, call_out)

static int call_back(void *argument) {
    (void)argument;
    char *name = NULL;
    int code = who(&name);
    if (code >= 0) code = note(name);
    free(name);
    return code;
}

// Asks in the hub, which no call has led to.
int ask_in_hub(void) {
    static gevent_callback_t callback;
    return gevent_run_callback(&callback, call_back, NULL);
}
GEVENT_EXPORT(void, ask_in_hub)

int main(void) {
    char *name = NULL;
    int code = ask("/", &name);
    if (code >= 0) (void)note(name);
    free(name);
    return code < 0;
}
