// Timeouts (H-13).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_timeout_t outer, inner;

TEST(H_13_it_fails_the_pending_call) {
    int start = now_ms();
    CHECK_OK(gevent_timeout_start(&outer, 0.5));
    CHECK_INT(gevent_timeout_pending(&outer), 1);
    CHECK_CODE(gevent_sleep(10), GREENLET_EEXPIRED);
    CHECK_INT(now_ms() - start, 500);
    CHECK_INT(gevent_timed_out_by(&outer), 1);
    CHECK_INT(gevent_timeout_pending(&outer), 0);
    CHECK(greenlet_error_is(greenlet_last_error(), &GREENLET_TIMEOUT));
    gevent_timeout_cancel(&outer);
}

TEST(H_13_cancelled_it_never_fires) {
    CHECK_OK(gevent_timeout_start(&outer, 0.5));
    CHECK_OK(gevent_sleep(0.4));
    gevent_timeout_cancel(&outer);
    CHECK_INT(gevent_timeout_pending(&outer), 0);
    CHECK_OK(gevent_sleep(10));
    CHECK_INT(gevent_timed_out_by(&outer), 0);
    gevent_timeout_cancel(&outer);
}

TEST(H_13_it_is_recognised_by_identity) {
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_OK(gevent_timeout_start(&inner, 0.2));
    CHECK_CODE(gevent_sleep(1), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outer), 1);
    CHECK_INT(gevent_timed_out_by(&inner), 0);
    CHECK_CODE(gevent_sleep(1), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outer), 0);
    CHECK_INT(gevent_timed_out_by(&inner), 1);
}

TEST(H_13_two_of_one_moment_come_one_after_the_other) {
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_OK(gevent_timeout_start(&inner, 0.1));
    CHECK_CODE(gevent_sleep(1), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outer), 1);
    CHECK_INT(gevent_timeout_pending(&inner), 1);
    CHECK_CODE(gevent_sleep(1), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&inner), 1);
}

TEST(H_13_the_second_of_one_moment_may_be_cancelled) {
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_OK(gevent_timeout_start(&inner, 0.1));
    CHECK_CODE(gevent_sleep(1), GREENLET_EEXPIRED);
    gevent_timeout_cancel(&inner);
    CHECK_OK(gevent_sleep(1));
}

TEST(H_13_for_ever_is_never) {
    CHECK_OK(gevent_timeout_start(&outer, GEVENT_FOREVER));
    CHECK_INT(gevent_timeout_pending(&outer), 0);
    CHECK_OK(gevent_sleep(1e6));
    gevent_timeout_cancel(&outer);
}

TEST(H_13_zero_is_at_once_when_it_next_waits) {
    CHECK_OK(gevent_timeout_start(&outer, 0));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_sleep(0));
    CHECK_CODE(gevent_sleep(0.1), GREENLET_EEXPIRED);
    CHECK_OK(gevent_timeout_start(&outer, -1));
    CHECK_OK(gevent_yield());
    CHECK_CODE(gevent_sleep(0.1), GREENLET_EEXPIRED);
}

TEST(TIMEOUT_another_error_in_its_place) {
    greenlet_error_t *error = greenlet_error_new(&GREENLET_ERROR, "too slow");
    CHECK_OK(gevent_timeout_start_error(&outer, 0.1, error));
    CHECK_CODE(gevent_sleep(1), GREENLET_EFAILED);
    CHECK_PTR(greenlet_last_error(), error);
    CHECK_INT(gevent_timed_out_by(&outer), 0);
    CHECK_CODE(gevent_timeout_start_error(&outer, 0.1, NULL), GREENLET_EINVAL);
    greenlet_error_unref(error);
}

TEST(TIMEOUT_silent_for_its_own_stretch_only) {
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_INT(gevent_timeout_end(&outer, gevent_sleep(1)), GEVENT_EXPIRED);
    CHECK_PTR(greenlet_last_error(), NULL);
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_OK(gevent_timeout_end(&outer, gevent_sleep(0.05)));
    CHECK_INT(gevent_timeout_pending(&outer), 0);
    CHECK_OK(gevent_sleep(1));
}

TEST(TIMEOUT_an_inner_silent_one_lets_the_outer_one_pass) {
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_OK(gevent_timeout_start(&inner, 0.5));
    CHECK_CODE(gevent_timeout_end(&inner, gevent_sleep(1)), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outer), 1);
    CHECK_INT(gevent_timeout_pending(&inner), 0);
}

TEST(TIMEOUT_silent_keeps_what_failed_otherwise) {
    gevent_event_t event = {0};
    CHECK_OK(gevent_timeout_start(&outer, 0.5));
    CHECK_CODE(gevent_timeout_end(&outer, gevent_event_wait(&event, 0.1)), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_timeout_end(&outer, greenlet_fail(GREENLET_EFAILED)), GREENLET_EFAILED);
}

static int run_be_busy(void *value, void **result) {
    (void)value, (void)result;
    log_add("ran");
    return GREENLET_OK;
}

TEST(H_13_it_cannot_interrupt_what_does_not_wait) {
    CHECK_OK(gevent_timeout_start(&outer, 0));
    greenlet_t *busy = make(run_be_busy);
    CHECK_OK(greenlet_switch(busy, NULL, NULL));
    CHECK_LOG("ran");
    gevent_timeout_cancel(&outer);
    CHECK_OK(gevent_sleep(1));
    drop(&busy);
}

TEST(H_13_start_again) {
    CHECK_OK(gevent_timeout_start(&outer, 0.5));
    CHECK_CODE(gevent_timeout_start(&outer, 1), GREENLET_ESTARTED);
    gevent_timeout_cancel(&outer);
    CHECK_OK(gevent_timeout_start(&outer, GEVENT_FOREVER));
    CHECK_OK(gevent_timeout_start(&outer, 0.2)); // that one was not pending
    CHECK_CODE(gevent_sleep(1), GREENLET_EEXPIRED);
    CHECK_OK(gevent_timeout_start(&outer, 0.2));
    gevent_timeout_cancel(&outer);
    CHECK_CODE(gevent_timeout_start(NULL, 1), GREENLET_EINVAL);
}

static int run_with_timeout(void *value, void **result) {
    gevent_timeout_t timeout;
    (void)result;
    CHECK_OK(gevent_timeout_start(&timeout, 0.1));
    int code = gevent_sleep((double)INT(value));
    log_add("%s", code < 0 ? greenlet_error_name(code) : "slept");
    return GREENLET_OK; // without cancelling it
}

TEST(H_13_it_belongs_to_who_started_it) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_with_timeout, V(1), &task));
    CHECK_OK(gevent_sleep(0.5)); // main is not touched
    CHECK_LOG("GREENLET_EEXPIRED");
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    gevent_task_unref(task);
}

static void log_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    log_add("unhandled:%s", greenlet_error_type(error)->name);
}

TEST(H_13_one_left_by_a_finished_task_is_harmless) {
    gevent_task_t *task;
    gevent_set_unhandled(log_unhandled);
    CHECK_OK(gevent_spawn(run_with_timeout, V(0), &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("slept");
    CHECK_OK(gevent_sleep(1));
    CHECK_LOG("");
    gevent_task_unref(task);
}

TEST(H_13_an_outer_one_is_not_lost_in_a_call_with_a_time) {
    gevent_event_t event;
    gevent_event_init(&event);
    CHECK_OK(gevent_timeout_start(&outer, 0.2));
    CHECK_CODE(gevent_event_wait(&event, 0.1), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_event_wait(&event, 0.5), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outer), 1);
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_CODE(gevent_event_wait(&event, 0.1), GREENLET_EEXPIRED); // both at once: it was first
    CHECK_INT(gevent_timed_out_by(&outer), 1);
}

static int forget_to_cancel(void) {
    gevent_timeout_t timeout;
    return gevent_timeout_start(&timeout, 0.1);
}

TEST(H_13_one_left_by_a_function_that_returned_still_expires) {
    volatile char reused[256];
    CHECK_OK(forget_to_cancel());
    for (size_t i = 0; i < sizeof reused; i++) reused[i] = 1;
    CHECK_CODE(gevent_sleep(1), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outer), 0);
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(reused[0] + reused[255], 2);
}

static int run_never(void *value, void **result) {
    gevent_event_t event;
    (void)value, (void)result;
    gevent_event_init(&event);
    return gevent_event_wait(&event, GEVENT_FOREVER);
}

TEST(H_13_it_ends_a_task_that_does_not_handle_it) {
    gevent_task_t *task;
    gevent_set_unhandled(log_unhandled);
    CHECK_OK(gevent_spawn(run_never, NULL, &task));
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_CODE(gevent_join(task, GEVENT_FOREVER), GREENLET_EEXPIRED);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_kill(task, greenlet_last_error(), GEVENT_FOREVER));
    CHECK_CODE(gevent_get(task, GEVENT_FOREVER, NULL), GREENLET_EEXPIRED);
    CHECK_LOG("unhandled:Timeout");
    gevent_task_unref(task);
}

// ---- with_timeout -------------------------------------------------------------------------------

// Sleeps so many milliseconds and gives that.
static int run_sleep_ms(void *value, void **result) {
    *result = value;
    return gevent_sleep((double)INT(value) / 1000);
}

TEST(H_13_with_timeout_gives_what_comes_in_time_or_keeps_what_was_there) {
    void *value = V(7);
    int start = now_ms();
    CHECK_INT(gevent_with_timeout(0.1, run_sleep_ms, V(500), &value), GEVENT_EXPIRED);
    CHECK_INT(INT(value), 7);
    CHECK_INT(now_ms() - start, 100);
    CHECK_PTR(greenlet_last_error(), NULL);
    CHECK_OK(gevent_with_timeout(0.1, run_sleep_ms, V(50), &value));
    CHECK_INT(INT(value), 50);
    CHECK_OK(gevent_with_timeout(GEVENT_FOREVER, run_sleep_ms, V(10), NULL));
    CHECK_CODE(gevent_with_timeout(0.1, NULL, NULL, &value), GREENLET_EINVAL);
    CHECK_OK(gevent_sleep(1)); // nothing is pending
}

static int run_with_inner(void *value, void **result) {
    int code = gevent_with_timeout(0.5, run_sleep_ms, value, result);
    log_add("%s", code < 0 ? greenlet_error_name(code) : "?");
    return code;
}

TEST(H_13_with_timeout_takes_only_its_own) {
    void *value = V(7);
    CHECK_INT(gevent_with_timeout(0.1, run_with_inner, V(1000), &value), GEVENT_EXPIRED);
    CHECK_LOG("GREENLET_EEXPIRED");
    CHECK_OK(gevent_timeout_start(&outer, 0.1));
    CHECK_CODE(gevent_with_timeout(0.2, run_sleep_ms, V(1000), &value), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outer), 1);
    CHECK_INT(INT(value), 7);
}

static int wait_no_longer(void) {
    void *value = V(7);
    int code = gevent_with_timeout(0.1, run_sleep_ms, V(500), &value);
    CHECK_INT(INT(value), 7);
    return code == GEVENT_EXPIRED ? gevent_yield() : code;
}

TEST(H_13_with_timeout_without_memory) {
    fail_each_allocation(wait_no_longer);
}
