// Descriptors: who is told, when the loop is asked, and what it means to close one.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "fake_loop.h"
#include "gevent.h"
#include "gevent/fd_internal.h"
#include "gevent/hub_internal.h"

enum { READABLE = GEVENT_READABLE, WRITABLE = GEVENT_WRITABLE, BOTH = READABLE | WRITABLE };

static const char *word_for(int code) {
    return code == GREENLET_OK ? "ok" : greenlet_error_name(code) + sizeof "GREENLET_" - 1;
}

// Waits for descriptor 1, and logs for what and with which outcome.
static int run_wait(void *value, void **result) {
    unsigned events = (unsigned)INT(value), ready = 0;
    (void)result;
    int code = gevent_wait_fd(1, events, GEVENT_FOREVER, &ready);
    log_add("%u:%s:%u", events, word_for(code), ready);
    return GREENLET_OK;
}

static void spawn_waiter(unsigned events) {
    CHECK_OK(gevent_spawn(run_wait, V(events), NULL));
}

static int run_wait_shared(void *value, void **result) {
    gevent_case_t each = fd_shared_case(1, (unsigned)INT(value));
    (void)result;
    int code = gevent_select(&each, 1, GEVENT_FOREVER);
    log_add("shared:%s:%d", word_for(code < 0 ? code : each.code), (int)INT(each.value));
    return GREENLET_OK;
}

TEST(FD_what_is_ready_is_not_waited_for) {
    unsigned ready = 9;
    fake_loop_begin();
    fake_fds_set(1, READABLE);
    CHECK_OK(gevent_wait_fd(1, BOTH, GEVENT_NOWAIT, &ready));
    CHECK_INT(ready, READABLE);
    CHECK_OK(gevent_wait_fd(1, READABLE, GEVENT_FOREVER, NULL));
    CHECK_INT(fake_fds_open(), 0);
    fake_loop_end();
}

TEST(FD_what_is_not_ready_is_not_waited_for_without_seconds) {
    unsigned ready = 9;
    fake_loop_begin();
    CHECK_CODE(gevent_wait_fd(1, READABLE, GEVENT_NOWAIT, &ready), GREENLET_ETIMEDOUT);
    CHECK_INT(ready, 9);
    fake_loop_end();
}

TEST(FD_only_who_waits_for_what_is_ready_is_told) {
    fake_loop_begin();
    spawn_waiter(READABLE);
    spawn_waiter(WRITABLE);
    CHECK_OK(gevent_yield());
    CHECK_INT(fake_fds_armed(1), BOTH);
    fake_fds_set(1, WRITABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("2:ok:2");
    CHECK_INT(fake_fds_armed(1), READABLE);
    fake_fds_set(1, READABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:ok:1");
    CHECK_INT(fake_fds_armed(1), 0);
    fake_loop_end();
}

TEST(FD_one_who_waits_for_both_hears_of_either) {
    fake_loop_begin();
    spawn_waiter(BOTH);
    CHECK_OK(gevent_yield());
    fake_fds_set(1, WRITABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("3:ok:2");
    fake_loop_end();
}

// Somebody else has taken what there was.
TEST(FD_who_finds_nothing_goes_on_waiting) {
    fake_loop_begin();
    spawn_waiter(READABLE);
    CHECK_OK(gevent_yield());
    fake_fds_set(1, READABLE);
    fake_fds_set(1, 0);
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
    CHECK_INT(fake_fds_armed(1), READABLE);
    fake_fds_set(1, READABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:ok:1");
    fake_loop_end();
}

// The loop is not asked any more for what nobody waits for.
TEST(FD_what_nobody_waits_for_any_more_is_disarmed) {
    gevent_task_t *reader;
    fake_loop_begin();
    CHECK_OK(gevent_spawn(run_wait, V(READABLE), &reader));
    spawn_waiter(WRITABLE);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(reader, NULL, GEVENT_FOREVER));
    CHECK_LOG("1:EEXIT:0");
    fake_fds_set(1, READABLE);
    CHECK_INT(fake_fds_armed(1), WRITABLE);
    fake_fds_set(1, WRITABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("2:ok:2");
    gevent_task_unref(reader);
    fake_loop_end();
}

TEST(FD_a_second_reader_is_told) {
    fake_loop_begin();
    spawn_waiter(READABLE);
    spawn_waiter(READABLE);
    spawn_waiter(BOTH);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:EBUSY:0 3:EBUSY:0");
    fake_fds_set(1, READABLE);
    CHECK_CODE(gevent_wait_fd(1, READABLE, GEVENT_NOWAIT, NULL), GREENLET_EBUSY);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:ok:1");
    CHECK_OK(gevent_wait_fd(1, READABLE, GEVENT_NOWAIT, NULL));
    fake_loop_end();
}

TEST(FD_any_number_may_share) {
    fake_loop_begin();
    CHECK_OK(gevent_spawn(run_wait_shared, V(READABLE), NULL));
    CHECK_OK(gevent_spawn(run_wait_shared, V(BOTH), NULL));
    spawn_waiter(READABLE);
    CHECK_OK(gevent_yield());
    fake_fds_set(1, READABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("shared:ok:1 shared:ok:1 1:ok:1");
    fake_loop_end();
}

TEST(FD_closing_wakes_who_waits) {
    fake_loop_begin();
    spawn_waiter(READABLE);
    CHECK_OK(gevent_spawn(run_wait_shared, V(WRITABLE), NULL));
    CHECK_OK(gevent_yield());
    CHECK_INT(fake_fds_open(), 1);
    gevent_fd_closed(1);
    CHECK_INT(fake_fds_open(), 0);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:EBADF:0 shared:EBADF:0");
    fake_loop_end();
}

// The number may be that of another file by then.
TEST(FD_closing_wakes_even_if_the_number_is_ready_again) {
    fake_loop_begin();
    spawn_waiter(READABLE);
    CHECK_OK(gevent_yield());
    gevent_fd_closed(1);
    fake_fds_set(1, READABLE);
    spawn_waiter(READABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:EBADF:0 1:ok:1");
    fake_loop_end();
}

TEST(FD_closing_what_nobody_waits_for_is_nothing) {
    fake_loop_begin();
    gevent_fd_closed(1);
    gevent_fd_closed(-1);
    gevent_fd_closed(99);
    spawn_waiter(READABLE);
    CHECK_OK(gevent_yield());
    fake_fds_set(1, READABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:ok:1");
    gevent_fd_closed(1);
    CHECK_INT(fake_fds_open(), 0);
    fake_loop_end();
}

TEST(FD_what_cannot_be_waited_for_is_named) {
    fake_loop_begin();
    CHECK_CODE(gevent_wait_fd(-1, READABLE, GEVENT_FOREVER, NULL), GREENLET_EBADF);
    CHECK_CODE(gevent_wait_fd(FAKE_FDS, READABLE, GEVENT_FOREVER, NULL), GREENLET_EBADF);
    CHECK_CODE(gevent_wait_fd(1, 0, GEVENT_FOREVER, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_wait_fd(1, 4, GEVENT_FOREVER, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_close_fd(-1), GREENLET_EBADF);
    fake_loop_end();
}

TEST(FD_a_host_without_descriptors_says_so) {
    hub_t *hub = hub_get();
    const loop_t *before = hub->loop;
    loop_t none = *before;
    none.fds = NULL;
    hub->loop = &none;
    CHECK_CODE(gevent_wait_fd(0, READABLE, GEVENT_FOREVER, NULL), GREENLET_ENOSYS);
    hub->loop = before;
}

TEST(FD_in_a_select_the_first_to_be_ready_is_taken) {
    gevent_queue_t queue;
    fake_loop_begin();
    gevent_queue_init(&queue, 0);
    gevent_case_t cases[] = {gevent_queue_get_case(&queue), gevent_fd_case(1, READABLE),
                             gevent_fd_case(2, BOTH)};
    CHECK_CODE(gevent_select(cases, 3, 0.1), GREENLET_ETIMEDOUT);
    CHECK_INT(fake_fds_armed(1) | fake_fds_armed(2), 0);
    fake_fds_set(2, WRITABLE);
    CHECK_INT(gevent_select(cases, 3, GEVENT_FOREVER), 2);
    CHECK_INT(INT(cases[2].value), WRITABLE);
    gevent_queue_free(&queue);
    fake_loop_end();
}

// A reader of one descriptor and of another closes the first while it waits for both.
static int run_select_two(void *value, void **result) {
    gevent_case_t cases[] = {gevent_fd_case(1, READABLE), gevent_fd_case(2, READABLE)};
    (void)value, (void)result;
    for (int i = 0; i < 2; i++) {
        int chosen = gevent_select(cases, 2, GEVENT_FOREVER);
        log_add("%d:%s", chosen, word_for(cases[chosen].code));
    }
    return GREENLET_OK;
}

TEST(FD_in_a_select_what_is_closed_is_a_case_that_fails) {
    fake_loop_begin();
    CHECK_OK(gevent_spawn(run_select_two, NULL, NULL));
    CHECK_OK(gevent_yield());
    gevent_fd_closed(1);
    CHECK_OK(gevent_yield());
    CHECK_LOG("0:EBADF");
    CHECK_INT(fake_fds_armed(1), READABLE);
    CHECK_INT(fake_fds_armed(2), READABLE);
    fake_fds_set(2, READABLE);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:ok");
    fake_loop_end();
}

TEST(FD_wait_for_several_counts_them) {
    size_t order[2];
    fake_loop_begin();
    gevent_case_t cases[] = {gevent_fd_case(1, READABLE), gevent_fd_case(2, WRITABLE)};
    fake_fds_set(2, WRITABLE);
    CHECK_INT(gevent_wait(cases, 2, 2, 0.1, order), 1);
    CHECK_INT(order[0], 1);
    CHECK_INT(fake_fds_armed(1), 0);
    fake_loop_end();
}

// main's own wait for all tasks counts a raw greenlet that waits for a descriptor.
TEST(FD_run_waits_for_descriptors) {
    fake_loop_begin();
    CHECK_OK(gevent_spawn_raw(run_wait, V(READABLE), NULL));
    CHECK_CODE(gevent_run_for(0.1), GREENLET_ETIMEDOUT);
    fake_fds_set(1, READABLE);
    CHECK_OK(gevent_run_for(0.1));
    CHECK_LOG("1:ok:1");
    fake_loop_end();
}

static int wait_without_memory(void) {
    fake_loop_begin();
    int code = gevent_wait_fd(3, READABLE, 0.1, NULL);
    if (code != GREENLET_ENOMEM) CHECK_INT(code, GREENLET_ETIMEDOUT);
    fake_loop_end();
    return code == GREENLET_ENOMEM ? code : GREENLET_OK;
}

TEST(FD_every_allocation_can_fail) {
    fail_each_allocation(wait_without_memory);
}
