// What can hit the calls that the matrix leaves out: those that wait only for their turn, and main.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_task_t *victim;
static gevent_scope_t *opened; // the victim's

// Waits for its turn, and then for time; logs how each went.
static int run_victim(void *seconds, void **result) {
    gevent_timeout_t timeout;
    gevent_scope_t scope;
    (void)result;
    CHECK_OK(gevent_timeout_start(&timeout, seconds ? 1 : GEVENT_FOREVER));
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    opened = &scope;
    int code = gevent_yield();
    log_add("%d", code);
    if (code >= 0) code = gevent_sleep(9);
    log_add("%d", code);
    return gevent_timeout_end(&timeout, gevent_scope_close(&scope, code));
}

static int run_idler(void *name, void **result) {
    (void)result;
    int code = gevent_idle();
    log_add("%s%d", (const char *)name, code);
    return code;
}

static void spawn(greenlet_run_fn run, void *argument) {
    CHECK_OK(gevent_spawn(run, argument, &victim));
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
}

static void end(void) {
    CHECK_OK(gevent_run());
    gevent_task_unref(victim);
}

// ---- a yield: what hits it comes out of the next wait -------------------------------------------

TEST(TURN_yield_killed) {
    spawn(run_victim, NULL);
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_FOREVER));
    CHECK_LOG("0 -3");
    end();
}

TEST(TURN_yield_killed_hard) {
    spawn(run_victim, NULL);
    CHECK_OK(gevent_kill_hard(victim));
    end();
    CHECK_LOG("");
}

TEST(TURN_yield_cancelled) {
    spawn(run_victim, NULL);
    gevent_scope_cancel(opened);
    end();
    CHECK_LOG("0 -32");
}

TEST(TURN_yield_expired) {
    spawn(run_victim, V(1));
    CHECK_OK(gevent_advance_clock(2));
    end();
    CHECK_LOG("0 -17");
}

// ---- idle: whoever is next has his turn ---------------------------------------------------------

static void spawn_idlers(void) {
    CHECK_OK(gevent_spawn(run_idler, "a", &victim));
    CHECK_OK(gevent_spawn(run_idler, "b", NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_yield()); // somebody is ready, so that nobody has been told
    CHECK_LOG("");
}

TEST(TURN_idle_killed) {
    spawn_idlers();
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_FOREVER));
    end();
    CHECK_LOG("a-3 b0");
}

TEST(TURN_idle_killed_hard) {
    spawn_idlers();
    CHECK_OK(gevent_kill_hard(victim));
    end();
    CHECK_LOG("b0");
}

static int run_idle_within(void *seconds, void **result) {
    (void)seconds;
    return gevent_with_timeout(1, run_idler, "a", result);
}

TEST(TURN_idle_expired) {
    spawn(run_idle_within, NULL);
    CHECK_OK(gevent_advance_clock(2));
    end();
    CHECK_LOG("a-17");
}

static int run_idle_in_scope(void *argument, void **result) {
    gevent_scope_t scope;
    (void)argument;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    opened = &scope;
    return gevent_scope_close(&scope, run_idler("a", result));
}

TEST(TURN_idle_cancelled) {
    spawn(run_idle_in_scope, NULL);
    gevent_scope_cancel(opened);
    end();
    CHECK_LOG("a-32");
}

// ---- main ---------------------------------------------------------------------------------------

static int run_sleep(void *argument, void **result) {
    (void)argument, (void)result;
    int code = gevent_sleep(9);
    log_add("slept %d", code);
    return code;
}

// It can run again, to the end.
static void run_again(void) {
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("slept 0");
}

TEST(TURN_run_in_main_late) {
    CHECK_OK(gevent_spawn(run_sleep, NULL, NULL));
    CHECK_CODE(gevent_run_for(1), GREENLET_ETIMEDOUT);
    run_again();
}

TEST(TURN_run_in_main_expired) {
    gevent_timeout_t timeout;
    CHECK_OK(gevent_spawn(run_sleep, NULL, NULL));
    CHECK_OK(gevent_timeout_start(&timeout, 1));
    CHECK_CODE(gevent_run(), GREENLET_EEXPIRED);
    CHECK(gevent_timed_out_by(&timeout));
    run_again();
}

static int run_cancel(void *scope, void **result) {
    (void)result;
    gevent_scope_cancel(scope);
    return GREENLET_OK;
}

TEST(TURN_run_in_main_cancelled) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_spawn(run_sleep, NULL, NULL));
    CHECK_OK(gevent_spawn(run_cancel, &scope, NULL));
    int code = gevent_run();
    CHECK_INT(code, GREENLET_ECANCELED);
    CHECK_INT(gevent_scope_close(&scope, code), GEVENT_CANCELLED);
    run_again();
}

TEST(TURN_select_in_main_expired_and_late) {
    gevent_timeout_t timeout;
    gevent_queue_t queue;
    gevent_queue_init(&queue, 0);
    gevent_case_t cases[] = {gevent_queue_get_case(&queue), gevent_never_case()};
    CHECK_CODE(gevent_select(cases, 2, 1), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_timeout_start(&timeout, 1));
    CHECK_CODE(gevent_select(cases, 2, GEVENT_FOREVER), GREENLET_EEXPIRED);
    CHECK_OK(gevent_queue_put(&queue, V(1), GEVENT_NOWAIT));
    CHECK_INT(gevent_select(cases, 2, GEVENT_FOREVER), 0);
    gevent_queue_free(&queue);
}
