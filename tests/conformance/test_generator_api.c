// Generators of generator.h (G), their delegation, and bodies that wait.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "generator.h"
#include "gevent.h"

static generator_t *g;

static generator_t *make_generator(greenlet_run_fn run, void *argument) {
    generator_t *generator = NULL;
    CHECK_OK(generator_new(run, argument, &generator));
    return generator;
}

static void drop_generator(void) {
    generator_unref(g);
    g = NULL;
}

static void check_next(int expected) {
    void *value = NULL;
    CHECK_OK(generator_next(g, &value));
    CHECK_INT(INT(value), expected);
}

static void check_done(int expected) {
    void *value = V(-1);
    CHECK_CODE(generator_next(g, &value), GENERATOR_DONE);
    CHECK_INT(INT(value), expected);
    CHECK_INT(generator_state(g), GENERATOR_CLOSED);
}

static int throw_e1(generator_t *generator, void **result) {
    greenlet_error_t *error = greenlet_error_new(&E1, "thrown");
    int code = generator_throw(generator, error, result);
    greenlet_error_unref(error);
    return code;
}

// ---- bodies -------------------------------------------------------------------------------------

// Yields 1, 2, … up to its argument and returns 100.
static int run_count(void *argument, void **result) {
    for (intptr_t i = 1; i <= INT(argument); i++) {
        int code = generator_yield(V(i), NULL);
        if (code < 0) return code;
    }
    *result = V(100);
    return GREENLET_OK;
}

// Yields what it is sent, ten times that at a throw of E1, until an error that it lets pass.
static int run_echo(void *argument, void **result) {
    (void)result;
    for (;;) {
        void *sent = NULL;
        int code = generator_yield(argument, &sent);
        if (code < 0 && code != CODE_E1) log_add("unwound");
        if (code < 0 && code != CODE_E1) return code;
        argument = code == CODE_E1 ? V(10 * INT(argument)) : sent;
    }
}

// Swallows whatever is thrown in, and yields on.
static int run_stubborn(void *argument, void **result) {
    (void)result;
    for (intptr_t i = 0; i < INT(argument); i++)
        if (generator_yield(V(i), NULL) < 0) log_add("swallowed");
    return GREENLET_OK;
}

// Ends as it is told at a close: by returning (1), or by another error.
static int run_at_close(void *argument, void **result) {
    (void)generator_yield(V(1), NULL);
    *result = V(5);
    return argument ? GREENLET_OK : greenlet_raise(&E2, "in clean-up");
}

// ---- G: one generator ---------------------------------------------------------------------------

TEST(G_01_creating_runs_nothing) {
    g = make_generator(run_logged, NULL);
    CHECK_INT(generator_state(g), GENERATOR_CREATED);
    drop_generator();
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
    drop_generator();
}

TEST(G_03_values_go_both_ways) {
    void *value = NULL;
    g = make_generator(run_echo, V(3));
    check_next(3);
    CHECK_OK(generator_send(g, V(4), &value));
    CHECK_INT(INT(value), 4);
    CHECK_OK(generator_send(g, V(5), NULL));
    check_next(0);
    drop_generator();
    CHECK_LOG("unwound");
}

TEST(G_04_the_return_value_comes_once) {
    g = make_generator(run_count, V(2));
    check_next(1);
    check_next(2);
    check_done(100);
    check_done(0);
    check_done(0);
    drop_generator();
}

static int run_fail_later(void *argument, void **result) {
    int code = run_count(argument, result);
    return code < 0 ? code : greenlet_raise(&E1, "at the end");
}

TEST(G_05_an_error_goes_to_who_advanced) {
    void *value = V(9);
    g = make_generator(run_fail_later, V(1));
    check_next(1);
    CHECK_CODE(generator_next(g, &value), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "at the end");
    CHECK_INT(INT(value), 9);
    check_done(0);
    drop_generator();
    g = make_generator(run_exit, NULL);
    CHECK_CODE(generator_next(g, NULL), GREENLET_EEXIT);
    check_done(0);
    drop_generator();
}

TEST(G_06_throw_comes_out_of_the_yield) {
    void *value = NULL;
    g = make_generator(run_echo, V(3));
    check_next(3);
    CHECK_OK(throw_e1(g, &value));
    CHECK_INT(INT(value), 30);
    CHECK_CODE(generator_throw(g, NULL, NULL), GREENLET_EEXIT);
    check_done(0);
    drop_generator();
    CHECK_LOG("unwound");
    g = make_generator(run_at_close, V(1));
    check_next(1);
    CHECK_CODE(throw_e1(g, &value), GENERATOR_DONE);
    CHECK_INT(INT(value), 5);
    drop_generator();
}

TEST(G_07_throw_into_one_that_is_not_suspended) {
    g = make_generator(run_logged, NULL);
    CHECK_CODE(throw_e1(g, NULL), CODE_E1);
    check_done(0);
    CHECK_CODE(throw_e1(g, NULL), CODE_E1);
    CHECK_LOG("");
    drop_generator();
}

TEST(G_08_close) {
    g = make_generator(run_logged, NULL);
    CHECK_OK(generator_close(g));
    CHECK_OK(generator_close(g));
    check_done(0);
    CHECK_LOG("");
    drop_generator();
    g = make_generator(run_echo, NULL);
    check_next(0);
    CHECK_OK(generator_close(g));
    CHECK_LOG("unwound");
    check_done(0);
    drop_generator();
}

TEST(G_08_close_of_one_that_returns_or_fails) {
    g = make_generator(run_at_close, V(1));
    check_next(1);
    CHECK_CODE(greenlet_raise(&E1, "pending"), CODE_E1);
    CHECK_OK(generator_close(g));
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "pending");
    check_done(0);
    drop_generator();
    g = make_generator(run_at_close, NULL);
    check_next(1);
    CHECK_CODE(generator_close(g), CODE_E2);
    check_done(0);
    drop_generator();
}

TEST(G_08_close_of_one_that_yields) {
    g = make_generator(run_stubborn, V(3));
    check_next(0);
    CHECK_CODE(generator_close(g), GREENLET_EIGNORED);
    CHECK_INT(generator_state(g), GENERATOR_SUSPENDED);
    check_next(2);
    check_done(0);
    CHECK_LOG("swallowed");
    drop_generator();
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
    check_next(1);
    CHECK_INT(generator_state(g), GENERATOR_SUSPENDED);
    check_done(0);
    drop_generator();
}

static void log_unraisable(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    log_add("unraisable:%s", greenlet_error_message(error));
}

TEST(G_11_dropping_a_suspended_one_closes_it) {
    g = make_generator(run_echo, NULL);
    check_next(0);
    generator_unref(generator_ref(g));
    CHECK_LOG("");
    drop_generator();
    CHECK_LOG("unwound");
    (void)greenlet_set_unraisable(log_unraisable);
    g = make_generator(run_at_close, NULL);
    check_next(1);
    drop_generator();
    (void)greenlet_set_unraisable(NULL);
    CHECK_LOG("unraisable:in clean-up");
}

static void log_release(void *argument) {
    log_add("released:%d", (int)INT(argument));
}

TEST(G_11_the_argument_is_released_once) {
    g = make_generator(run_count, V(2));
    generator_set_release(g, log_release);
    drop_generator();
    CHECK_LOG("released:2");
    g = make_generator(run_echo, V(3));
    generator_set_release(g, log_release);
    check_next(3);
    drop_generator();
    CHECK_LOG("unwound released:3");
}

static int run_drop_itself(void *argument, void **result) {
    (void)argument, (void)result;
    drop_generator();
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
    check_next(7);
    check_done(0);
    drop_generator();
}

static int run_next(void *value, void **result) {
    return generator_next(value, result);
}

TEST(G_13_whoever_advances_gets_the_value) {
    void *value = NULL;
    g = make_generator(run_count, V(3));
    check_next(1);
    greenlet_t *other = make(run_next);
    CHECK_OK(greenlet_switch(other, g, &value));
    CHECK_INT(INT(value), 2);
    drop(&other); // the generator does not keep it
    check_next(3);
    check_done(100);
    drop_generator();
}

TEST(NE_06_yield_and_delegate_outside_of_any) {
    g = make_generator(run_count, V(1));
    CHECK_CODE(generator_yield(V(1), NULL), GREENLET_EYIELD);
    CHECK_CODE(generator_delegate(g, NULL), GREENLET_EYIELD);
    CHECK_PTR(generator_current(), NULL);
    drop_generator();
}

TEST(generator_primed_takes_a_value_at_once) {
    void *value = NULL;
    CHECK_OK(generator_new_primed(run_echo, V(1), &g));
    CHECK_OK(generator_send(g, V(2), &value));
    CHECK_INT(INT(value), 2);
    drop_generator();
    CHECK_LOG("unwound");
    CHECK_CODE(generator_new_primed(run_count, V(0), &g), GENERATOR_DONE);
    drop_generator();
    CHECK_CODE(generator_new_primed(run_fail_e1, NULL, &g), CODE_E1);
    CHECK_PTR(g, NULL);
}

// ---- G_12: delegation ---------------------------------------------------------------------------

static void *const letters[] = {V(1), V(2)};

static int delegate_to(generator_t *sub, void **result) {
    int code = generator_delegate(sub, result);
    generator_unref(sub);
    return code;
}

static int run_two_arrays(void *argument, void **result) {
    (void)argument;
    for (int i = 0; i < 2; i++) {
        generator_t *sub;
        int code = generator_from_array(letters, 2, &sub);
        if (code >= 0) code = delegate_to(sub, result);
        if (code < 0) log_add("code %d", code);
        if (code < 0) return code;
        CHECK_PTR(*result, NULL);
    }
    return GREENLET_OK;
}

TEST(G_12_delegation_to_arrays) {
    g = make_generator(run_two_arrays, NULL);
    for (int i = 0; i < 4; i++) check_next(i % 2 + 1);
    check_done(0);
    drop_generator();
    g = make_generator(run_two_arrays, NULL);
    check_next(1);
    CHECK_CODE(throw_e1(g, NULL), CODE_E1);
    drop_generator();
    g = make_generator(run_two_arrays, NULL);
    check_next(1);
    CHECK_CODE(generator_send(g, V(1), NULL), GREENLET_EINVAL);
    drop_generator();
    CHECK_LOG("code -1001 code -2");
    CHECK_CODE(generator_from_array(NULL, 1, &g), GREENLET_EINVAL);
}

enum { SOME_LEVELS = 3, MANY_LEVELS = 1000 };

static greenlet_run_fn at_the_bottom;
static void *bottom_argument;

// So many levels of delegation above the bottom. Each adds 1 to what it gets.
static int run_level(void *argument, void **result) {
    generator_t *sub;
    int level = (int)INT(argument);
    greenlet_run_fn below = level > 1 ? run_level : at_the_bottom;
    int code = generator_new(below, level > 1 ? V(level - 1) : bottom_argument, &sub);
    if (code < 0) return code;
    (void)greenlet_set_stack_size(generator_greenlet(sub), 16384);
    code = delegate_to(sub, result);
    if (level <= SOME_LEVELS && code < 0) log_add("%d", level);
    *result = V(INT(*result) + 1);
    return code;
}

static void make_levels(int levels, greenlet_run_fn bottom, void *argument) {
    at_the_bottom = bottom;
    bottom_argument = argument;
    g = make_generator(run_level, V(levels));
}

TEST(G_12_throw_and_close_through_levels) {
    void *value = NULL;
    make_levels(SOME_LEVELS, run_echo, V(3));
    check_next(3);
    CHECK_INT(generator_state(g), GENERATOR_SUSPENDED);
    CHECK_OK(generator_send(g, V(4), &value));
    CHECK_INT(INT(value), 4);
    CHECK_OK(throw_e1(g, &value));
    CHECK_INT(INT(value), 40);
    CHECK_OK(generator_close(g));
    CHECK_LOG("unwound 1 2 3");
    check_done(0);
    drop_generator();
}

TEST(G_12_an_error_passes_the_levels) {
    make_levels(SOME_LEVELS, run_fail_later, V(1));
    check_next(1);
    CHECK_CODE(generator_next(g, NULL), CODE_E1);
    CHECK_LOG("1 2 3");
    drop_generator();
}

TEST(G_12_a_close_ends_those_who_delegate_too) {
    make_levels(SOME_LEVELS, run_at_close, V(1)); // which takes it for a wish to return
    check_next(1);
    CHECK_CODE(generator_throw(g, NULL, NULL), GREENLET_EEXIT);
    CHECK_LOG("1 2 3");
    check_done(0);
    drop_generator();
    make_levels(SOME_LEVELS, run_stubborn, V(3));
    check_next(0);
    CHECK_CODE(generator_close(g), GREENLET_EIGNORED);
    check_next(2);
    check_done(SOME_LEVELS);
    CHECK_LOG("swallowed");
    drop_generator();
}

TEST(G_12_G_11_dropped_while_suspended_levels_deep) {
    make_levels(2, run_echo, V(3));
    check_next(3);
    drop_generator();
    CHECK_LOG("unwound 1 2");
}

static int count_switch(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                        const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)target, (void)error;
    ++*(int *)data;
    return GREENLET_OK;
}

TEST(G_12_a_resume_costs_the_same_at_any_depth) {
    int switches = 0;
    make_levels(MANY_LEVELS, run_count, V(3));
    check_next(1);
    (void)greenlet_set_trace(count_switch, &switches);
    check_next(2);
    CHECK_INT(switches, 2);
    check_next(3);
    CHECK_INT(switches, 4);
    (void)greenlet_set_trace(NULL, NULL);
    check_done(100 + MANY_LEVELS);
    drop_generator();
}

TEST(G_12_many_levels_unwind) {
    make_levels(MANY_LEVELS, run_echo, V(3));
    check_next(3);
    drop_generator();
    CHECK_LOG("unwound 1 2 3");
}

static generator_t *shared;

static int run_share(void *argument, void **result) {
    (void)argument;
    int code = generator_delegate(shared, result);
    return code < 0 ? code : generator_yield(V(50), NULL);
}

TEST(G_12_nobody_else_advances_who_is_delegated_to) {
    shared = make_generator(run_count, V(2));
    g = make_generator(run_share, NULL);
    check_next(1);
    CHECK_CODE(generator_next(shared, NULL), GREENLET_EEXECUTING);
    CHECK_CODE(generator_close(shared), GREENLET_EEXECUTING);
    check_next(2);
    check_next(50);
    CHECK_INT(generator_state(shared), GENERATOR_CLOSED);
    check_done(100);
    drop_generator();
    g = make_generator(run_share, NULL); // to one that has ended: NULL at once
    check_next(50);
    drop_generator();
    generator_unref(shared);
}

TEST(G_12_one_that_has_begun_loses_its_last_value) {
    at_the_bottom = run_count;
    bottom_argument = V(3);
    shared = make_generator(run_level, V(2)); // itself a chain
    CHECK_OK(generator_next(shared, NULL));
    g = make_generator(run_share, NULL);
    check_next(2);
    check_next(3);
    check_next(50);
    drop_generator();
    generator_unref(shared);
}

// One that was delegated to and let go of can be advanced on its own.
static int run_catch(void *argument, void **result) {
    (void)argument;
    int code = generator_delegate(shared, result);
    log_add("caught %d", code);
    return generator_yield(V(60), NULL);
}

TEST(G_12_who_delegates_may_handle_an_error) {
    shared = make_generator(run_count, V(3));
    g = make_generator(run_catch, NULL);
    check_next(1);
    void *value = NULL;
    CHECK_OK(throw_e1(g, &value));
    CHECK_INT(INT(value), 60);
    CHECK_CODE(generator_next(shared, NULL), GENERATOR_DONE);
    check_done(0);
    CHECK_LOG("caught -1001");
    drop_generator();
    generator_unref(shared);
}

// ---- bodies that wait ---------------------------------------------------------------------------

static int run_sleepy(void *argument, void **result) {
    (void)result;
    for (intptr_t i = 1; i <= INT(argument); i++) {
        int code = gevent_sleep(1);
        if (code < 0) log_add("sleep %d", code);
        if (code >= 0) code = generator_yield(V(i), NULL);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

static int run_tick(void *argument, void **result) {
    (void)argument, (void)result;
    for (int i = 0; i < 3; i++) {
        log_add("tick");
        int code = gevent_sleep(0.6);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

TEST(generator_waits_and_who_asked_waits_with_it) {
    CHECK_OK(gevent_spawn(run_tick, NULL, NULL));
    double start = gevent_now();
    g = make_generator(run_sleepy, V(2));
    void *value = NULL;
    while (generator_next(g, &value) == GREENLET_OK) log_add("%d", (int)INT(value));
    CHECK_LOG("tick tick 1 tick 2");
    CHECK_INT((gevent_now() - start) * 10 + 0.5, 20);
    drop_generator();
    CHECK_OK(gevent_run());
}

static int run_consume(void *argument, void **result) {
    (void)argument;
    int code;
    while ((code = generator_next(g, result)) == GREENLET_OK) log_add("%d", (int)INT(*result));
    return code < 0 ? code : GREENLET_OK;
}

TEST(generator_waits_levels_deep_for_a_task) {
    gevent_task_t *task;
    make_levels(SOME_LEVELS, run_sleepy, V(3));
    CHECK_OK(gevent_spawn(run_consume, NULL, &task));
    CHECK_OK(gevent_sleep(1.5));
    CHECK_INT(generator_state(g), GENERATOR_RUNNING);
    CHECK_CODE(generator_next(g, NULL), GREENLET_EEXECUTING);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("1 2 3");
    gevent_task_unref(task);
    drop_generator();
}

TEST(generator_is_told_what_ends_who_asked) {
    gevent_task_t *task;
    make_levels(SOME_LEVELS, run_sleepy, V(3));
    CHECK_OK(gevent_spawn(run_consume, NULL, &task));
    CHECK_OK(gevent_sleep(1.5));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_LOG("1 sleep -3 1 2 3");
    check_done(0);
    gevent_task_unref(task);
    drop_generator();
}

TEST(generator_waits_within_a_timeout_of_who_asked) {
    gevent_timeout_t limit;
    g = make_generator(run_sleepy, V(1));
    CHECK_OK(gevent_timeout_start(&limit, 0.5));
    CHECK_CODE(generator_next(g, NULL), GREENLET_EEXPIRED);
    CHECK(gevent_timed_out_by(&limit));
    CHECK_LOG("sleep -17");
    drop_generator();
}

static int run_ask_and_leave(void *argument, void **result) {
    (void)argument, (void)result;
    log_add("next %d", generator_next(g, NULL));
    return greenlet_switch(greenlet_main(), NULL, NULL);
}

TEST(generator_is_told_of_a_stray_switch) {
    gevent_task_t *task;
    g = make_generator(run_sleepy, V(1));
    CHECK_OK(gevent_spawn(run_ask_and_leave, NULL, &task));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_OK(greenlet_switch(gevent_task_greenlet(task), NULL, NULL));
    CHECK_LOG("sleep -15 next -15");
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    gevent_task_unref(task);
    drop_generator();
}

static int run_slow_clean_up(void *argument, void **result) {
    (void)argument, (void)result;
    int code = generator_yield(NULL, NULL);
    greenlet_error_t *pending = greenlet_error_take();
    int slept = gevent_sleep(1);
    log_add("clean-up %d", slept);
    greenlet_error_unref(pending);
    return slept < 0 ? slept : code;
}

static int run_prime_and_close(void *argument, void **result) {
    (void)argument, (void)result;
    CHECK_OK(generator_next(g, NULL));
    return generator_close(g);
}

TEST(generator_may_wait_while_it_is_closed) {
    gevent_task_t *task;
    g = make_generator(run_slow_clean_up, NULL);
    CHECK_OK(gevent_spawn(run_prime_and_close, NULL, &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    CHECK_LOG("clean-up 0");
    gevent_task_unref(task);
    drop_generator();
}

TEST(generator_close_does_not_swallow_a_kill_of_who_closes) {
    gevent_task_t *task;
    g = make_generator(run_slow_clean_up, NULL);
    CHECK_OK(gevent_spawn(run_prime_and_close, NULL, &task));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_LOG("clean-up -3");
    gevent_task_unref(task);
    drop_generator();
}

// ---- trace callbacks that fail ------------------------------------------------------------------

static int fail_in(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                   const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)error;
    int is_meant = (target == greenlet_main()) == (data != NULL);
    return is_meant ? greenlet_raise(&E1, "in a trace") : GREENLET_OK;
}

TEST(generator_fails_by_a_trace_callback) {
    g = make_generator(run_count, V(2));
    (void)greenlet_set_trace(fail_in, NULL); // before the body starts
    CHECK_CODE(generator_next(g, NULL), CODE_E1);
    check_done(0);
    drop_generator();
    g = make_generator(run_count, V(2));
    (void)greenlet_set_trace(fail_in, g); // when its first value comes
    CHECK_CODE(generator_next(g, NULL), CODE_E1);
    check_next(2);
    check_done(100);
    drop_generator();
    g = make_generator(run_two_arrays, NULL);
    check_next(1);
    (void)greenlet_set_trace(fail_in, NULL);
    CHECK_CODE(generator_next(g, NULL), CODE_E1); // out of the yield
    drop_generator();
    CHECK_LOG("code -1001");
}

// ---- memory -------------------------------------------------------------------------------------

static int advance_to_the_end(void) {
    int code = GREENLET_OK;
    while (code == GREENLET_OK) code = generator_next(g, NULL);
    return code < 0 ? code : GREENLET_OK;
}

static int delegate_and_end(void) {
    int code = generator_new(run_count, V(1), &shared);
    if (code < 0) return code;
    code = generator_new(run_share, NULL, &g);
    if (code >= 0) code = advance_to_the_end();
    if (code < 0 && g) CHECK(generator_state(g) != GENERATOR_RUNNING);
    drop_generator();
    generator_unref(shared);
    return code;
}

static int end_array(void) {
    int code = generator_from_array(letters, 2, &g);
    if (code < 0) return code;
    code = advance_to_the_end();
    drop_generator();
    return code;
}

static int close_primed(void) {
    int code = generator_new_primed(run_echo, V(1), &g);
    if (code < 0) return code;
    code = generator_send(g, V(2), NULL);
    int closed = generator_close(g);
    drop_generator();
    CHECK_LOG("unwound");
    return code < 0 ? code : closed;
}

static void fail_each_allocation(int (*scenario)(void)) {
    size_t blocks = memory_live_blocks();
    for (size_t n = 1, has_failed = 1; has_failed; n++) {
        memory_fail_at(n);
        int code = scenario();
        has_failed = (size_t)memory_has_failed();
        memory_fail_at(0);
        greenlet_error_unref(greenlet_error_take());
        CHECK(code == GREENLET_OK || (has_failed && code == GREENLET_ENOMEM));
        CHECK_INT(memory_live_blocks(), blocks);
    }
}

TEST(MEMORY_generators) {
    fail_each_allocation(delegate_and_end);
    fail_each_allocation(end_array);
    fail_each_allocation(close_primed);
}
