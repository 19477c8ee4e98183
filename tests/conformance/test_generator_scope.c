// Generators and scopes: what bounds whoever advances one bounds the body's waits, for so long; and
// what becomes of a generator whose caller is killed hard.
//
// SPDX-License-Identifier: MIT
#include "gevent.h"
#include "test_generator_shared.h"

static generator_t *g;

// Sleeps before each value; goes on after a failure if `argument`, and ends with it otherwise.
static int run_sleepy(void *argument, void **result) {
    (void)result;
    for (intptr_t i = 1;; i++) {
        int code = gevent_sleep(1);
        log_add("%d:%d", (int)i, code);
        if (code < 0 && !argument) return code;
        code = generator_yield(V(i), NULL);
        if (code < 0) return code;
    }
}

// ---- cancelled from outside ---------------------------------------------------------------------

static gevent_scope_t *opened; // the scope that a task has open

static int run_in_scope(void *seconds, void **result) {
    gevent_scope_t scope;
    (void)result;
    CHECK_OK(gevent_scope_open(&scope, seconds ? (double)INT(seconds) : GEVENT_FOREVER));
    opened = &scope;
    int code = generator_next(g, NULL);
    log_add("next %d", code);
    if (code >= 0) code = generator_next(g, NULL);
    code = gevent_scope_close(&scope, code);
    log_add("closed %d", code);
    return code;
}

static gevent_task_t *start_in_scope(double seconds) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_in_scope, V(seconds), &task));
    CHECK_OK(gevent_sleep(0.5));
    return task;
}

static void end_task(gevent_task_t *task) {
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    gevent_task_unref(task);
}

TEST(generator_body_is_in_the_scope_of_who_advances_it) {
    g = make_generator(run_sleepy, NULL);
    gevent_task_t *task = start_in_scope(0);
    gevent_scope_cancel(opened);
    end_task(task);
    CHECK_LOG("1:-32 next -32 closed 1");
    check_done(g, 0);
    drop_generator(&g);
}

TEST(generator_body_waits_no_longer_than_the_scope_of_who_advances_it) {
    g = make_generator(run_sleepy, V(1));
    CHECK_OK(run_in_scope(V(0), NULL));
    CHECK_LOG("1:0 next 0 2:0 closed 0");
    drop_generator(&g);
    g = make_generator(run_sleepy, NULL);
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, 0.5));
    int code = generator_next(g, NULL);
    CHECK_INT(code, GREENLET_EEXPIRED); // in the stretch, as if it had waited itself
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    CHECK_LOG("1:-17");
    drop_generator(&g);
}

TEST(generator_body_in_a_chain_is_in_the_scope_of_who_advances_it) {
    g = make_levels(SOME_LEVELS, run_sleepy, NULL);
    gevent_task_t *task = start_in_scope(0);
    gevent_scope_cancel(opened);
    end_task(task);
    CHECK_LOG("1:-32 1 2 3 next -32 closed 1");
    check_done(g, 0);
    drop_generator(&g);
}

static int run_advance(void *generator, void **result) {
    int code = generator_next(generator, result);
    log_add("inner %d", code);
    return code < 0 ? code : GREENLET_OK;
}

TEST(generator_body_that_another_body_advances_is_in_the_scope_of_who_advances_that) {
    generator_t *inner = make_generator(run_sleepy, NULL);
    g = make_generator(run_advance, inner);
    gevent_task_t *task = start_in_scope(0);
    gevent_scope_cancel(opened);
    end_task(task);
    CHECK_LOG("1:-32 inner -32 next -32 closed 1");
    drop_generator(&g);
    drop_generator(&inner);
}

TEST(generator_body_is_in_the_scope_that_its_task_is_a_member_of) {
    gevent_scope_t scope;
    g = make_generator(run_sleepy, NULL);
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_advance, g, NULL));
    CHECK_OK(gevent_sleep(0.5));
    gevent_scope_cancel(&scope);
    CHECK_INT(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
    CHECK_LOG("1:-32 inner -32");
    drop_generator(&g);
}

TEST(generator_body_in_a_cancelled_scope_cannot_wait) {
    gevent_scope_t scope;
    g = make_generator(run_sleepy, NULL);
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    gevent_scope_cancel(&scope);
    int code = generator_next(g, NULL);
    CHECK_INT(code, GREENLET_ECANCELED);
    CHECK_INT(gevent_scope_close(&scope, code), GEVENT_CANCELLED);
    CHECK_LOG("1:-32");
    drop_generator(&g);
}

static int run_ask_deadline(void *argument, void **result) {
    (void)argument, (void)result;
    for (;;) {
        double left = gevent_time_left();
        log_add("%d", left == GEVENT_FOREVER ? -1 : (int)(left + 0.5));
        int code = generator_yield(NULL, NULL);
        if (code < 0) return code;
    }
}

TEST(generator_body_has_the_deadline_of_who_advances_it_and_only_for_so_long) {
    gevent_scope_t scope;
    gevent_timeout_t timeout;
    g = make_generator(run_ask_deadline, NULL);
    CHECK_OK(gevent_scope_open(&scope, 7));
    CHECK_OK(generator_next(g, NULL));
    CHECK_OK(gevent_timeout_start(&timeout, 3));
    CHECK_OK(generator_next(g, NULL));
    gevent_timeout_cancel(&timeout);
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
    CHECK_OK(generator_next(g, NULL));
    CHECK_LOG("7 3 -1");
    drop_generator(&g);
}

TEST(generator_leaves_the_scope_in_which_it_was_advanced) {
    gevent_scope_t scope;
    g = make_generator(run_sleepy, NULL);
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(generator_next(g, NULL));
    gevent_scope_cancel(&scope);
    CHECK_INT(gevent_scope_close(&scope, GREENLET_OK), GREENLET_OK);
    CHECK_OK(generator_next(g, NULL)); // outside
    CHECK_OK(gevent_scope_open(&scope, 0.5));
    int code = generator_next(g, NULL); // in another one
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    CHECK_LOG("1:0 2:0 3:-17");
    drop_generator(&g);
}

static int run_close_in_scope(void *argument, void **result) {
    (void)argument, (void)result;
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, 0.5));
    return gevent_scope_close(&scope, generator_close(g));
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

TEST(generator_is_closed_within_the_scope_of_who_closes_it) {
    g = make_generator(run_slow_clean_up, NULL);
    check_next(g, 0);
    CHECK_CODE(run_close_in_scope(NULL, NULL), GREENLET_EEXPIRED);
    CHECK_LOG("clean-up -17");
    check_done(g, 0);
    drop_generator(&g);
}

// ---- scopes that a body has open ----------------------------------------------------------------

static int run_child(void *name, void **result) {
    (void)result;
    int code = gevent_sleep(9);
    log_add("%s %d", (const char *)name, code);
    return code;
}

static int sleep_and_log(const char *name) {
    int code = gevent_sleep(1);
    log_add("%s %d", name, code);
    return code;
}

static int run_with_scope(void *argument, void **result) {
    gevent_scope_t scope;
    (void)argument, (void)result;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_child, "child", NULL));
    int code = generator_yield(V(1), NULL);
    if (code >= 0) code = sleep_and_log("body");
    return gevent_scope_close(&scope, code);
}

TEST(generator_whose_scope_is_open_takes_it_along) {
    g = make_generator(run_with_scope, NULL);
    gevent_task_t *task = start_in_scope(0);
    gevent_scope_cancel(opened);
    end_task(task);
    CHECK_LOG("next 0 body -32 child -32 closed 1");
    drop_generator(&g);
}

TEST(generator_whose_scope_is_open_leaves_that_of_who_advanced_it) {
    gevent_scope_t scope;
    g = make_generator(run_with_scope, NULL);
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    check_next(g, 1);
    gevent_scope_cancel(&scope);
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
    check_done(g, 0);
    CHECK_LOG("body 0 child 0");
    drop_generator(&g);
}

static int run_advance_twice(void *generator, void **result) {
    int code = generator_next(generator, result);
    return code < 0 ? code : generator_delegate(generator, result);
}

TEST(generator_in_a_chain_takes_its_open_scope_along) {
    generator_t *inner = make_generator(run_with_scope, NULL);
    g = make_generator(run_advance_twice, inner);
    CHECK_OK(gevent_spawn(run_in_scope, NULL, NULL));
    CHECK_OK(gevent_sleep(0.5));
    gevent_scope_cancel(opened);
    CHECK_OK(gevent_run());
    CHECK_LOG("body -32 child -32 next -32 closed 1");
    drop_generator(&g);
    drop_generator(&inner);
}

static int run_shielded(void *argument, void **result) {
    gevent_scope_t scope;
    (void)argument, (void)result;
    CHECK_OK(gevent_scope_open_shielded(&scope, GEVENT_FOREVER));
    int code = sleep_and_log("shielded");
    code = gevent_scope_close(&scope, code);
    return code < 0 ? code : sleep_and_log("open");
}

TEST(generator_body_is_shielded_from_what_comes_to_who_advances_it) {
    g = make_generator(run_shielded, NULL);
    gevent_task_t *task = start_in_scope(0);
    gevent_scope_cancel(opened);
    end_task(task);
    CHECK_LOG("shielded 0 open -32 next -32 closed 1");
    drop_generator(&g);
    g = make_generator(run_shielded, NULL);
    task = start_in_scope(0);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    end_task(task);
    CHECK_LOG("shielded 0 open -3 next -3 closed -3");
    drop_generator(&g);
}

static gevent_channel_t channel;

static int run_get(void *argument, void **result) {
    (void)argument;
    int code = gevent_channel_get(&channel, GEVENT_FOREVER, result);
    log_add("got %d", (int)INT(*result));
    return code < 0 ? code : gevent_sleep(1);
}

TEST(generator_body_keeps_what_it_was_handed_when_its_caller_is_killed) {
    gevent_channel_init(&channel);
    g = make_generator(run_get, NULL);
    gevent_task_t *task = start_in_scope(0);
    CHECK_OK(gevent_channel_put(&channel, V(5), GEVENT_NOWAIT));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    end_task(task);
    CHECK_LOG("got 5 next -3 closed -3");
    drop_generator(&g);
}

static gevent_task_t *asker, *other;

static int run_join(void *task, void **result) {
    (void)result;
    return gevent_join(*(gevent_task_t **)task, GEVENT_FOREVER);
}

TEST(generator_body_that_waits_for_whom_its_caller_keeps_waiting_is_stuck) {
    greenlet_t *stuck[2] = {NULL};
    g = make_generator(run_join, &other);
    CHECK_OK(gevent_spawn(run_advance, g, &asker));
    CHECK_OK(gevent_spawn(run_join, &asker, &other));
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_find_stuck(stuck, 2), 2);
    CHECK_PTR(stuck[0], generator_greenlet(g));
    CHECK_PTR(stuck[1], gevent_task_greenlet(other));
    CHECK_OK(gevent_kill(asker, NULL, GEVENT_FOREVER));
    end_task(asker);
    end_task(other);
    CHECK_LOG("inner -3");
    drop_generator(&g);
}

// ---- killed hard --------------------------------------------------------------------------------

static void log_dropped(void *name) {
    log_add("%s", (const char *)name);
}

static int run_with_clean_up(void *argument, void **result) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, log_dropped, "body");
    int code = run_with_scope(argument, result);
    gevent_cleanup_pop(&cleanup, 0);
    return code;
}

static int run_consume(void *generator, void **result) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, log_dropped, "caller");
    int code = GREENLET_OK;
    while (code == GREENLET_OK) code = generator_next(generator, result);
    gevent_cleanup_pop(&cleanup, 0);
    return code < 0 ? code : GREENLET_OK;
}

// Advances `g`, which delegates, if to anybody, to those of `chain`.
static void check_hard_kill(generator_t *const *chain, int count, const char *dropped) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_consume, g, &task));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_INT(generator_state(g), GENERATOR_RUNNING);
    CHECK_OK(gevent_kill_hard(task));
    CHECK_LOG(dropped);
    gevent_task_unref(task);
    for (int i = 0; i < count; i++) check_done(chain[i], 0);
    check_done(g, 0);
    CHECK_OK(generator_close(g));
    drop_generator(&g);
    CHECK_OK(gevent_sleep(1));
}

TEST(generator_ends_with_a_caller_that_is_killed_hard) {
    g = make_generator(run_with_clean_up, NULL);
    check_hard_kill(NULL, 0, "body caller");
}

static int run_delegate(void *generator, void **result) {
    return generator_delegate(generator, result);
}

TEST(generator_that_delegates_ends_with_a_caller_that_is_killed_hard) {
    generator_t *chain[2] = {make_generator(run_with_clean_up, NULL)};
    chain[1] = make_generator(run_delegate, chain[0]);
    g = make_generator(run_delegate, chain[1]);
    check_hard_kill(chain, 2, "body caller");
    for (int i = 0; i < 2; i++) drop_generator(&chain[i]);
}

TEST(generator_that_advances_another_ends_with_a_caller_that_is_killed_hard) {
    generator_t *inner = make_generator(run_with_clean_up, NULL);
    g = make_generator(run_consume, inner);
    check_hard_kill(&inner, 1, "body caller caller");
    drop_generator(&inner);
}

TEST(generator_without_handles_ends_with_a_caller_that_is_killed_hard) {
    gevent_task_t *task;
    g = make_generator(run_with_clean_up, NULL);
    CHECK_OK(gevent_spawn(run_consume, g, &task));
    CHECK_OK(gevent_sleep(0.5));
    drop_generator(&g);
    CHECK_OK(gevent_kill_hard(task));
    CHECK_LOG("body caller");
    gevent_task_unref(task);
}

static gevent_task_t *victim;

static int run_kill_caller(void *argument, void **result) {
    (void)argument, (void)result;
    log_add("%d", gevent_kill_hard(victim));
    return GREENLET_OK;
}

TEST(generator_body_cannot_kill_its_caller_hard) {
    g = make_generator(run_kill_caller, NULL);
    CHECK_OK(gevent_spawn(run_consume, g, &victim));
    CHECK_OK(gevent_join(victim, GEVENT_FOREVER));
    CHECK_LOG("-2");
    gevent_task_unref(victim);
    drop_generator(&g);
}
