// What dropping the last reference to a suspended greenlet does (KI).
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "check.h"

static greenlet_t *a, *b, *c;

static const char *type_of_last(void) {
    return greenlet_error_type(greenlet_last_error())->name;
}

// Logs the error with which it is ended, and lets it pass.
static int run_log_kill(void *value, void **result) {
    int code = up(value, result);
    if (code < 0) log_add("%s!%s", name_of_current(), type_of_last());
    return code;
}

static int run_end_with_e1(void *value, void **result) {
    int code = up(value, result);
    return code < 0 ? greenlet_raise(&E1, "at the end") : code;
}

static greenlet_t *start(greenlet_run_fn run, const char *name) {
    greenlet_t *greenlet = make_named(run, name);
    CHECK_OK(greenlet_switch(greenlet, NULL, NULL));
    return greenlet;
}

static void log_unraisable(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_add("unraisable:%s!%s:%s", greenlet_name(greenlet), greenlet_error_type(error)->name,
            greenlet_dead(greenlet) ? "dead" : "alive");
}

TEST(KI_01_SD_02_the_last_reference_throws_exit_at_once) {
    a = start(run_log_kill, "a");
    log_add("before");
    drop(&a);
    log_add("after");
    CHECK_LOG("before a!GreenletExit after");
}

TEST(KI_02_new_and_dead_ones_just_go) {
    a = make_named(run_logged, "a");
    drop(&a);
    a = make_dead();
    drop(&a);
    CHECK_LOG("");
}

static int run_drop_self(void *value, void **result) {
    *result = value;
    drop(&a);
    CHECK_INT(greenlet_active(greenlet_current()), 1);
    return GREENLET_OK;
}

TEST(KI_03_the_current_one_is_held_by_the_runtime) {
    void *result;
    a = make(run_drop_self);
    CHECK_OK(greenlet_switch(a, V(4), &result));
    CHECK_INT(INT(result), 4);
}

static int run_drop_self_and_send(void *value, void **result) {
    (void)value;
    drop(&a);
    int code = up(V(31), result);
    log_add("cleanup:%d", code == GREENLET_EEXIT);
    return code;
}

TEST(KI_04_KI_20_the_payload_of_one_that_is_killed_on_leaving_arrives) {
    void *result;
    a = make_named(run_drop_self_and_send, "a");
    greenlet_set_trace(trace_log, NULL);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    greenlet_set_trace(NULL, NULL);
    CHECK_INT(INT(result), 31);
    CHECK_LOG("s:main>a s:a>main t:main>a cleanup:1 s:a>main");
}

static int run_log_parent(void *value, void **result) {
    int code = up(value, result);
    log_add("parent:%s", greenlet_name(greenlet_parent(greenlet_current())));
    return code;
}

static int run_drop_a(void *value, void **result) {
    (void)value, (void)result;
    drop(&a);
    log_add("killer goes on");
    return GREENLET_OK;
}

TEST(KI_05_the_killer_is_the_parent_meanwhile) {
    b = make_named(run_logged, "hub");
    a = start(run_log_parent, "a");
    CHECK_OK(greenlet_set_parent(a, b));
    c = make_named(run_drop_a, "killer");
    CHECK_OK(greenlet_switch(c, NULL, NULL));
    CHECK_LOG("parent:killer killer goes on");
    CHECK_INT(greenlet_started(b), 0);
    drop(&b);
    drop(&c);
}

static int run_return_on_kill(void *value, void **result) {
    (void)up(value, NULL);
    *result = V(1);
    return GREENLET_OK;
}

TEST(KI_06_what_it_returns_is_dropped) {
    greenlet_set_unraisable(log_unraisable);
    a = start(run_return_on_kill, "a");
    drop(&a);
    CHECK_LOG("");
    CHECK_PTR(greenlet_last_error(), NULL);
}

TEST(KI_07_another_error_goes_to_the_hook) {
    greenlet_set_unraisable(log_unraisable);
    a = start(run_end_with_e1, "a");
    drop(&a);
    log_add("after");
    CHECK_LOG("unraisable:a!E1:dead after");
    CHECK_PTR(greenlet_last_error(), NULL);
    CHECK(greenlet_set_unraisable(NULL) == log_unraisable);
}

static int run_sees_only_exit(void *value, void **result) {
    int code = up(value, result);
    CHECK_INT(code, GREENLET_EEXIT);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), greenlet_error_text(GREENLET_EEXIT));
    CHECK_INT(greenlet_error_code(greenlet_last_error()), GREENLET_EEXIT);
    return code;
}

TEST(KI_08_KI_26_the_droppers_error_stays) {
    greenlet_set_unraisable(log_unraisable);
    a = start(run_sees_only_exit, "a");
    b = start(run_end_with_e1, "b");
    CHECK_CODE(greenlet_raise(&E2, "mine"), CODE_E2);
    const greenlet_error_t *mine = greenlet_last_error();
    drop(&a);
    CHECK_PTR(greenlet_last_error(), mine);
    drop(&b);
    CHECK_PTR(greenlet_last_error(), mine);
    CHECK_LOG("unraisable:b!E1:dead");
}

static int run_swallow(void *value, void **result) {
    for (int i = 0; i < 10; i++)
        if (up(value, result) < 0) log_add("swallowed");
    return GREENLET_OK;
}

TEST(KI_09_KI_25_one_that_swallows_exit_is_reported_once_and_leaks) {
    test_may_leak();
    greenlet_set_unraisable(log_unraisable);
    a = start(run_swallow, "a");
    greenlet_t *leaked = a;
    drop(&a);
    CHECK_LOG("swallowed unraisable:a!GreenletExit:alive");
    b = make(run_42); // it is not tried again
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    drop(&b);
    CHECK_LOG("");
    CHECK_INT(greenlet_active(leaked), 1);
    CHECK_PTR(greenlet_parent(leaked), greenlet_main());
}

static int run_go_to_third(void *value, void **result) {
    (void)up(value, result);
    (void)greenlet_switch(b, NULL, result);
    return GREENLET_OK;
}

static int run_third(void *value, void **result) {
    (void)result;
    log_add("third");
    return greenlet_switch(greenlet_main(), value, NULL);
}

TEST(KI_10_the_same_by_way_of_a_third) {
    test_may_leak();
    greenlet_set_unraisable(log_unraisable);
    a = start(run_go_to_third, "a");
    b = make_named(run_third, "b");
    greenlet_t *leaked = a;
    drop(&a);
    CHECK_LOG("third unraisable:a!GreenletExit:alive");
    CHECK_INT(greenlet_active(leaked), 1);
    CHECK_INT(greenlet_active(b), 1);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_INT(greenlet_dead(b), 1);
    drop(&b);
}

static int run_visit(void *value, void **result) {
    int code = up(value, result);
    greenlet_error_t *pending = greenlet_error_take();
    CHECK_OK(greenlet_switch(b, greenlet_current(), NULL));
    log_add("back");
    greenlet_error_restore(pending);
    return code;
}

static int run_helper(void *value, void **result) {
    log_add("helper");
    return greenlet_switch(value, NULL, result);
}

TEST(KI_11_it_may_visit_others_while_it_cleans_up) {
    greenlet_set_unraisable(log_unraisable);
    a = start(run_visit, "a");
    b = make(run_helper);
    drop(&a);
    log_add("after");
    CHECK_LOG("helper back after");
    drop(&b);
}

// Takes a reference to itself whenever it is killed, as often as `value` says.
static int run_resurrect(void *value, void **result) {
    for (intptr_t lives = INT(value);;) {
        int code = up(NULL, &value);
        if (code == GREENLET_OK) {
            *result = value;
            return GREENLET_OK;
        }
        log_add("killed:%d", (int)lives);
        if (lives-- == 0) return code;
        b = greenlet_ref(greenlet_current());
    }
}

static void log_release_of_dead(void *user) {
    log_add("released:%s", greenlet_dead(user) ? "dead" : "alive");
}

static int run_log_child(void *value, void **result) {
    (void)result;
    log_add("hub:%d", (int)INT(value));
    return GREENLET_OK;
}

TEST(KI_12_it_may_come_back_to_life) {
    greenlet_set_unraisable(log_unraisable);
    c = make_named(run_log_child, "hub");
    a = make(run_resurrect);
    CHECK_OK(greenlet_switch(a, V(1), NULL));
    CHECK_OK(greenlet_set_parent(a, c));
    drop(&a);
    CHECK_LOG("killed:1");
    CHECK_INT(greenlet_active(b), 1);
    CHECK_PTR(greenlet_parent(b), c);
    CHECK_OK(greenlet_switch(b, V(5), NULL));
    CHECK_LOG("hub:5");
    CHECK_INT(greenlet_dead(b), 1);
    drop(&b);
    drop(&c);
}

// Counts what comes to it, and takes a reference to itself at every kill but the second.
static int run_live_twice(void *value, void **result) {
    int kills = 0;
    for (int i = 1;; i++) {
        int code = up(V(i), &value);
        log_add("%s:%d", code < 0 ? "killed" : "resumed", i);
        if (code < 0 && ++kills == 2) {
            *result = value;
            return code;
        }
        if (code < 0) b = greenlet_ref(greenlet_current());
    }
}

TEST(KI_13_and_is_killed_again_each_time) {
    void *result;
    greenlet_set_unraisable(log_unraisable);
    a = make(run_live_twice);
    greenlet_t *same = a;
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    drop(&a);
    CHECK_LOG("killed:1");
    CHECK_PTR(b, same);
    CHECK_INT(greenlet_active(b), 1);
    CHECK_OK(greenlet_switch(b, NULL, &result));
    CHECK_LOG("resumed:2");
    CHECK_INT(INT(result), 3);
    greenlet_set_user(b, b, log_release_of_dead);
    drop(&b);
    CHECK_LOG("killed:3 released:dead");
}

static int run_keep_and_die(void *value, void **result) {
    int code = up(value, result);
    b = greenlet_ref(greenlet_current());
    return code;
}

TEST(KI_14_one_that_dies_may_be_kept_too) {
    a = start(run_keep_and_die, "a");
    greenlet_t *same = a;
    drop(&a);
    CHECK_PTR(b, same);
    CHECK_INT(greenlet_dead(b), 1);
    drop(&b);
}

static int run_log_killer(void *value, void **result) {
    int code = up(value, result);
    char killer[32];
    snprintf(killer, sizeof killer, "%s", greenlet_name(greenlet_parent(greenlet_current())));
    log_add("%s<%s:%d", name_of_current(), killer, code == GREENLET_EEXIT);
    return code;
}

TEST(KI_15_children_go_before_their_parents) {
    a = start(run_log_killer, "a");
    b = start(run_log_killer, "b");
    c = start(run_log_killer, "c");
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_OK(greenlet_set_parent(c, b));
    drop(&a);
    drop(&b);
    CHECK_LOG("");
    drop(&c);
    CHECK_LOG("c<main:1 b<main:1 a<main:1");
}

enum { NESTED = 4 };
static greenlet_t *nested[NESTED];

static int run_drop_next(void *value, void **result) {
    intptr_t index = INT(value);
    int code = up(NULL, result);
    log_add("start%d", (int)index);
    if (index + 1 < NESTED) drop(&nested[index + 1]);
    log_add("end%d", (int)index);
    return code;
}

TEST(KI_16_kills_may_nest) {
    for (int i = 0; i < NESTED; i++) {
        nested[i] = make(run_drop_next);
        CHECK_OK(greenlet_switch(nested[i], V(i), NULL));
    }
    drop(&nested[0]);
    CHECK_LOG("start0 start1 start2 start3 end3 end2 end1 end0");
}

static int killed;

static int run_count_kill(void *value, void **result) {
    int code = up(value, result);
    killed += code == GREENLET_EEXIT;
    return code;
}

TEST(KI_17_a_long_chain_needs_no_recursion) {
    enum { COUNT = 5000 };
    killed = 0;
    greenlet_t *leaf = NULL;
    for (int i = 0; i < COUNT; i++) {
        greenlet_t *child = make(run_count_kill);
        (void)greenlet_set_stack_size(child, 8192);
        if (greenlet_switch(child, NULL, NULL) != GREENLET_OK) FAIL("started");
        if (leaf) (void)greenlet_set_parent(child, leaf);
        greenlet_unref(leaf);
        leaf = child;
    }
    greenlet_unref(leaf);
    CHECK_INT(killed, COUNT);
}

static void log_release(void *user) {
    log_add("released:%d", (int)INT(user));
}

TEST(KI_18_user_data_goes_before_the_parent) {
    a = start(run_log_kill, "a");
    b = start(run_log_kill, "b");
    greenlet_set_user(a, V(1), log_release);
    greenlet_set_user(b, V(2), log_release);
    CHECK_OK(greenlet_set_parent(b, a));
    drop(&a);
    CHECK_LOG("");
    drop(&b);
    CHECK_LOG("b!GreenletExit released:2 a!GreenletExit released:1");
}

TEST(KI_19_user_data_goes_after_the_kill) {
    a = start(run_log_kill, "a");
    greenlet_set_user(a, V(3), log_release);
    drop(&a);
    CHECK_LOG("a!GreenletExit released:3");
    a = make(run_resurrect);
    CHECK_OK(greenlet_switch(a, V(1), NULL));
    greenlet_set_user(a, V(4), log_release);
    drop(&a);
    CHECK_LOG("killed:1");
    drop(&b);
    CHECK_LOG("killed:0 released:4");
}

TEST(KI_20_kills_are_traced) {
    greenlet_set_unraisable(log_unraisable);
    a = start(run_log_kill, "a");
    b = start(run_end_with_e1, "b");
    greenlet_set_trace(trace_log, NULL);
    drop(&a);
    CHECK_LOG("t:main>a a!GreenletExit s:a>main");
    drop(&b);
    greenlet_set_trace(NULL, NULL);
    CHECK_LOG("t:main>b t:b>main unraisable:b!E1:dead");
}

static int trace_fail(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                      const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)target, (void)error, (void)data;
    return greenlet_raise(&E1, "of the trace");
}

TEST(KI_21_a_failing_trace_takes_the_place_of_exit) {
    greenlet_set_unraisable(log_unraisable);
    a = start(run_log_kill, "a");
    greenlet_set_trace(trace_fail, NULL);
    drop(&a);
    CHECK(greenlet_get_trace() == NULL);
    CHECK_LOG("a!E1 unraisable:a!E1:dead");
}

static int run_own_itself(void *value, void **result) {
    greenlet_t *self = greenlet_ref(greenlet_current());
    int code = up(value, result);
    log_add("cleanup:%d", code == GREENLET_EEXIT);
    greenlet_unref(self);
    return code;
}

TEST(KI_24_one_that_owns_itself_is_not_killed_by_itself) {
    a = start(run_own_itself, "a");
    greenlet_t *self = a;
    drop(&a);
    CHECK_LOG("");
    CHECK_INT(greenlet_active(self), 1);
    CHECK_CODE(greenlet_throw(self, NULL, NULL), GREENLET_EXITED);
    CHECK_LOG("cleanup:1");
}
