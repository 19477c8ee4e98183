// Emscripten's fibers: programs as they are written for them, and fibers that wait.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "compat/emscripten/fiber.h"
#include "gevent.h"

typedef struct fiber {
    emscripten_fiber_t context;
    char asyncify_stack[1024];
    _Alignas(16) char c_stack[8192];
    int number;
} fiber_t;

static emscripten_fiber_t home;
static char home_stack[1024];
static fiber_t fibers[2];

static void open_home(void) {
    emscripten_fiber_init_from_current_context(&home, home_stack, sizeof home_stack);
}

static void init(fiber_t *fiber, em_arg_callback_func entry, void *argument) {
    emscripten_fiber_init(&fiber->context, entry, argument, fiber->c_stack, sizeof fiber->c_stack,
                          fiber->asyncify_stack, sizeof fiber->asyncify_stack);
}

static void drop_fiber(fiber_t *fiber) {
    greenlet_fiber_drop(fiber->c_stack, sizeof fiber->c_stack);
}

// ---- programs -----------------------------------------------------------------------------------

static void count_by(void *step) {
    for (int i = 0;; i += *(int *)step) {
        log_add("%d", i);
        emscripten_fiber_swap(&fibers[0].context, &home);
    }
}

TEST(fiber_goes_on_where_it_was_left) {
    int step = 3;
    open_home();
    init(&fibers[0], count_by, &step);
    for (int i = 0; i < 3; i++) emscripten_fiber_swap(&home, &fibers[0].context);
    CHECK(!fibers[0].context.entry);
    drop_fiber(&fibers[0]);
    CHECK_LOG("0 3 6");
}

static void log_at(int depth, int self, int other) {
    if (depth) {
        log_at(depth - 1, self, other);
        return;
    }
    log_add("%d", self);
    emscripten_fiber_swap(&fibers[self].context, &fibers[other].context);
}

static void go_back_and_forth(void *argument) {
    int self = (int)INT(argument);
    for (int i = 0; i < 3; i++) log_at(i, self, !self);
    emscripten_fiber_swap(&fibers[self].context, &home);
}

TEST(fibers_go_to_one_another) {
    open_home();
    for (int i = 0; i < 2; i++) init(&fibers[i], go_back_and_forth, V(i));
    emscripten_fiber_swap(&home, &fibers[0].context);
    CHECK_LOG("0 1 0 1 0 1");
    for (int i = 0; i < 2; i++) drop_fiber(&fibers[i]);
}

// As programs do that do not trust emscripten_fiber_init.
static void init_by_hand(fiber_t *fiber, em_arg_callback_func entry, void *argument) {
    emscripten_fiber_t *context = &fiber->context;
    context->stack_base = fiber->c_stack + sizeof fiber->c_stack;
    context->stack_limit = fiber->c_stack;
    context->stack_ptr = context->stack_base;
    context->entry = entry;
    context->user_data = argument;
    context->asyncify_data.stack_ptr = fiber->asyncify_stack;
    context->asyncify_data.stack_limit = fiber->asyncify_stack + sizeof fiber->asyncify_stack;
    context->asyncify_data.rewind_id = 12345;
}

TEST(fiber_may_be_filled_in_by_hand) {
    int step = 5;
    open_home();
    init_by_hand(&fibers[0], count_by, &step);
    for (int i = 0; i < 2; i++) emscripten_fiber_swap(&home, &fibers[0].context);
    emscripten_fiber_swap(&home, &home);
    drop_fiber(&fibers[0]);
    CHECK_LOG("0 5");
}

// ---- memory -------------------------------------------------------------------------------------

static void log_cleanup(void *text) {
    log_add("%s", (const char *)text);
}

static void hold(void *name) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, log_cleanup, name);
    emscripten_fiber_swap(&fibers[0].context, &home);
    log_add("never");
}

TEST(fiber_vanishes_when_its_stack_is_given_to_another) {
    open_home();
    init(&fibers[0], hold, "first");
    emscripten_fiber_swap(&home, &fibers[0].context);
    init(&fibers[0], hold, "second");
    emscripten_fiber_swap(&home, &fibers[0].context);
    CHECK_LOG("first");
    drop_fiber(&fibers[0]);
    drop_fiber(&fibers[0]);
    CHECK_LOG("second");
}

TEST(fibers_are_many) {
    enum { MANY = 200 };
    static fiber_t many[MANY];
    open_home();
    for (int i = 0; i < MANY; i++) {
        init(&many[i], hold, "x");
        emscripten_fiber_swap(&home, &many[i].context);
    }
    for (int i = 0; i < MANY; i++) drop_fiber(&many[i]);
    log_clear();
}

// ---- fibers that wait ---------------------------------------------------------------------------

typedef struct call {
    emscripten_fiber_t home;
    fiber_t fiber;
    int number;
} call_t;

static void wait_in_fiber(void *argument) {
    call_t *call = argument;
    for (;;) {
        int code = gevent_sleep(call->number);
        log_add("fiber %d %s", call->number, code < 0 ? greenlet_error_name(code) : "awake");
        emscripten_fiber_swap(&call->fiber.context, &call->home);
    }
}

static int run_call(void *argument, void **result) {
    call_t *call = argument;
    (void)result;
    emscripten_fiber_init_from_current_context(&call->home, home_stack, sizeof home_stack);
    init(&call->fiber, wait_in_fiber, call);
    emscripten_fiber_swap(&call->home, &call->fiber.context);
    log_add("home %d", call->number);
    drop_fiber(&call->fiber);
    return greenlet_error_code(greenlet_last_error());
}

TEST(fibers_may_all_wait_at_once) {
    static call_t calls[3];
    gevent_task_t *tasks[3];
    int start = now_ms();
    for (int i = 0; i < 3; i++) {
        calls[i].number = 3 - i;
        CHECK_OK(gevent_spawn(run_call, &calls[i], &tasks[i]));
    }
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_join(tasks[i], GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 3000);
    CHECK_LOG("fiber 1 awake home 1 fiber 2 awake home 2 fiber 3 awake home 3");
    for (int i = 0; i < 3; i++) gevent_task_unref(tasks[i]);
}

TEST(fiber_is_told_of_a_kill_where_it_waits) {
    static call_t call = {.number = 9};
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_call, &call, &task));
    CHECK_OK(gevent_sleep(1));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
    CHECK_LOG("fiber 9 GREENLET_EEXIT home 9");
}
