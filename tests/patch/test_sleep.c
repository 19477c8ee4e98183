// Calls that sleep. Time is virtual.
//
// SPDX-License-Identifier: MIT
#include "helpers.h"

#include <time.h>

#include "plain.h"

static void sleep_two(void) {
    plain_sleep(2);
    log_add("two");
}

static void sleep_one(void) {
    CHECK_INT(sleep(1), 0);
    log_add("one");
}

TEST(PATCH_sleep_parks_only_the_caller) {
    double start = gevent_now();
    gevent_task_t *tasks[] = {run_in_task(sleep_two), run_in_task(sleep_one)};
    wait_for(tasks[0]);
    wait_for(tasks[1]);
    CHECK_LOG("one two");
    CHECK_INT((gevent_now() - start) * 1e3, 2000);
}

TEST(PATCH_each_call_sleeps_as_long_as_it_says) {
    double start = gevent_now();
    struct timespec quarter = {0, 250000000}, left = {7, 7};
    CHECK_INT(usleep(500000), 0);
    CHECK_INT(nanosleep(&quarter, &left), 0);
    CHECK_INT(clock_nanosleep(CLOCK_MONOTONIC, 0, &quarter, NULL), 0);
    CHECK_INT((gevent_now() - start) * 1e3, 1000);
    CHECK_INT(left.tv_sec, 7);
}

TEST(PATCH_a_time_of_a_clock_that_is_past_is_over) {
    struct timespec now;
    double start = gevent_now();
    CHECK_INT(clock_gettime(CLOCK_REALTIME, &now), 0);
    CHECK_INT(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &now, NULL), 0);
    now.tv_sec += 100;
    CHECK_INT(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &now, NULL), 0);
    CHECK(gevent_now() - start > 99 && gevent_now() - start <= 100);
}

TEST(PATCH_a_sleep_that_is_none_is_refused_as_ever) {
    struct timespec wrong[] = {{0, 1000000000}, {0, -1}, {-1, 0}};
    for (int i = 0; i < 3; i++) {
        errno = 0;
        CHECK_INT(nanosleep(&wrong[i], NULL), -1);
        CHECK_INT(errno, EINVAL);
        errno = 0;
        CHECK_INT(clock_nanosleep(CLOCK_MONOTONIC, 0, &wrong[i], NULL), EINVAL);
        CHECK_INT(errno, 0);
    }
}

static void log_b(void) {
    log_add("b");
}

TEST(PATCH_a_sleep_for_no_time_lets_others_run) {
    gevent_task_t *task = run_in_task(log_b);
    errno = 99;
    CHECK_INT(sleep(0), 0);
    CHECK_INT(errno, 99);
    log_add("a");
    wait_for(task);
    CHECK_LOG("b a");
}

// What errno is, each has to itself.
static void set_errno(void) {
    errno = 42;
    CHECK_INT(sleep(1), 0);
    CHECK_INT(errno, 42);
}

TEST(PATCH_errno_is_the_greenlets_own) {
    gevent_task_t *task = run_in_task(set_errno);
    errno = 43;
    CHECK_INT(sleep(2), 0);
    CHECK_INT(errno, 43);
    wait_for(task);
}
