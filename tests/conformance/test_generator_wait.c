// Generators whose bodies wait; that fail from without: by a trace callback, for want of memory.
//
// SPDX-License-Identifier: MIT
#include "gevent.h"
#include "test_generator_shared.h"

static generator_t *g;

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
    drop_generator(&g);
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
    g = make_levels(SOME_LEVELS, run_sleepy, V(3));
    CHECK_OK(gevent_spawn(run_consume, NULL, &task));
    CHECK_OK(gevent_sleep(1.5));
    CHECK_INT(generator_state(g), GENERATOR_RUNNING);
    CHECK_CODE(generator_next(g, NULL), GREENLET_EEXECUTING);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("1 2 3");
    gevent_task_unref(task);
    drop_generator(&g);
}

TEST(generator_is_told_what_ends_who_asked) {
    gevent_task_t *task;
    g = make_levels(SOME_LEVELS, run_sleepy, V(3));
    CHECK_OK(gevent_spawn(run_consume, NULL, &task));
    CHECK_OK(gevent_sleep(1.5));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_LOG("1 sleep -3 1 2 3");
    check_done(g, 0);
    gevent_task_unref(task);
    drop_generator(&g);
}

TEST(generator_waits_within_a_timeout_of_who_asked) {
    gevent_timeout_t limit;
    g = make_generator(run_sleepy, V(1));
    CHECK_OK(gevent_timeout_start(&limit, 0.5));
    CHECK_CODE(generator_next(g, NULL), GREENLET_EEXPIRED);
    CHECK(gevent_timed_out_by(&limit));
    CHECK_LOG("sleep -17");
    drop_generator(&g);
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
    drop_generator(&g);
}

static int run_wait_twice(void *argument, void **result) {
    (void)argument;
    int code = greenlet_switch(greenlet_main(), NULL, result);
    log_add("first %d", code);
    code = greenlet_switch(greenlet_main(), NULL, result);
    log_add("second %d", code);
    return code;
}

static int run_ask(void *value, void **result) {
    (void)value;
    log_add("next %d", generator_next(g, result));
    return GREENLET_OK;
}

TEST(generator_is_told_of_each_error_that_comes_to_who_asked) {
    g = make_generator(run_wait_twice, NULL);
    greenlet_t *asking = make(run_ask);
    CHECK_OK(greenlet_switch(asking, NULL, NULL));
    CHECK_OK(throw_type(asking, &E1, NULL));
    CHECK_OK(throw_type(asking, &E2, NULL));
    CHECK_LOG("first -1001 second -1002 next -1002");
    CHECK_INT(greenlet_dead(asking), 1);
    drop(&asking);
    drop_generator(&g);
}

TEST(generator_holds_no_reference_to_who_advanced_it) {
    g = make_generator(run_count, V(2));
    size_t live = greenlet_live_count();
    greenlet_t *asking = make(run_ask);
    CHECK_OK(greenlet_switch(asking, NULL, NULL));
    CHECK_LOG("next 0");
    drop(&asking);
    CHECK_INT(greenlet_live_count(), live);
    check_next(g, 2);
    drop_generator(&g);
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
    drop_generator(&g);
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
    drop_generator(&g);
}

static int run_swallow_kill(void *argument, void **result) {
    (void)argument, (void)result;
    log_add("sleep %d", gevent_sleep(1));
    return generator_yield(V(7), NULL);
}

TEST(generator_close_ends_one_that_has_handled_a_kill_before) {
    g = make_generator(run_swallow_kill, NULL);
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_ask, NULL, &task));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("sleep -3 next 0");
    CHECK_OK(generator_close(g));
    check_done(g, 0);
    gevent_task_unref(task);
    drop_generator(&g);
}

TEST(generator_close_keeps_the_last_error_of_who_closes) {
    g = make_generator(run_count, V(2));
    check_next(g, 1);
    CHECK_CODE(greenlet_raise(&E1, "pending"), CODE_E1);
    const greenlet_error_t *pending = greenlet_last_error();
    CHECK_OK(generator_close(g));
    CHECK_PTR(greenlet_last_error(), pending);
    drop_generator(&g);
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
    check_done(g, 0);
    drop_generator(&g);
    g = make_generator(run_count, V(2));
    (void)greenlet_set_trace(fail_in, g); // when its first value comes
    CHECK_CODE(generator_next(g, NULL), CODE_E1);
    check_next(g, 2);
    check_done(g, 100);
    drop_generator(&g);
    g = make_generator(run_two_arrays, NULL);
    check_next(g, 1);
    (void)greenlet_set_trace(fail_in, NULL);
    CHECK_CODE(generator_next(g, NULL), CODE_E1); // out of the yield
    drop_generator(&g);
    CHECK_LOG("code -1001");
}

// ---- memory -------------------------------------------------------------------------------------

static int advance_to_the_end(void) {
    int code = GREENLET_OK;
    while (code == GREENLET_OK) code = generator_next(g, NULL);
    return code < 0 ? code : GREENLET_OK;
}

static int run_delegate(void *argument, void **result) {
    return generator_delegate(argument, result);
}

static int delegate_and_end(void) {
    generator_t *sub;
    int code = generator_new(run_count, V(1), &sub);
    if (code < 0) return code;
    code = generator_new(run_delegate, sub, &g);
    if (code >= 0) code = advance_to_the_end();
    if (code < 0 && g) CHECK(generator_state(g) != GENERATOR_RUNNING);
    drop_generator(&g);
    generator_unref(sub);
    return code;
}

static int run_delegate_in_vain(void *argument, void **result) {
    CHECK_CODE(generator_delegate(argument, result), GREENLET_ENOMEM);
    return GREENLET_OK;
}

TEST(generator_that_cannot_start_as_a_delegate_goes_on_by_itself) {
    generator_t *sub = make_generator(run_count, V(2));
    g = make_generator(run_delegate_in_vain, sub);
    CHECK_OK(greenlet_set_stack_size(generator_greenlet(sub), SIZE_MAX));
    check_done(g, 0);
    drop_generator(&g);
    CHECK_OK(greenlet_set_stack_size(generator_greenlet(sub), 0));
    check_next(sub, 1);
    check_next(sub, 2);
    check_done(sub, 100);
    drop_generator(&sub);
}

static int end_array(void) {
    int code = generator_from_array(letters, 2, &g);
    if (code < 0) return code;
    code = advance_to_the_end();
    drop_generator(&g);
    return code;
}

static int close_primed(void) {
    int code = generator_new_primed(run_echo, V(1), &g);
    if (code < 0) return code;
    code = generator_send(g, V(2), NULL);
    int closed = generator_close(g);
    drop_generator(&g);
    CHECK_LOG("unwound");
    return code < 0 ? code : closed;
}

TEST(MEMORY_generators) {
    fail_each_allocation(delegate_and_end);
    fail_each_allocation(end_array);
    fail_each_allocation(close_primed);
}
