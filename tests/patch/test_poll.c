// poll and select.
//
// SPDX-License-Identifier: MIT
#include "helpers.h"

#include <poll.h>
#include <sys/select.h>

#include "plain.h"

static pipe_ends_t ends, others;
static int outcome;

static void poll_both(void) {
    struct pollfd fds[] = {{ends.reader, POLLIN, 0}, {-1, POLLIN, 0}, {others.reader, POLLIN, 0}};
    outcome = poll(fds, 3, -1);
    log_add("%d:%d:%d", outcome, fds[0].revents, fds[2].revents);
}

TEST(PATCH_poll_waits_for_the_first_of_several) {
    ends = open_pipe();
    others = open_pipe();
    gevent_task_t *task = run_in_task(poll_both);
    let_others_run();
    CHECK_INT(write(others.writer, "x", 1), 1);
    wait_for(task);
    CHECK_LOG("1:0:1");
    close_pipe(&ends);
    close_pipe(&others);
}

static void poll_forever(void) {
    log_add("%d", plain_poll(ends.reader, -1));
}

TEST(PATCH_any_number_may_poll_the_same) {
    ends = open_pipe();
    gevent_task_t *tasks[] = {run_in_task(poll_forever), run_in_task(poll_forever)};
    let_others_run();
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(tasks[0]);
    wait_for(tasks[1]);
    CHECK_LOG("1 1");
    close_pipe(&ends);
}

TEST(PATCH_poll_of_what_is_closed_meanwhile_says_so) {
    ends = open_pipe();
    others = open_pipe();
    gevent_task_t *task = run_in_task(poll_both);
    let_others_run();
    close_end(&ends.reader);
    wait_for(task);
    CHECK_LOG("1:32:0");
    close_pipe(&ends);
    close_pipe(&others);
}

TEST(PATCH_poll_ends_when_its_time_is_over) {
    use_real_clock();
    ends = open_pipe();
    CHECK_INT(plain_poll(ends.reader, 1), 0);
    CHECK_INT(write(ends.writer, "x", 1), 1);
    CHECK_INT(plain_poll(ends.reader, 1), 1);
    close_pipe(&ends);
    use_virtual_clock();
}

TEST(PATCH_poll_of_nothing_sleeps) {
    double start = gevent_now();
    struct timespec time = {0, 250000000};
    CHECK_INT(poll(NULL, 0, 250), 0);
    CHECK_INT(ppoll(NULL, 0, &time, NULL), 0);
    CHECK_INT((gevent_now() - start) * 1e3, 500);
}

static void write_one(void) {
    CHECK_INT(write(ends.writer, "x", 1), 1);
}

TEST(PATCH_poll_that_does_not_wait_lets_others_run) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(write_one);
    CHECK_INT(plain_poll(ends.reader, 0), 1);
    wait_for(task);
    close_pipe(&ends);
}

static void select_both(void) {
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(ends.reader, &readable);
    FD_SET(others.writer, &writable);
    outcome = select(20, &readable, &writable, NULL, NULL);
    log_add("%d:%d:%d", outcome, !!FD_ISSET(ends.reader, &readable),
            !!FD_ISSET(others.writer, &writable));
}

static void fill(int fd) {
    static const char page[4096];
    CHECK_INT(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    while (write(fd, page, sizeof page) > 0) continue;
}

TEST(PATCH_select_waits_for_either) {
    ends = open_pipe();
    others = open_pipe();
    fill(others.writer);
    gevent_task_t *task = run_in_task(select_both);
    let_others_run();
    write_one();
    wait_for(task);
    CHECK_LOG("1:1:0");
    close_pipe(&ends);
    close_pipe(&others);
}

TEST(PATCH_select_says_what_time_is_left) {
    struct timeval time = {3, 0};
    double start = gevent_now();
    CHECK_INT(select(0, NULL, NULL, NULL, &time), 0);
    CHECK_INT(gevent_now() - start, 3);
    CHECK_INT(time.tv_sec, 0);
    CHECK_INT(time.tv_usec, 0);
    struct timespec half = {0, 500000000};
    CHECK_INT(pselect(0, NULL, NULL, NULL, &half, NULL), 0);
    CHECK_INT((gevent_now() - start) * 1e3, 3500);
}

TEST(PATCH_select_of_a_bad_descriptor_fails) {
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(500, &readable);
    CHECK_INT(select(501, &readable, NULL, NULL, NULL), -1);
    CHECK_INT(errno, EBADF);
    CHECK_INT(select(-1, NULL, NULL, NULL, NULL), -1);
    CHECK_INT(errno, EINVAL);
}

static int poll_once(void) {
    ends = open_pipe();
    struct pollfd poller = {.fd = ends.reader, .events = POLLIN};
    use_real_clock();
    int ready = poll(&poller, 1, 1);
    use_virtual_clock();
    CHECK(ready == 0 || errno == ENOMEM);
    close_pipe(&ends);
    return ready < 0 ? GREENLET_ENOMEM : GREENLET_OK;
}

TEST(PATCH_poll_can_be_without_memory) {
    fail_each_allocation(poll_once);
}
