// Who keeps others waiting, found with a clock that is turned (HUB).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static void note_blocked(greenlet_t *greenlet, double seconds) {
    log_add("%s:%d", greenlet_name(greenlet), (int)(seconds * 1000 + 0.5));
    CHECK_PTR(greenlet_current(), gevent_hub());
}

static void spawn_named(greenlet_run_fn run, void *argument, const char *name) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run, argument, &task));
    CHECK_OK(greenlet_set_name(gevent_task_greenlet(task), name));
    gevent_task_unref(task);
}

// Computes for that many milliseconds, twice.
static int run_compute(void *value, void **result) {
    (void)result;
    for (int i = 0; i < 2; i++) {
        CHECK_OK(gevent_advance_clock((double)INT(value) / 1000));
        int code = gevent_yield();
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

static int run_compute_and_end(void *value, void **result) {
    (void)result;
    return gevent_advance_clock((double)INT(value) / 1000);
}

TEST(HUB_max_blocking_time_tells_who_ran_too_long) {
    CHECK_OK(gevent_set_max_blocking_time(0.1, note_blocked));
    spawn_named(run_compute, V(100), "fair");
    spawn_named(run_compute, V(101), "hog");
    spawn_named(run_compute_and_end, V(2000), "last");
    CHECK_OK(gevent_run());
    CHECK_LOG("hog:101 last:2000 hog:101");
    CHECK_OK(gevent_set_max_blocking_time(GEVENT_FOREVER, note_blocked));
    spawn_named(run_compute, V(101), "hog");
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    CHECK_CODE(gevent_set_max_blocking_time(-1, NULL), GREENLET_EINVAL);
}

TEST(HUB_max_blocking_time_counts_main_once_the_hub_has_run) {
    CHECK_OK(gevent_set_max_blocking_time(0.1, note_blocked));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_advance_clock(0.5));
    CHECK_OK(gevent_sleep(7)); // to wait is not to run
    CHECK_LOG("main:500");
    CHECK_OK(gevent_set_max_blocking_time(GEVENT_FOREVER, NULL));
}

// ---- stretches ----------------------------------------------------------------------------------

TEST(HUB_assert_switches_fails_where_nobody_else_could_run) {
    gevent_switch_check_t check;
    gevent_assert_switches_begin(&check);
    CHECK_OK(gevent_advance_clock(0.001));
    CHECK_CODE(gevent_assert_switches_end(&check, GEVENT_FOREVER), GREENLET_EBLOCKED);
    gevent_assert_switches_begin(&check);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_assert_switches_end(&check, GEVENT_FOREVER));
}

static int stretch(double first, double second, double limit) {
    gevent_switch_check_t check;
    gevent_assert_switches_begin(&check);
    CHECK_OK(gevent_advance_clock(first));
    CHECK_OK(gevent_sleep(1));
    CHECK_OK(gevent_advance_clock(second));
    return gevent_assert_switches_end(&check, limit);
}

TEST(HUB_assert_switches_with_a_limit_for_what_is_run_at_a_time) {
    CHECK_OK(stretch(0.1, 0.1, 0.1));
    CHECK_CODE(stretch(0.2, 0.1, 0.1), GREENLET_EBLOCKED);
    CHECK_CODE(stretch(0.1, 0.2, 0.1), GREENLET_EBLOCKED);
    CHECK_OK(stretch(0.2, 0.2, GEVENT_FOREVER));
}

static int run_stretch(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(stretch(0.1, 0.1, 0.05), GREENLET_EBLOCKED);
    return GREENLET_OK;
}

TEST(HUB_assert_switches_each_greenlet_for_itself) {
    gevent_switch_check_t check;
    CHECK_OK(gevent_spawn(run_stretch, NULL, NULL));
    gevent_assert_switches_begin(&check);
    CHECK_OK(gevent_sleep(3));
    CHECK_OK(gevent_assert_switches_end(&check, 0.05));
}

static int run_stretch_for_ever(void *value, void **result) {
    (void)value, (void)result;
    return stretch(0.1, GEVENT_FOREVER, 1);
}

TEST(HUB_assert_switches_ends_when_its_frames_are_dropped) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_stretch_for_ever, NULL, &task));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill_hard(task));
    CHECK_OK(gevent_yield());
    gevent_task_unref(task);
}
