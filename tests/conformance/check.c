// SPDX-License-Identifier: MIT
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gevent.h"
#include "main.h"

enum { LOG_SIZE = 16384 };

static test_t *tests;
static int failures;
static int may_leak;
static char log_text[LOG_SIZE];
static size_t log_length;

void test_register(test_t *test) {
    test_t **place = &tests;
    while (*place) place = &(*place)->next;
    *place = test;
}

test_t *test_list(void) {
    return tests;
}

void test_may_leak(void) {
    may_leak = 1;
}

// ---- checks -------------------------------------------------------------------------------------

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static void
say_failure(const char *file, int line, const char *format, ...) {
    va_list args;
    failures++;
    printf("# %s:%d: ", base_name(file), line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
}

void check_int(const char *file, int line, const char *text, long long actual, long long expected) {
    if (actual != expected) say_failure(file, line, "%s is %lld, not %lld", text, actual, expected);
}

void check_ptr(const char *file, int line, const char *text, const void *actual,
               const void *expected) {
    if (actual != expected) say_failure(file, line, "%s is %p, not %p", text, actual, expected);
}

void check_str(const char *file, int line, const char *text, const char *actual,
               const char *expected) {
    if (!actual || strcmp(actual, expected) != 0)
        say_failure(file, line, "%s is \"%s\", not \"%s\"", text, actual ? actual : "(null)",
                    expected);
}

void check_true(const char *file, int line, const char *text, int is_true) {
    if (!is_true) say_failure(file, line, "not so: %s", text);
}

static const char *code_name(int code) {
    if (code == GREENLET_OK) return "GREENLET_OK";
    return code > 0 ? "GREENLET_EXITED" : greenlet_error_name(code);
}

void check_code(const char *file, int line, const char *text, int actual, int expected) {
    if (actual != expected)
        say_failure(file, line, "%s is %s (%d), not %s (%d)", text, code_name(actual), actual,
                    code_name(expected), expected);
    if (actual >= 0) return;
    int last = greenlet_error_code(greenlet_last_error());
    if (last != actual)
        say_failure(file, line, "%s is %s (%d), but the last error is %s (%d)", text,
                    code_name(actual), actual, code_name(last), last);
}

void log_add(const char *format, ...) {
    size_t room = LOG_SIZE - log_length;
    int gap = log_length ? snprintf(log_text + log_length, room, " ") : 0;
    log_length += (size_t)gap;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(log_text + log_length, LOG_SIZE - log_length, format, args);
    va_end(args);
    if (length > 0) log_length += (size_t)length;
    if (log_length >= LOG_SIZE) log_length = LOG_SIZE - 1;
}

void log_clear(void) {
    log_length = 0;
    log_text[0] = '\0';
}

void check_log(const char *file, int line, const char *expected) {
    if (strcmp(log_text, expected) != 0)
        say_failure(file, line, "the log is \"%s\", not \"%s\"", log_text, expected);
    log_clear();
}

// ---- the library's memory -----------------------------------------------------------------------

typedef struct block {
    const void *owner; // the address of live_blocks
    size_t size;
    max_align_t memory[];
} block_t;

static size_t live_blocks, live_bytes;
static size_t countdown;
static int has_failed;
static void (*allocation_hook)(void);

static void *allocate(size_t size) {
    if (allocation_hook) allocation_hook();
    if (countdown && --countdown == 0) {
        has_failed = 1;
        return NULL;
    }
    block_t *block = malloc(sizeof *block + size);
    if (!block) return NULL;
    block->owner = &live_blocks;
    block->size = size;
    live_blocks++;
    live_bytes += size;
    return block->memory;
}

// In wasm main's own stack comes from before memory_install, and is released after it.
static void release(void *memory) {
    block_t *block = (block_t *)((char *)memory - offsetof(block_t, memory));
    if (block->owner != &live_blocks) {
        free(memory);
        return;
    }
    live_blocks--;
    live_bytes -= block->size;
    memset(memory, 0xdd, block->size);
    free(block);
}

void memory_install(void) {
    static const greenlet_allocator_t allocator = {allocate, release};
    greenlet_set_allocator(&allocator);
}

size_t memory_live_blocks(void) {
    return live_blocks;
}

size_t memory_live_bytes(void) {
    return live_bytes;
}

void memory_fail_at(size_t n) {
    countdown = n;
    has_failed = 0;
}

int memory_has_failed(void) {
    return has_failed;
}

void memory_set_hook(void (*hook)(void)) {
    allocation_hook = hook;
}

void fail_each_allocation(int (*scenario)(void)) {
    size_t blocks = memory_live_blocks();
    size_t greenlets = greenlet_live_count();
    for (size_t n = 1;; n++) {
        memory_fail_at(n);
        int code = scenario();
        int is_done = !has_failed;
        memory_fail_at(0);
        greenlet_error_unref(greenlet_error_take());
        CHECK(code == GREENLET_OK || code == GREENLET_ENOMEM);
        CHECK_INT(memory_live_blocks(), blocks);
        CHECK_INT(greenlet_live_count(), greenlets);
        if (is_done) {
            CHECK_INT(code, GREENLET_OK);
            CHECK(n > 1);
            return;
        }
    }
}

// ---- running ------------------------------------------------------------------------------------

// What main and the hub hold on to, and what a test may have set.
static void settle(void) {
    greenlet_set_trace(NULL, NULL);
    greenlet_set_unraisable(NULL);
    gevent_set_unhandled(NULL);
    if (greenlet_started(gevent_hub())) (void)gevent_yield();
    (void)greenlet_switch(greenlet_current(), NULL, NULL);
    greenlet_error_unref(greenlet_error_take());
    log_clear();
}

static void check_leaks(size_t blocks, size_t greenlets) {
    if (may_leak) return;
    if (live_blocks != blocks)
        say_failure(__FILE__, __LINE__, "%zu blocks are live, not %zu as before the test",
                    live_blocks, blocks);
    if (greenlet_live_count() != greenlets)
        say_failure(__FILE__, __LINE__, "%zu greenlets live, not %zu as before the test",
                    greenlet_live_count(), greenlets);
}

int test_run(const test_t *test) {
    failures = 0;
    may_leak = 0;
    settle();
    size_t blocks = live_blocks;
    size_t greenlets = greenlet_live_count();
    test->run();
    CHECK_PTR(greenlet_current(), greenlet_main());
    CHECK_LOG("");
    settle();
    check_leaks(blocks, greenlets);
    printf("%s %s\n", failures ? "not ok" : "ok", test->name);
    fflush(stdout);
    return failures == 0;
}

// ---- what many tests share ----------------------------------------------------------------------

const greenlet_error_type_t E1 = {"E1", &GREENLET_ERROR, CODE_E1};
const greenlet_error_type_t E2 = {"E2", &GREENLET_ERROR, CODE_E2};
const greenlet_error_type_t SUBTYPE_OF_EXIT = {"SubtypeOfExit", &GREENLET_EXIT, CODE_SUB};

greenlet_t *make_under(greenlet_run_fn run, greenlet_t *parent) {
    greenlet_t *greenlet = NULL;
    if (greenlet_new(run, parent, &greenlet) == GREENLET_OK) return greenlet;
    printf("# a greenlet could not be made: %s\n", greenlet_error_message(greenlet_last_error()));
    exit(1);
}

greenlet_t *make(greenlet_run_fn run) {
    return make_under(run, NULL);
}

greenlet_t *make_named(greenlet_run_fn run, const char *name) {
    greenlet_t *greenlet = make(run);
    CHECK_OK(greenlet_set_name(greenlet, name));
    return greenlet;
}

greenlet_t *make_suspended(void) {
    greenlet_t *greenlet = make(run_up);
    CHECK_OK(greenlet_switch(greenlet, NULL, NULL));
    CHECK(greenlet_active(greenlet));
    return greenlet;
}

greenlet_t *make_dead(void) {
    greenlet_t *greenlet = make(run_nothing);
    CHECK_OK(greenlet_switch(greenlet, NULL, NULL));
    CHECK(greenlet_dead(greenlet));
    return greenlet;
}

int up(void *value, void **result) {
    return greenlet_switch(greenlet_parent(greenlet_current()), value, result);
}

int throw_type(greenlet_t *target, const greenlet_error_type_t *type, void **result) {
    greenlet_error_t *error = greenlet_error_new(type, "thrown");
    int code = greenlet_throw(target, error, result);
    greenlet_error_unref(error);
    return code;
}

void drop(greenlet_t **greenlet) {
    greenlet_t *dropped = *greenlet;
    *greenlet = NULL;
    greenlet_unref(dropped);
}

const char *name_of_current(void) {
    return greenlet_name(greenlet_current());
}

static void (*called_in_hub)(void);

static void call_instead(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet, (void)error;
    called_in_hub();
    greenlet_error_unref(greenlet_error_take());
}

static int run_fail_in_hub(void *value, void **result) {
    (void)value, (void)result;
    greenlet_t *failing = make_under(run_fail_e1, gevent_hub());
    int code = greenlet_switch(failing, NULL, NULL); // its error goes to the hub, which tells of it
    drop(&failing);
    return code;
}

void call_in_hub(void (*call)(void)) {
    gevent_task_t *task;
    called_in_hub = call;
    gevent_unhandled_fn before = gevent_set_unhandled(call_instead);
    CHECK_OK(gevent_spawn(run_fail_in_hub, NULL, &task));
    CHECK_OK(gevent_yield());
    gevent_set_unhandled(before);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    gevent_task_unref(task);
}

int run_return(void *value, void **result) {
    *result = value;
    return GREENLET_OK;
}

int run_nothing(void *value, void **result) {
    (void)value, (void)result;
    return GREENLET_OK;
}

int run_42(void *value, void **result) {
    (void)value;
    *result = V(42);
    return GREENLET_OK;
}

int run_fail_e1(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&E1, "failed");
}

int run_exit(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&GREENLET_EXIT, "bye");
}

int run_up(void *value, void **result) {
    return up(value, result);
}

int run_up_for_ever(void *value, void **result) {
    (void)result;
    for (;;) {
        int code = up(value, &value);
        if (code < 0) return code;
    }
}

int run_logged(void *value, void **result) {
    log_add("%s:%d", name_of_current(), (int)INT(value));
    *result = value;
    return GREENLET_OK;
}

int trace_log(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
              const greenlet_error_t *error, void *data) {
    (void)error, (void)data;
    char from[32];
    snprintf(from, sizeof from, "%s", greenlet_name(origin));
    log_add("%c:%s>%s", event == GREENLET_EVENT_THROW ? 't' : 's', from, greenlet_name(target));
    return GREENLET_OK;
}

void ignore_error(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet, (void)error;
}

void check_no_memory(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    CHECK_INT(greenlet_error_code(error), GREENLET_ENOMEM);
}

int now_ms(void) {
    return (int)(gevent_now() * 1000 + 0.5);
}
