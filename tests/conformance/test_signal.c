// Signals: a task for each that comes.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "fake_loop.h"
#include "gevent.h"
#include "gevent/hub_internal.h"

static int run_log(void *value, void **result) {
    (void)result;
    CHECK_OK(gevent_sleep(1));
    log_add("%d", (int)INT(value));
    return GREENLET_OK;
}

TEST(SIGNAL_a_task_is_spawned_each_time) {
    fake_loop_begin();
    CHECK_OK(gevent_signal(GEVENT_SIGINT, run_log, V(1)));
    fake_signal_raise(GEVENT_SIGINT);
    fake_signal_raise(GEVENT_SIGINT);
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("1 1");
    fake_loop_end();
}

TEST(SIGNAL_a_second_handler_replaces_the_first) {
    fake_loop_begin();
    CHECK_OK(gevent_signal(GEVENT_SIGINT, run_log, V(1)));
    CHECK_OK(gevent_signal(GEVENT_SIGHUP, run_log, V(2)));
    CHECK_OK(gevent_signal(GEVENT_SIGINT, run_log, V(3)));
    fake_signal_raise(GEVENT_SIGINT);
    fake_signal_raise(GEVENT_SIGHUP);
    CHECK_OK(gevent_run());
    CHECK_LOG("3 2");
    fake_loop_end();
}

TEST(SIGNAL_without_a_handler_nothing_comes) {
    fake_loop_begin();
    CHECK_OK(gevent_signal(GEVENT_SIGINT, NULL, NULL));
    CHECK_OK(gevent_signal(GEVENT_SIGINT, run_log, V(1)));
    CHECK_OK(gevent_signal(GEVENT_SIGINT, NULL, NULL));
    fake_signal_raise(GEVENT_SIGINT);
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    fake_loop_end();
}

TEST(SIGNAL_a_handler_keeps_nobody_waiting) {
    gevent_event_t event = {0};
    fake_loop_begin();
    CHECK_OK(gevent_signal(GEVENT_SIGINT, run_log, V(1)));
    CHECK_OK(gevent_run());
    CHECK_CODE(gevent_event_wait(&event, 1), GREENLET_ETIMEDOUT);
    fake_loop_end();
}

TEST(SIGNAL_what_is_none_is_refused) {
    fake_loop_begin();
    CHECK_CODE(gevent_signal(0, run_log, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_signal(9, run_log, NULL), GREENLET_EINVAL);
    fake_loop_end();
}

TEST(SIGNAL_a_host_without_signals_says_so) {
    hub_t *hub = hub_get();
    const loop_t *before = hub->loop;
    loop_t none = *before;
    none.signals = NULL;
    hub->loop = &none;
    CHECK_CODE(gevent_signal(GEVENT_SIGINT, run_log, NULL), GREENLET_ENOSYS);
    hub->loop = before;
}

static int set_handler(void) {
    fake_loop_begin();
    int code = gevent_signal(GEVENT_SIGINT, run_log, V(1));
    fake_loop_end();
    return code;
}

TEST(SIGNAL_every_allocation_can_fail) {
    fail_each_allocation(set_handler);
}

static void ignore(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    log_add("%s", greenlet_error_name(greenlet_error_code(error)));
}

TEST(SIGNAL_a_task_that_cannot_be_made_is_reported) {
    gevent_unhandled_fn before = gevent_set_unhandled(ignore);
    fake_loop_begin();
    CHECK_OK(gevent_signal(GEVENT_SIGINT, run_log, V(1)));
    memory_fail_at(1);
    fake_signal_raise(GEVENT_SIGINT);
    memory_fail_at(0);
    CHECK_LOG("GREENLET_ENOMEM");
    fake_loop_end();
    gevent_set_unhandled(before);
}
