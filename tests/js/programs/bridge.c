// What the bridge's tests call and are called by.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gevent.h"

GEVENT_IMPORT(i32, host, add_later, i32, i32)
GEVENT_IMPORT(string, host, greet, string)
GEVENT_IMPORT(bytes, host, reverse, bytes)
GEVENT_IMPORT(json, host, transform, json)
GEVENT_IMPORT(void, host, note, string)
GEVENT_IMPORT(i64, host, big, i64)
GEVENT_IMPORT(f64, host, half, f64)
GEVENT_IMPORT(ref, host, pick, ref, string)
GEVENT_IMPORT(void, host, reenter)

int add(int32_t a, int32_t b, int32_t *result) {
    *result = a + b;
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, add, i32, i32)

// Waits for a promise, twice, with an array on its stack that must survive.
int add_twice(int32_t a, int32_t b, int32_t *result) {
    char text[64];
    snprintf(text, sizeof text, "%d+%d", (int)a, (int)b);
    int32_t sum;
    int code = add_later(a, b, &sum);
    if (code >= 0) code = add_later(sum, b, &sum);
    char again[64];
    snprintf(again, sizeof again, "%d+%d", (int)a, (int)b);
    if (code >= 0) *result = strcmp(text, again) == 0 ? sum : -1;
    return code;
}
GEVENT_EXPORT(i32, add_twice, i32, i32)

int hello(const char *name, char **result) {
    return greet(name, result);
}
GEVENT_EXPORT(string, hello, string)

int mirror(gevent_bytes_t bytes, gevent_bytes_t *result) {
    return reverse(bytes, result);
}
GEVENT_EXPORT(bytes, mirror, bytes)

int change(const char *json, char **result) {
    return transform(json, result);
}
GEVENT_EXPORT(json, change, json)

int through_i64(int64_t value, int64_t *result) {
    return big(value, result);
}
GEVENT_EXPORT(i64, through_i64, i64)

int through_f64(double value, double *result) {
    return half(value, result);
}
GEVENT_EXPORT(f64, through_f64, f64)

int through_ref(int32_t object, const char *key, int32_t *result) {
    return pick(object, key, result);
}
GEVENT_EXPORT(ref, through_ref, ref, string)

int through_f32(float value, float *result) {
    *result = value * 2;
    return GREENLET_OK;
}
GEVENT_EXPORT(f32, through_f32, f32)

// Catches what its import rejects with, and gives the message back.
int catch_rejection(char **result) {
    int code = greet("reject", NULL);
    if (code != GREENLET_EREJECTED) return greenlet_raise(&GREENLET_ERROR, "got %d", code);
    *result = strdup(greenlet_error_message(greenlet_last_error()));
    return GREENLET_OK;
}
GEVENT_EXPORT(string, catch_rejection)

int say(const char *text) {
    printf("%s", text);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, say, string)

// Main has no frames at rest.
int switch_to_main(int32_t *result) {
    *result = greenlet_switch(greenlet_main(), NULL, NULL);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, switch_to_main)

static const greenlet_error_type_t DEMO_ERROR = {"DemoError", &GREENLET_ERROR, GREENLET_EUSER};

int fail(const char *message) {
    return greenlet_raise(&DEMO_ERROR, "%s", message);
}
GEVENT_EXPORT(void, fail, string)

int fail_with(int32_t code, int32_t *result) {
    (void)result;
    return code;
}
GEVENT_EXPORT(i32, fail_with, i32)

static int do_nothing(void *value, void **result) {
    (void)value, (void)result;
    return GREENLET_OK;
}

int number_of_new(int32_t *result) {
    greenlet_t *greenlet;
    int code = greenlet_new(do_nothing, NULL, &greenlet);
    if (code < 0) return code;
    *result = (int32_t)greenlet_id(greenlet);
    greenlet_unref(greenlet);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, number_of_new)

// Sleeps, and says how it was woken.
int sleeper(double seconds, const char *name) {
    int code = gevent_sleep(seconds);
    if (code >= 0) return note(name);
    greenlet_error_t *pending = greenlet_error_take();
    char text[64];
    snprintf(text, sizeof text, "%s cleans up", name);
    (void)note(text);
    return greenlet_error_restore(pending);
}
GEVENT_EXPORT(void, sleeper, f64, string)

static int sleep_and_flag(void *flag, void **result) {
    int code = gevent_sleep(0.002);
    *(volatile int *)flag = 1;
    *result = flag;
    return code;
}

// Yields until a sleeper has woken.
int spin(void) {
    volatile int flag = 0;
    int code = gevent_spawn(sleep_and_flag, (void *)(uintptr_t)&flag, NULL);
    while (!flag && code >= 0) code = gevent_yield();
    return code;
}
GEVENT_EXPORT(void, spin)

static int32_t kept;

int keep_ref(int32_t object) {
    kept = object;
    return GREENLET_OK;
}
GEVENT_EXPORT(void, keep_ref, ref)

int give_kept(int32_t *result) {
    *result = kept;
    return GREENLET_OK;
}
GEVENT_EXPORT(ref, give_kept)

int stubborn(void) {
    while (gevent_sleep(3600) < 0) (void)note("swallowed");
    return GREENLET_OK;
}
GEVENT_EXPORT(void, stubborn)

// ---- a reader that is fed by key presses (RE-10) ------------------------------------------------

static greenlet_t *reader;

static int read_keys(void *value, void **result) {
    char line[16] = "";
    for (size_t length = 0;;) {
        const char *key = value;
        if (*key == '\n') break;
        if (length + 1 < sizeof line) line[length++] = *key;
        int code = greenlet_switch(greenlet_parent(greenlet_current()), NULL, &value);
        if (code < 0) return code;
    }
    (void)note(line);
    *result = NULL;
    return GREENLET_OK;
}

int press(const char *key) {
    if (!reader || greenlet_dead(reader)) {
        greenlet_unref(reader);
        int code = greenlet_new(read_keys, NULL, &reader);
        if (code < 0) return code;
    }
    return greenlet_switch(reader, (void *)(uintptr_t)key, NULL);
}
GEVENT_EXPORT(void, press, string)

int switch_to_reader(void) {
    return greenlet_switch(reader, (void *)(uintptr_t) "x", NULL);
}
GEVENT_EXPORT(void, switch_to_reader)

int adopt_reader(void) {
    return greenlet_set_parent(reader, greenlet_main());
}
GEVENT_EXPORT(void, adopt_reader)

static int note_there(void *value, void **result) {
    for (;;) {
        (void)note("there");
        int code = greenlet_switch(greenlet_parent(greenlet_current()), NULL, &value);
        if (code < 0) return code;
        *result = value;
    }
}

// To a child and back, three times.
int hop(void) {
    greenlet_t *other;
    int code = greenlet_new(note_there, NULL, &other);
    if (code < 0) return code;
    for (int i = 0; i < 3 && code >= 0; i++) {
        (void)note("here");
        code = greenlet_switch(other, NULL, NULL);
    }
    greenlet_unref(other);
    return code;
}
GEVENT_EXPORT(void, hop)

// ---- entries within entries ---------------------------------------------------------------------

static gevent_task_t *caller;

int call_out(void) {
    caller = gevent_current_task();
    return reenter();
}
GEVENT_EXPORT(void, call_out)

int call_out_often(int32_t times) {
    int code = GREENLET_OK;
    for (int32_t i = 0; i < times && code >= 0; i++) code = reenter();
    return code;
}
GEVENT_EXPORT(void, call_out_often, i32)

int park_and_call_out(void) {
    int code = gevent_yield();
    return code < 0 ? code : call_out();
}
GEVENT_EXPORT(void, park_and_call_out)

int parked_bytes_of_caller(int32_t *result) {
    *result = (int32_t)greenlet_parked_bytes(gevent_task_greenlet(caller));
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, parked_bytes_of_caller)

// Its frames lie below JavaScript's, so that they cannot be dropped.
int kill_caller(void) {
    return gevent_kill_hard(caller);
}
GEVENT_EXPORT(void, kill_caller)

// A switch to a greenlet below the JavaScript frame must be refused with nothing changed.
int switch_below(int32_t *result) {
    *result = greenlet_switch(gevent_hub(), NULL, NULL);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, switch_below)

static int child(void *value, void **result) {
    void *sent = NULL;
    int code = greenlet_switch(greenlet_main(), value, &sent);
    *result = sent;
    return code;
}

// Main goes there, and not back.
int leave_for_hub(void) {
    return greenlet_switch(gevent_hub(), NULL, NULL);
}
GEVENT_EXPORT(void, leave_for_hub)

// A fresh root may make greenlets and switch among them.
int own_tree(int32_t *result) {
    greenlet_t *greenlet;
    int code = greenlet_new(child, NULL, &greenlet);
    if (code < 0) return code;
    void *first = NULL, *second = NULL;
    (void)greenlet_switch(greenlet, (void *)20, &first);
    (void)greenlet_switch(greenlet, (void *)22, &second);
    *result = (int32_t)((intptr_t)first + (intptr_t)second);
    greenlet_unref(greenlet);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, own_tree)

static int fail_at_once(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&GREENLET_ERROR, "nobody takes this");
}

static int exit_at_once(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_fail(GREENLET_EEXIT);
}

// Between two calls from JavaScript main has no frames.
static int end_into_main(greenlet_run_fn run) {
    greenlet_t *orphan;
    int code = greenlet_new(run, greenlet_main(), &orphan);
    if (code >= 0) code = greenlet_set_name(orphan, "orphan");
    if (code >= 0) code = greenlet_switch(orphan, NULL, NULL);
    greenlet_unref(orphan);
    return code;
}

int fail_into_main(void) {
    return end_into_main(fail_at_once);
}
GEVENT_EXPORT(void, fail_into_main)

int exit_into_main(void) {
    return end_into_main(exit_at_once);
}
GEVENT_EXPORT(void, exit_into_main)

int return_into_main(void) {
    return end_into_main(do_nothing);
}
GEVENT_EXPORT(void, return_into_main)

// ---- faults -------------------------------------------------------------------------------------

__attribute__((noinline)) static int dig(int depth) {
    volatile char room[256];
    room[0] = (char)depth;
    return depth ? dig(depth - 1) + room[0] : 0;
}

int overflow(int32_t depth, int32_t *result) {
    *result = dig(depth);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, overflow, i32)

// Frames that need none of the stack in memory.
__attribute__((noinline)) static int sink(int depth) {
    return depth ? sink(depth - 1) * 3 + depth : 0;
}

// Of the stack in memory, all at once.
int use_stack(int32_t bytes, int32_t *result) {
    volatile char room[bytes];
    room[0] = 1;
    room[bytes - 1] = 2;
    *result = room[0] + room[bytes - 1];
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, use_stack, i32)

int recurse(int32_t depth, int32_t *result) {
    *result = sink(depth);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, recurse, i32)

int trap(void) {
    abort();
}
GEVENT_EXPORT(void, trap)

int quit(int32_t code) {
    exit(code);
}
GEVENT_EXPORT(void, quit, i32)

// ---- waiting for JavaScript ---------------------------------------------------------------------

static gevent_event_t bell;

int wait_for_bell(void) {
    return gevent_event_wait(&bell, GEVENT_FOREVER);
}
GEVENT_EXPORT(void, wait_for_bell)

int ring(void) {
    gevent_event_set(&bell);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, ring)

int many_timers(int32_t count, int32_t *result) {
    for (int32_t i = 0; i < count; i++) {
        int code = gevent_sleep(0.001);
        if (code < 0) return code;
    }
    *result = count;
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, many_timers, i32)
