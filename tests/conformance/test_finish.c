// How greenlets end, and who gets what they leave (FN).
//
// SPDX-License-Identifier: MIT
#include <stdint.h>

#include "check.h"

static greenlet_t *a, *b, *c;

TEST(FN_01_result_goes_to_the_parent) {
    void *result;
    a = make(run_42);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 42);
    CHECK_INT(greenlet_dead(a), 1);
    CHECK_INT(greenlet_active(a), 0);
    drop(&a);
}

static int run_switch_to_b(void *value, void **result) {
    int code = greenlet_switch(b, value, &value);
    if (code < 0) log_add("a failed");
    log_add("a:%d", (int)INT(value));
    *result = V(INT(value) + 1);
    return code;
}

TEST(FN_02_result_goes_to_parent_not_to_switcher) {
    void *result;
    a = make(run_switch_to_b);
    b = make(run_return);
    CHECK_OK(greenlet_switch(a, V(11), &result));
    CHECK_INT(INT(result), 11);
    CHECK_INT(greenlet_dead(b), 1);
    CHECK_INT(greenlet_active(a), 1);
    CHECK_LOG("");
    CHECK_OK(greenlet_switch(a, V(5), &result));
    CHECK_INT(INT(result), 6);
    CHECK_LOG("a:5");
    drop(&a);
    drop(&b);
}

static int run_wait_for_child(void *value, void **result) {
    int code = up(value, &value);
    if (code < 0)
        log_add("%s!%s", name_of_current(), greenlet_error_type(greenlet_last_error())->name);
    else
        log_add("%s:%d", name_of_current(), (int)INT(value));
    *result = V(77);
    return code;
}

TEST(FN_03_a_parent_that_never_switched_gets_the_result) {
    void *result;
    a = make_named(run_wait_for_child, "a");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    b = make_under(run_42, a);
    CHECK_OK(greenlet_switch(b, NULL, &result));
    CHECK_INT(INT(result), 77);
    CHECK_LOG("a:42");
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    drop(&b);
    drop(&a);
}

TEST(FN_04_error_goes_to_parent_not_to_switcher) {
    void *result = V(1);
    a = make(run_switch_to_b);
    b = make(run_fail_e1);
    CHECK_CODE(greenlet_switch(a, NULL, &result), CODE_E1);
    CHECK_INT(INT(result), 1);
    CHECK(greenlet_dead(b) && greenlet_active(a));
    CHECK_LOG("");
    CHECK_OK(greenlet_switch(a, V(2), NULL));
    CHECK_LOG("a:2");
    drop(&a);
    drop(&b);
}

static int run_fail_when_resumed(void *value, void **result) {
    int code = up(value, result);
    return code < 0 ? code : greenlet_raise(&E1, "later");
}

TEST(FN_05_error_climbs_one_level_at_a_time) {
    a = make_named(run_wait_for_child, "a");
    b = make(run_fail_when_resumed);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_CODE(greenlet_switch(b, NULL, NULL), CODE_E1);
    CHECK_LOG("a!E1");
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "later");
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    drop(&b);
    drop(&a);
}

TEST(FN_06_dead_parents_are_skipped) {
    void *result;
    a = make_dead();
    b = make_under(run_42, a);
    CHECK_OK(greenlet_switch(b, NULL, &result));
    CHECK_INT(INT(result), 42);
    c = make_under(run_fail_e1, b);
    CHECK_CODE(greenlet_switch(c, NULL, NULL), CODE_E1);
    CHECK(greenlet_dead(c));
    drop(&c);
    drop(&b);
    drop(&a);
}

static int run_log_and_add_24(void *value, void **result) {
    log_add("%s:%d", name_of_current(), (int)INT(value));
    *result = V(INT(value) + 24);
    return GREENLET_OK;
}

TEST(FN_07_a_new_parent_is_started_with_the_result) {
    void *result;
    a = make_named(run_log_and_add_24, "a");
    c = make_under(run_42, a);
    CHECK_OK(greenlet_switch(c, NULL, &result));
    CHECK_INT(INT(result), 66);
    CHECK_LOG("a:42");
    CHECK(greenlet_dead(a) && greenlet_dead(c));
    drop(&c);
    drop(&a);
}

TEST(FN_09_an_error_kills_a_new_parent_unrun) {
    a = make_named(run_logged, "a");
    c = make_under(run_fail_e1, a);
    CHECK_CODE(greenlet_switch(c, NULL, NULL), CODE_E1);
    CHECK_LOG("");
    CHECK_INT(greenlet_dead(a), 1);
    drop(&c);
    drop(&a);
}

TEST(FN_10_a_new_parent_without_run_loses_the_result) {
    void *result = V(1);
    a = make(NULL);
    c = make_under(run_42, a);
    CHECK_OK(greenlet_set_name(c, "child"));
    CHECK_CODE(greenlet_switch(c, NULL, &result), GREENLET_ENORUN);
    CHECK_STR(greenlet_error_origin(greenlet_last_error()), "child");
    CHECK_INT(INT(result), 1);
    CHECK_INT(greenlet_dead(c), 1);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_INT(greenlet_started(a), 0);
    drop(&c);
    drop(&a);
}

TEST(FN_10_no_run_is_thrown_into_the_grandparent) {
    b = make_named(run_wait_for_child, "b");
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    a = make_under(NULL, b);
    c = make_under(run_42, a);
    CHECK_CODE(greenlet_switch(c, NULL, NULL), GREENLET_ENORUN);
    CHECK_LOG("b!NoRun");
    CHECK(greenlet_dead(b) && !greenlet_started(a));
    drop(&c);
    drop(&a);
    drop(&b);
}

TEST(FN_10_an_error_is_replaced_by_no_run_too) {
    a = make(NULL);
    c = make_under(run_fail_e1, a);
    CHECK_CODE(greenlet_switch(c, NULL, NULL), GREENLET_ENORUN);
    CHECK_INT(greenlet_started(a), 0);
    drop(&c);
    drop(&a);
}

TEST(FN_11_any_failure_at_the_parent_replaces_the_result) {
    b = make_named(run_wait_for_child, "b");
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    a = make_under(run_42, b);
    CHECK_OK(greenlet_set_stack_size(a, SIZE_MAX)); // there is no such stack
    c = make_under(run_return, a);
    CHECK_CODE(greenlet_switch(c, NULL, NULL), GREENLET_ENOMEM);
    CHECK_LOG("b!OutOfMemory");
    CHECK_INT(greenlet_started(a), 0);
    CHECK_INT(greenlet_dead(c), 1);
    CHECK_OK(greenlet_set_stack_size(a, 0));
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(greenlet_dead(a), 1);
    drop(&c);
    drop(&a);
    drop(&b);
}

static int run_change_parent(void *value, void **result) {
    *result = value;
    return greenlet_set_parent(greenlet_current(), b);
}

TEST(FN_12_the_parent_at_the_moment_of_finishing) {
    void *result;
    b = make_named(run_wait_for_child, "b");
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    a = make(run_change_parent);
    CHECK_OK(greenlet_switch(a, V(6), &result));
    CHECK_INT(INT(result), 77);
    CHECK_LOG("b:6");
    drop(&a);
    drop(&b);
}

static int trace_dead(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                      const greenlet_error_t *error, void *data) {
    (void)event, (void)error, (void)data;
    CHECK_PTR(greenlet_current(), target);
    log_add("dead:%d", greenlet_dead(origin));
    return GREENLET_OK;
}

static int run_log_end(void *value, void **result) {
    (void)value, (void)result;
    log_add("end");
    return GREENLET_OK;
}

TEST(FN_13_dead_then_traced_then_delivered) {
    a = make(run_log_end);
    greenlet_set_trace(trace_dead, NULL);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    log_add("returned");
    greenlet_set_trace(NULL, NULL);
    CHECK_LOG("dead:0 end dead:1 returned");
    drop(&a);
}

static int count;

static int run_count(void *value, void **result) {
    count++;
    *result = V(INT(value) + 1);
    return GREENLET_OK;
}

TEST(FN_14_a_cascade_of_new_parents_needs_no_nesting) {
    enum { COUNT = 5000 };
    void *result;
    count = 0;
    greenlet_t *leaf = make(run_count);
    for (int i = 1; i < COUNT; i++) {
        greenlet_t *child = make_under(run_count, leaf);
        greenlet_unref(leaf);
        leaf = child;
    }
    CHECK_OK(greenlet_switch(leaf, V(0), &result));
    CHECK_INT(count, COUNT);
    CHECK_INT(INT(result), COUNT);
    CHECK(greenlet_dead(leaf));
    greenlet_unref(leaf);
}

static int run_start_b(void *value, void **result) {
    return greenlet_switch(b, value, result);
}

TEST(FN_16_the_origin_of_an_error_is_who_raised_it) {
    a = make_named(run_start_b, "starter");
    b = make_named(run_fail_e1, "failing");
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E1);
    CHECK_STR(greenlet_error_origin(greenlet_last_error()), "failing");
    drop(&b);
    drop(&a);
}
