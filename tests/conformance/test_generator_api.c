// Generators (G): one at a time.
//
// SPDX-License-Identifier: MIT
#include "test_generator_shared.h"

static generator_t *g;

TEST(G_01_creating_runs_nothing) {
    g = make_generator(run_logged, NULL);
    CHECK_INT(generator_state(g), GENERATOR_CREATED);
    drop_generator(&g);
    CHECK_LOG("");
    CHECK_CODE(generator_new(NULL, NULL, &g), GREENLET_EINVAL);
    CHECK_CODE(generator_new(run_count, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(generator_next(NULL, NULL), GREENLET_EINVAL);
}

TEST(G_02_a_fresh_one_takes_no_value_and_stays_fresh) {
    g = make_generator(run_count, V(1));
    CHECK_CODE(generator_send(g, V(7), NULL), GREENLET_EINVAL);
    CHECK_INT(generator_state(g), GENERATOR_CREATED);
    CHECK_OK(generator_send(g, NULL, NULL));
    drop_generator(&g);
}

TEST(G_03_values_go_both_ways) {
    void *value = NULL;
    g = make_generator(run_echo, V(3));
    check_next(g, 3);
    CHECK_OK(generator_send(g, V(4), &value));
    CHECK_INT(INT(value), 4);
    CHECK_OK(generator_send(g, V(5), NULL));
    check_next(g, 0);
    drop_generator(&g);
    CHECK_LOG("unwound");
}

TEST(G_04_the_return_value_comes_once) {
    g = make_generator(run_count, V(2));
    check_next(g, 1);
    check_next(g, 2);
    check_done(g, 100);
    check_done(g, 0);
    check_done(g, 0);
    drop_generator(&g);
}

TEST(G_05_an_error_goes_to_who_advanced) {
    void *value = V(9);
    g = make_generator(run_fail_later, V(1));
    check_next(g, 1);
    CHECK_CODE(generator_next(g, &value), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "at the end");
    CHECK_INT(INT(value), 9);
    check_done(g, 0);
    drop_generator(&g);
    g = make_generator(run_exit, NULL);
    CHECK_CODE(generator_next(g, NULL), GREENLET_EEXIT);
    check_done(g, 0);
    drop_generator(&g);
}

TEST(G_06_throw_comes_out_of_the_yield) {
    void *value = NULL;
    g = make_generator(run_echo, V(3));
    check_next(g, 3);
    CHECK_OK(throw_e1(g, &value));
    CHECK_INT(INT(value), 30);
    CHECK_CODE(generator_throw(g, NULL, NULL), GREENLET_EEXIT);
    check_done(g, 0);
    drop_generator(&g);
    CHECK_LOG("unwound");
    g = make_generator(run_at_close, V(1));
    check_next(g, 1);
    CHECK_CODE(throw_e1(g, &value), GENERATOR_DONE);
    CHECK_INT(INT(value), 5);
    drop_generator(&g);
}

TEST(G_07_throw_into_one_that_is_not_suspended) {
    g = make_generator(run_logged, NULL);
    CHECK_CODE(throw_e1(g, NULL), CODE_E1);
    check_done(g, 0);
    CHECK_CODE(throw_e1(g, NULL), CODE_E1);
    CHECK_LOG("");
    drop_generator(&g);
}

TEST(G_07_what_is_no_error_cannot_be_thrown) {
    static const greenlet_error_type_t success = {"Success", &GREENLET_ERROR, 1};
    greenlet_error_t *error = greenlet_error_new(&success, "none");
    g = make_generator(run_count, V(2));
    CHECK_CODE(generator_throw(g, error, NULL), GREENLET_EINVAL);
    check_next(g, 1);
    CHECK_CODE(generator_throw(g, error, NULL), GREENLET_EINVAL);
    check_next(g, 2);
    greenlet_error_unref(error);
    drop_generator(&g);
}

TEST(G_07_G_08_one_that_has_not_started_is_not_switched_to) {
    greenlet_set_trace(trace_log, NULL);
    g = make_generator(run_logged, NULL);
    CHECK_CODE(throw_e1(g, NULL), CODE_E1);
    drop_generator(&g);
    g = make_generator(run_logged, NULL);
    CHECK_OK(generator_close(g));
    CHECK_INT(generator_state(g), GENERATOR_CLOSED);
    greenlet_set_trace(NULL, NULL);
    CHECK_LOG("");
    drop_generator(&g);
}

TEST(G_08_close) {
    g = make_generator(run_logged, NULL);
    CHECK_OK(generator_close(g));
    CHECK_OK(generator_close(g));
    check_done(g, 0);
    CHECK_LOG("");
    drop_generator(&g);
    g = make_generator(run_echo, NULL);
    check_next(g, 0);
    CHECK_OK(generator_close(g));
    CHECK_LOG("unwound");
    check_done(g, 0);
    drop_generator(&g);
}

TEST(G_08_close_of_one_that_returns_or_fails) {
    g = make_generator(run_at_close, V(1));
    check_next(g, 1);
    CHECK_CODE(greenlet_raise(&E1, "pending"), CODE_E1);
    CHECK_OK(generator_close(g));
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "pending");
    check_done(g, 0);
    drop_generator(&g);
    g = make_generator(run_at_close, NULL);
    check_next(g, 1);
    CHECK_CODE(generator_close(g), CODE_E2);
    check_done(g, 0);
    drop_generator(&g);
}

TEST(G_08_close_of_one_that_yields) {
    g = make_generator(run_stubborn, V(3));
    check_next(g, 0);
    CHECK_CODE(generator_close(g), GREENLET_EIGNORED);
    CHECK_INT(generator_state(g), GENERATOR_SUSPENDED);
    check_next(g, 2);
    check_done(g, 0);
    CHECK_LOG("swallowed");
    drop_generator(&g);
}

static int run_look_at_itself(void *argument, void **result) {
    (void)argument, (void)result;
    generator_t *self = generator_current();
    CHECK_PTR(self, g);
    CHECK_PTR(generator_greenlet(self), greenlet_current());
    CHECK_INT(generator_state(self), GENERATOR_RUNNING);
    CHECK_CODE(generator_next(self, NULL), GREENLET_EEXECUTING);
    CHECK_CODE(generator_close(self), GREENLET_EEXECUTING);
    CHECK_CODE(throw_e1(self, NULL), GREENLET_EEXECUTING);
    CHECK_CODE(generator_delegate(self, NULL), GREENLET_EEXECUTING);
    return generator_yield(V(1), NULL);
}

TEST(G_09_G_10_a_running_one_cannot_be_advanced) {
    g = make_generator(run_look_at_itself, NULL);
    check_next(g, 1);
    CHECK_INT(generator_state(g), GENERATOR_SUSPENDED);
    check_done(g, 0);
    drop_generator(&g);
}

static void log_unraisable(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    log_add("unraisable:%s", greenlet_error_message(error));
}

TEST(G_11_dropping_a_suspended_one_closes_it) {
    g = make_generator(run_echo, NULL);
    check_next(g, 0);
    generator_unref(generator_ref(g));
    CHECK_LOG("");
    drop_generator(&g);
    CHECK_LOG("unwound");
    (void)greenlet_set_unraisable(log_unraisable);
    g = make_generator(run_at_close, NULL);
    check_next(g, 1);
    drop_generator(&g);
    (void)greenlet_set_unraisable(NULL);
    CHECK_LOG("unraisable:in clean-up");
}

static void log_release(void *argument) {
    log_add("released:%d", (int)INT(argument));
}

TEST(G_11_the_argument_is_released_once) {
    g = make_generator(run_count, V(2));
    generator_set_release(g, log_release);
    drop_generator(&g);
    CHECK_LOG("released:2");
    g = make_generator(run_echo, V(3));
    generator_set_release(g, log_release);
    check_next(g, 3);
    drop_generator(&g);
    CHECK_LOG("unwound released:3");
}

static int run_drop_itself(void *argument, void **result) {
    (void)argument, (void)result;
    drop_generator(&g);
    return generator_yield(V(1), NULL);
}

TEST(G_11_the_last_reference_may_go_from_inside) {
    generator_t *generator = g = make_generator(run_drop_itself, NULL);
    generator_set_release(generator, log_release);
    CHECK_OK(generator_next(generator, NULL)); // and closes it, which nobody else can
    CHECK_LOG("released:0");
}

static int deep_yield(int depth) {
    return depth ? deep_yield(depth - 1) : generator_yield(V(7), NULL);
}

static int run_deep(void *argument, void **result) {
    (void)result;
    return deep_yield((int)INT(argument));
}

TEST(G_13_a_nested_function_may_yield) {
    g = make_generator(run_deep, V(10));
    check_next(g, 7);
    check_done(g, 0);
    drop_generator(&g);
}

static int run_next(void *value, void **result) {
    return generator_next(value, result);
}

TEST(G_13_whoever_advances_gets_the_value) {
    void *value = NULL;
    g = make_generator(run_count, V(3));
    check_next(g, 1);
    greenlet_t *other = make(run_next);
    CHECK_OK(greenlet_switch(other, g, &value));
    CHECK_INT(INT(value), 2);
    drop(&other); // the generator does not keep it
    check_next(g, 3);
    check_done(g, 100);
    drop_generator(&g);
}

TEST(NE_06_yield_and_delegate_outside_of_any) {
    g = make_generator(run_count, V(1));
    CHECK_CODE(generator_yield(V(1), NULL), GREENLET_EYIELD);
    CHECK_CODE(generator_delegate(g, NULL), GREENLET_EYIELD);
    CHECK_PTR(generator_current(), NULL);
    drop_generator(&g);
}

TEST(generator_primed_takes_a_value_at_once) {
    void *value = NULL;
    CHECK_OK(generator_new_primed(run_echo, V(1), &g));
    CHECK_OK(generator_send(g, V(2), &value));
    CHECK_INT(INT(value), 2);
    drop_generator(&g);
    CHECK_LOG("unwound");
    CHECK_CODE(generator_new_primed(run_count, V(0), &g), GENERATOR_DONE);
    drop_generator(&g);
    CHECK_CODE(generator_new_primed(run_fail_e1, NULL, &g), CODE_E1);
    CHECK_PTR(g, NULL);
}
