// setjmp and longjmp: a jump stays in its greenlet, which may have parked any number of times since
// the place was set, and others with it. In wasm a jump is an exception (../../wasm/setjmp.c).
//
// SPDX-License-Identifier: MIT
#include <setjmp.h>

#include "check.h"
#include "gevent.h"

typedef struct jumper {
    double seconds; // before a jump
    int depth;      // of the calls that it leaves
    int caught;     // what the jumps brought, a digit each
    jmp_buf place;
} jumper_t;

// The frames that a jump leaves have been left and come back to before. Volatile: a frame each.
static int descend(jumper_t *jumper, volatile int depth) {
    if (depth > 0) return descend(jumper, depth - 1) + depth;
    int code = gevent_sleep(jumper->seconds);
    if (code >= 0) longjmp(jumper->place, jumper->depth);
    return code;
}

static void jump_once(jumper_t *jumper) {
    volatile int kept = jumper->depth;
    int value = setjmp(jumper->place);
    if (value == 0) (void)descend(jumper, jumper->depth);
    CHECK_INT(kept, jumper->depth);
    CHECK_OK(gevent_sleep(jumper->seconds / 2)); // parks after a jump, too
    jumper->caught = jumper->caught * 10 + value;
}

static int run_jumper(void *value, void **result) {
    (void)result;
    for (int i = 0; i < 3; i++) jump_once(value);
    return GREENLET_OK;
}

enum { JUMPERS = 9 };

TEST(JUMP_each_of_many_greenlets_jumps_to_its_own_place) {
    jumper_t jumpers[JUMPERS];
    gevent_task_t *tasks[JUMPERS];
    for (int i = 0; i < JUMPERS; i++) {
        jumpers[i] = (jumper_t){.seconds = 0.7 * (JUMPERS - i), .depth = i + 1};
        CHECK_OK(gevent_spawn(run_jumper, &jumpers[i], &tasks[i]));
    }
    for (int i = 0; i < JUMPERS; i++) {
        CHECK_OK(gevent_join(tasks[i], GEVENT_FOREVER));
        CHECK_INT(jumpers[i].caught, 111 * (i + 1));
        gevent_task_unref(tasks[i]);
    }
}

TEST(JUMP_zero_comes_as_one) {
    jmp_buf place;
    int value = setjmp(place);
    if (value == 0) longjmp(place, 0);
    CHECK_INT(value, 1);
}

static int go_back(void *value, void **result) {
    (void)result;
    log_add("below");
    CHECK_OK(greenlet_switch(value, NULL, NULL));
    log_add("end");
    return GREENLET_OK;
}

static void visit(greenlet_t *other, jmp_buf place) {
    CHECK_OK(greenlet_switch(other, greenlet_current(), NULL));
    longjmp(place, 5);
}

TEST(JUMP_after_a_switch_and_back) {
    greenlet_t *other;
    jmp_buf place;
    CHECK_OK(greenlet_new(go_back, NULL, &other));
    int value = setjmp(place);
    if (value == 0) visit(other, place);
    log_add("jumped");
    CHECK_INT(value, 5);
    CHECK_OK(greenlet_switch(other, NULL, NULL));
    CHECK_LOG("below jumped end");
    greenlet_unref(other);
}

typedef struct nested {
    jmp_buf outer, inner;
} nested_t;

static void jump_out(nested_t *nested, int to_outer) {
    (void)gevent_yield();
    longjmp(to_outer ? nested->outer : nested->inner, 7);
}

static void jump_inside(nested_t *nested) {
    if (setjmp(nested->inner) == 0) jump_out(nested, 0);
    log_add("inner");
    if (setjmp(nested->inner) == 0) jump_out(nested, 1);
    log_add("never");
}

static int run_nested(void *value, void **result) {
    (void)value, (void)result;
    nested_t nested;
    if (setjmp(nested.outer) == 0)
        jump_inside(&nested);
    else
        log_add("outer");
    return GREENLET_OK;
}

TEST(JUMP_to_a_place_further_out) {
    gevent_task_t *tasks[2];
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_nested, NULL, &tasks[i]));
    for (int i = 0; i < 2; i++) {
        CHECK_OK(gevent_join(tasks[i], GEVENT_FOREVER));
        gevent_task_unref(tasks[i]);
    }
    CHECK_LOG("inner inner outer outer");
}

static void sleep_or_jump(jmp_buf place) {
    int code = gevent_sleep(1000);
    longjmp(place, -code);
}

static int run_killed(void *value, void **result) {
    (void)value, (void)result;
    jmp_buf place;
    int code = setjmp(place);
    if (code == 0) sleep_or_jump(place);
    log_add("%s", greenlet_error_name(-code));
    return -code;
}

TEST(JUMP_out_of_a_wait_that_was_killed) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_killed, NULL, &task));
    CHECK_OK(gevent_sleep(1));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

TEST(JUMP_a_greenlet_that_would_have_jumped_is_dropped) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_killed, NULL, &task));
    CHECK_OK(gevent_sleep(1));
    CHECK_OK(gevent_kill_hard(task));
    CHECK_LOG("");
    gevent_task_unref(task);
}
