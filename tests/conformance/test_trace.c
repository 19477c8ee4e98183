// The trace callback (TR).
//
// SPDX-License-Identifier: MIT
#include "check.h"

static greenlet_t *a, *b, *c;

static void trace_on(void) {
    greenlet_set_trace(trace_log, NULL);
}

static void trace_off(void) {
    greenlet_set_trace(NULL, NULL);
}

static greenlet_t *start(greenlet_run_fn run, const char *name) {
    greenlet_t *greenlet = make_named(run, name);
    CHECK_OK(greenlet_switch(greenlet, NULL, NULL));
    return greenlet;
}

static greenlet_t *make_dead_under(greenlet_t *parent) {
    greenlet_t *dead = make_dead();
    CHECK_OK(greenlet_set_parent(dead, parent));
    return dead;
}

static int trace_other(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                       const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)target, (void)error, (void)data;
    return GREENLET_OK;
}

TEST(TR_01_setting_returns_the_previous_one) {
    CHECK(greenlet_set_trace(trace_log, NULL) == NULL);
    CHECK(greenlet_set_trace(trace_other, NULL) == trace_log);
    CHECK(greenlet_get_trace() == trace_other);
    CHECK(greenlet_set_trace(NULL, NULL) == trace_other);
    CHECK(greenlet_get_trace() == NULL);
}

TEST(TR_02_switch_and_throw) {
    a = make_named(run_nothing, "a");
    b = make_named(run_fail_e1, "b");
    trace_on();
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_CODE(greenlet_switch(b, NULL, NULL), CODE_E1);
    trace_off();
    CHECK_LOG("s:main>a s:a>main s:main>b t:b>main");
    drop(&a);
    drop(&b);
}

static int trace_check(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                       const greenlet_error_t *error, void *data) {
    CHECK_PTR(greenlet_current(), target);
    CHECK(origin != target);
    CHECK_INT(error != NULL, event == GREENLET_EVENT_THROW);
    if (error) CHECK_INT(greenlet_error_code(error), CODE_E1);
    CHECK_PTR(data, &a);
    log_add("%d", event == GREENLET_EVENT_THROW);
    return GREENLET_OK;
}

TEST(TR_03_it_runs_in_the_target_and_is_told_the_error) {
    a = make(run_fail_e1);
    greenlet_set_trace(trace_check, &a);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E1);
    trace_off();
    CHECK_LOG("0 1");
    drop(&a);
}

TEST(TR_04_TR_20_before_run_on_a_first_switch) {
    a = make_named(run_logged, "a");
    trace_on();
    CHECK_OK(greenlet_switch(a, V(1), NULL));
    trace_off();
    CHECK_LOG("s:main>a a:1 s:a>main");
    drop(&a);
}

TEST(TR_05_an_exit_is_a_switch_another_error_a_throw) {
    a = make_named(run_exit, "a");
    b = make_named(run_fail_e1, "b");
    trace_on();
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_EXITED);
    CHECK_CODE(greenlet_switch(b, NULL, NULL), CODE_E1);
    trace_off();
    CHECK_LOG("s:main>a s:a>main s:main>b t:b>main");
    drop(&a);
    drop(&b);
}

TEST(TR_06_a_throw_into_a_suspended_one) {
    a = start(run_up, "a");
    b = start(run_up, "b");
    trace_on();
    CHECK_CODE(greenlet_throw(a, NULL, NULL), GREENLET_EXITED);
    CHECK_CODE(throw_type(b, &E1, NULL), CODE_E1);
    trace_off();
    CHECK_LOG("t:main>a s:a>main t:main>b t:b>main");
    drop(&a);
    drop(&b);
}

TEST(TR_07_a_throw_into_a_new_one) {
    a = make_named(run_logged, "a");
    b = make_named(run_logged, "b");
    trace_on();
    CHECK_CODE(throw_type(a, &E1, NULL), CODE_E1);
    CHECK_CODE(greenlet_throw(b, NULL, NULL), GREENLET_EXITED);
    trace_off();
    CHECK_LOG("t:main>a t:a>main t:main>b s:b>main");
    drop(&a);
    drop(&b);
}

TEST(TR_08_dead_ones_do_not_appear) {
    b = start(run_up, "b");
    c = make_dead_under(b);
    trace_on();
    CHECK_OK(greenlet_switch(c, NULL, NULL));
    trace_off();
    CHECK_LOG("s:main>b s:b>main");
    drop(&c);
    drop(&b);
    b = make_named(run_logged, "b");
    c = make_dead_under(b);
    trace_on();
    CHECK_CODE(throw_type(c, &E1, NULL), CODE_E1);
    trace_off();
    CHECK_LOG("t:main>b t:b>main");
    drop(&c);
    drop(&b);
    c = make_dead();
    trace_on();
    CHECK_CODE(greenlet_throw(c, NULL, NULL), GREENLET_EXITED);
    CHECK_CODE(throw_type(c, &E1, NULL), CODE_E1);
    trace_off();
    CHECK_LOG("s:main>main t:main>main");
    drop(&c);
}

TEST(TR_09_to_oneself) {
    trace_on();
    CHECK_OK(greenlet_switch(greenlet_main(), NULL, NULL));
    CHECK_CODE(throw_type(greenlet_main(), &E1, NULL), CODE_E1);
    CHECK_CODE(greenlet_throw(greenlet_main(), NULL, NULL), GREENLET_EEXIT);
    CHECK_LOG("s:main>main t:main>main t:main>main");
    trace_off();
    c = make_dead();
    trace_on();
    CHECK_OK(greenlet_switch(c, NULL, NULL));
    trace_off();
    CHECK_LOG("s:main>main");
    drop(&c);
}

static void check_finish_into_new_parent(greenlet_run_fn parent, greenlet_run_fn child, int code,
                                         const char *expected) {
    b = make_named(parent, "p");
    c = make_under(child, b);
    CHECK_OK(greenlet_set_name(c, "c"));
    trace_on();
    CHECK_CODE(greenlet_switch(c, NULL, NULL), code);
    trace_off();
    CHECK_LOG(expected);
    drop(&c);
    drop(&b);
}

TEST(TR_10_a_child_that_ends_into_a_new_parent) {
    check_finish_into_new_parent(run_nothing, run_nothing, GREENLET_OK, "s:main>c s:c>p s:p>main");
    check_finish_into_new_parent(run_nothing, run_fail_e1, CODE_E1, "s:main>c t:c>p t:p>main");
    check_finish_into_new_parent(NULL, run_nothing, GREENLET_ENORUN, "s:main>c t:c>main");
}

TEST(TR_11_a_refused_switch_is_not_traced) {
    a = make(NULL);
    trace_on();
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_ENORUN);
    CHECK_CODE(throw_type(a, &E1, NULL), GREENLET_ENORUN);
    CHECK_CODE(greenlet_switch(NULL, NULL, NULL), GREENLET_EINVAL);
    trace_off();
    CHECK_LOG("");
    drop(&a);
}

// Fails at the event whose number *data has counted down to.
static int trace_fail(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                      const greenlet_error_t *error, void *data) {
    int *left = data;
    (void)trace_log(event, origin, target, error, data);
    return --*left == 0 ? greenlet_raise(&E2, "of the trace") : GREENLET_OK;
}

static int run_catch(void *value, void **result) {
    int code = up(value, result);
    if (code < 0) log_add("caught %s", greenlet_error_type(greenlet_last_error())->name);
    *result = V(6);
    return GREENLET_OK;
}

TEST(TR_12_a_failing_callback_is_removed_and_its_error_delivered) {
    void *result;
    int left = 1;
    a = start(run_catch, "a");
    greenlet_set_trace(trace_fail, &left);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK(greenlet_get_trace() == NULL);
    CHECK_LOG("s:main>a caught E2");
    CHECK_INT(INT(result), 6);
    drop(&a);
    left = 1;
    a = start(run_catch, "a");
    greenlet_set_trace(trace_fail, &left);
    CHECK_OK(throw_type(a, &E1, NULL));
    CHECK_LOG("t:main>a caught E2");
    drop(&a);
}

TEST(TR_13_failing_on_a_first_switch_run_is_never_called) {
    int left = 1;
    a = make_named(run_logged, "a");
    greenlet_set_trace(trace_fail, &left);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E2);
    CHECK_LOG("s:main>a");
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

TEST(TR_14_failing_on_the_final_switch_the_result_is_lost) {
    void *result = V(1);
    int left = 2;
    a = make_named(run_42, "a");
    greenlet_set_trace(trace_fail, &left);
    CHECK_CODE(greenlet_switch(a, NULL, &result), CODE_E2);
    CHECK_INT(INT(result), 1);
    CHECK_LOG("s:main>a s:a>main");
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

TEST(TR_14_failing_on_the_final_switch_an_exit_is_lost_too) {
    void *result = V(1);
    int left = 2;
    a = make_named(run_exit, "a");
    greenlet_set_trace(trace_fail, &left);
    CHECK_CODE(greenlet_switch(a, NULL, &result), CODE_E2);
    CHECK_INT(INT(result), 1);
    CHECK_LOG("s:main>a s:a>main");
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

static int trace_replace_and_fail(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                                  const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)target, (void)error, (void)data;
    greenlet_set_trace(trace_other, NULL);
    return greenlet_raise(&E2, "of the trace");
}

TEST(TR_15_removal_wins_over_a_new_callback) {
    a = make(run_42);
    greenlet_set_trace(trace_replace_and_fail, NULL);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E2);
    CHECK(greenlet_get_trace() == NULL);
    drop(&a);
}

// Goes to c and back, once, when b is thrown or switched to.
static int trace_go_elsewhere(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                              const greenlet_error_t *error, void *data) {
    int *is_done = data;
    (void)trace_log(event, origin, target, error, NULL);
    if (target != b || *is_done) return GREENLET_OK;
    *is_done = 1;
    void *result;
    int code = greenlet_switch(c, b, &result);
    log_add("back:%d", (int)INT(result));
    return code;
}

static int run_back_to(void *value, void **result) {
    greenlet_t *target = value;
    return greenlet_switch(target, V(5), result);
}

TEST(TR_16_a_thrown_error_survives_the_callback) {
    int is_done = 0;
    b = start(run_catch, "b");
    c = make_named(run_back_to, "c");
    greenlet_set_trace(trace_go_elsewhere, &is_done);
    CHECK_OK(throw_type(b, &E1, NULL));
    trace_off();
    CHECK_LOG("t:main>b s:b>c s:c>b back:5 caught E1 s:b>main");
    drop(&b);
    drop(&c);
}

TEST(TR_17_TR_18_the_callback_may_switch_and_the_payload_stays) {
    void *result;
    int is_done = 0;
    b = make_named(run_logged, "b");
    c = make_named(run_back_to, "c");
    greenlet_set_trace(trace_go_elsewhere, &is_done);
    CHECK_OK(greenlet_switch(b, V(8), &result));
    trace_off();
    CHECK_LOG("s:main>b s:b>c s:c>b back:5 b:8 s:b>main");
    CHECK_INT(INT(result), 8);
    drop(&b);
    drop(&c);
}

// Leaves b for main, once, when b is gone to.
static int trace_leave(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                       const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)error;
    int *is_done = data;
    if (target != b || *is_done) return GREENLET_OK;
    *is_done = 1;
    void *result = NULL;
    int code = greenlet_switch(greenlet_main(), V(1), &result);
    log_add("callback:%d", (int)INT(result));
    return code < 0 ? code : GREENLET_OK;
}

TEST(TR_19_one_blocked_in_its_callback_is_resumed_there) {
    void *result;
    int is_done = 0;
    b = make_named(run_logged, "b");
    greenlet_set_trace(trace_leave, &is_done);
    CHECK_OK(greenlet_switch(b, V(10), &result));
    CHECK_INT(INT(result), 1);
    CHECK_LOG("");
    CHECK_INT(greenlet_active(b), 1);
    CHECK_OK(greenlet_switch(b, V(11), &result));
    CHECK_LOG("callback:11 b:10");
    CHECK_INT(INT(result), 10);
    trace_off();
    drop(&b);
}

TEST(TR_19_an_error_thrown_there_is_the_callbacks) {
    int is_done = 0;
    b = make_named(run_logged, "b");
    greenlet_set_trace(trace_leave, &is_done);
    CHECK_OK(greenlet_switch(b, V(10), NULL));
    CHECK_CODE(throw_type(b, &E1, NULL), CODE_E1);
    CHECK_LOG("callback:0");
    CHECK(greenlet_get_trace() == NULL); // it let the error pass, so it failed
    CHECK_INT(greenlet_dead(b), 1);
    drop(&b);
}

// Each goes to the other, once, from within its own callback.
static int trace_cross(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                       const greenlet_error_t *error, void *data) {
    int *depth = data;
    (void)event, (void)origin, (void)error;
    if ((target != a && target != b) || *depth >= 2) return GREENLET_OK;
    ++*depth;
    log_add("trace %s", greenlet_name(target));
    int code = greenlet_switch(target == a ? b : a, V(1), NULL);
    log_add("leave %s", name_of_current());
    return code < 0 ? code : GREENLET_OK;
}

TEST(TR_21_two_that_switch_in_their_callbacks_both_end) {
    int depth = 0;
    a = make_named(run_logged, "a");
    b = make_named(run_logged, "b");
    greenlet_set_trace(trace_cross, &depth);
    CHECK_OK(greenlet_switch(a, V(7), NULL)); // a's callback to b, whose callback to a, which ends
    CHECK_LOG("trace a trace b leave a a:7");
    CHECK_OK(greenlet_switch(b, V(8), NULL));
    CHECK_LOG("leave b b:1");
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    trace_off();
    drop(&a);
    drop(&b);
}

TEST(TR_22_setting_the_same_again_is_harmless) {
    a = make_named(run_nothing, "a");
    trace_on();
    CHECK(greenlet_set_trace(trace_log, NULL) == trace_log);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK(greenlet_get_trace() == trace_log);
    trace_off();
    CHECK_LOG("s:main>a s:a>main");
    drop(&a);
}
