// Reading and writing: pipes, files, closing.
//
// SPDX-License-Identifier: MIT
#include "helpers.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>

static pipe_ends_t ends;
static ssize_t outcome;
static int error;

static void read_one(void) {
    char byte = 0;
    outcome = read(ends.reader, &byte, 1);
    error = errno;
    log_add("read%d:%c", (int)outcome, byte ? byte : '-');
}

TEST(PATCH_a_read_parks_until_there_is_something) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    log_add("written");
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(task);
    CHECK_LOG("written read1:x");
    close_pipe(&ends);
}

TEST(PATCH_a_read_at_the_end_returns_0) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    close_end(&ends.writer);
    wait_for(task);
    CHECK_LOG("read0:-");
    close_pipe(&ends);
}

TEST(PATCH_a_nonblocking_read_fails_at_once) {
    ends = open_pipe();
    CHECK_INT(fcntl(ends.reader, F_SETFL, O_NONBLOCK), 0);
    read_one();
    CHECK_INT(error, EAGAIN);
    CHECK_LOG("read-1:-");
    close_pipe(&ends);
}

TEST(PATCH_to_wait_changes_no_flags_of_a_descriptor) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    CHECK_INT(fcntl(ends.reader, F_GETFL) & O_NONBLOCK, 0);
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(task);
    log_clear();
    close_pipe(&ends);
}

TEST(PATCH_closing_wakes_who_reads) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    close_end(&ends.reader);
    wait_for(task);
    CHECK_INT(error, EBADF);
    CHECK_LOG("read-1:-");
    close_pipe(&ends);
}

TEST(PATCH_dup2_wakes_who_reads_what_it_closes) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    CHECK_INT(dup2(ends.writer, ends.reader), ends.reader);
    wait_for(task);
    CHECK_INT(error, EBADF);
    CHECK_LOG("read-1:-");
    close_pipe(&ends);
}

TEST(PATCH_a_second_reader_is_told) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    read_one();
    CHECK_INT(error, EBUSY);
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(task);
    CHECK_LOG("read-1:- read1:x");
    close_pipe(&ends);
}

TEST(PATCH_a_bad_descriptor_is_none) {
    char byte;
    CHECK_INT(read(-1, &byte, 1), -1);
    CHECK_INT(errno, EBADF);
    CHECK_INT(write(-1, "x", 1), -1);
    CHECK_INT(errno, EBADF);
    CHECK_INT(close(-1), -1);
    CHECK_INT(errno, EBADF);
}

TEST(PATCH_a_file_is_read_and_written_as_ever) {
    char name[] = "/tmp/greenlet-patch-XXXXXX", buffer[8] = "";
    int fd = mkstemp(name);
    CHECK_INT(write(fd, "abcdef", 6), 6);
    CHECK_INT(lseek(fd, 0, SEEK_SET), 0);
    CHECK_INT(read(fd, buffer, sizeof buffer), 6);
    CHECK_STR(buffer, "abcdef");
    CHECK_INT(read(fd, buffer, sizeof buffer), 0);
    CHECK_INT(close(fd), 0);
    CHECK_INT(unlink(name), 0);
}

// ---- more than a pipe holds ---------------------------------------------------------------------

enum { MUCH = 1 << 20 };

static void write_much(void) {
    static char data[MUCH];
    outcome = write(ends.writer, data, MUCH);
    error = errno;
    close_end(&ends.writer);
}

static size_t read_all(void) {
    char buffer[10000];
    size_t all = 0;
    for (ssize_t got; (got = read(ends.reader, buffer, sizeof buffer)) > 0;) all += (size_t)got;
    return all;
}

TEST(PATCH_a_write_parks_until_all_is_written) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(write_much);
    CHECK_INT(read_all(), MUCH);
    wait_for(task);
    CHECK_INT(outcome, MUCH);
    close_pipe(&ends);
}

TEST(PATCH_a_write_to_a_socket_parks_likewise) {
    ends = open_sockets(SOCK_STREAM);
    gevent_task_t *task = run_in_task(write_much);
    CHECK_INT(read_all(), MUCH);
    wait_for(task);
    CHECK_INT(outcome, MUCH);
    close_pipe(&ends);
}

TEST(PATCH_a_write_that_is_killed_says_how_much_it_wrote) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(write_much);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(outcome, 65536);
    CHECK_INT(read_all(), 65536);
    gevent_task_unref(task);
    close_pipe(&ends);
}

static void write_parts(void) {
    static char large[PIPE_BUF * 20];
    const struct iovec parts[] = {{(char[]){"ab"}, 2}, {large, sizeof large}, {(char[]){"c"}, 1}};
    outcome = writev(ends.writer, parts, 3);
    close_end(&ends.writer);
}

TEST(PATCH_parts_are_written_and_read_in_order) {
    char first[1], second[1];
    const struct iovec parts[] = {{first, 1}, {second, 1}};
    ends = open_pipe();
    gevent_task_t *task = run_in_task(write_parts);
    CHECK_INT(readv(ends.reader, parts, 2), 2);
    CHECK_INT(first[0], 'a');
    CHECK_INT(second[0], 'b');
    CHECK_INT(read_all(), PIPE_BUF * 20 + 1);
    wait_for(task);
    CHECK_INT(outcome, PIPE_BUF * 20 + 3);
    close_pipe(&ends);
}

TEST(PATCH_a_write_without_a_reader_is_a_broken_pipe) {
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    ends = open_pipe();
    close_end(&ends.reader);
    CHECK_INT(write(ends.writer, "x", 1), -1);
    CHECK_INT(errno, EPIPE);
    close_pipe(&ends);
    (void)signal(SIGPIPE, before);
}
