// What becomes of calls in a greenlet that is told to end.
//
// SPDX-License-Identifier: MIT
#include "helpers.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>

#include "generator.h"
#include "greenlet_patch.h"

static int calls, last_error;

static void note(ssize_t outcome) {
    last_error = outcome < 0 ? errno : 0;
    log_add("%d", last_error == ECANCELED ? -1 : last_error);
}

static void go_through_calls(void) {
    pipe_ends_t ends = open_pipe();
    char byte;
    note(read(ends.reader, &byte, 1));
    note(read(ends.reader, &byte, 1));
    note(write(ends.writer, "x", 1));
    note(poll(NULL, 0, 0));
    note(usleep(1));
    CHECK_INT(sleep(5), 5);
    close_pipe(&ends);
}

TEST(PATCH_after_a_kill_every_call_fails) {
    gevent_task_t *task = run_in_task(go_through_calls);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("-1 -1 -1 -1 -1");
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    gevent_task_unref(task);
}

static void ignore_errors(void) {
    for (calls = 0; calls < 100; calls++) (void)sleep(1);
}

TEST(PATCH_who_ignores_a_kill_goes_on_without_waiting) {
    double start = gevent_now();
    gevent_task_t *task = run_in_task(ignore_errors);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(calls, 100);
    CHECK_INT(gevent_now() - start, 0);
    gevent_task_unref(task);
}

static void log_cleanup(void *unused) {
    (void)unused;
    log_add("cleaned");
}

static void ignore_for_ever(void) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, log_cleanup, NULL);
    for (calls = 0;; calls++) (void)sleep(1);
}

TEST(PATCH_who_ignores_a_kill_too_often_is_ended) {
    greenlet_patch_set_limit(10);
    gevent_task_t *task = run_in_task(ignore_for_ever);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(calls, 10);
    CHECK_LOG("cleaned");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
    greenlet_patch_set_limit(0);
}

static int ignore_in_generator(void *argument, void **result) {
    (void)argument, (void)result;
    ignore_for_ever();
    return GREENLET_OK;
}

static void advance_generator(void) {
    generator_t *generator;
    CHECK_OK(generator_new(ignore_in_generator, NULL, &generator));
    (void)generator_next(generator, NULL);
}

TEST(PATCH_who_goes_on_for_one_that_is_killed_is_ended_likewise) {
    test_may_leak(); // the generator is known to dropped frames only
    greenlet_patch_set_limit(10);
    gevent_task_t *task = run_in_task(advance_generator);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(calls, 10);
    CHECK_LOG("cleaned");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
    greenlet_patch_set_limit(0);
}

static void read_within(void) {
    gevent_timeout_t timeout;
    CHECK_OK(gevent_timeout_start(&timeout, 1));
    note(sleep(5) == 4 ? -1 : 0);
    CHECK_INT(gevent_timed_out_by(&timeout), 1);
    CHECK_INT(sleep(1), 0);
}

TEST(PATCH_a_timeout_ends_one_call_only) {
    gevent_task_t *task = run_in_task(read_within);
    wait_for(task);
    CHECK_INT(last_error, ETIMEDOUT);
    log_clear();
}

static void sleep_in_scope(void) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    gevent_scope_cancel(&scope);
    CHECK_INT(sleep(5), 5);
    CHECK_INT(errno, ECANCELED);
    (void)gevent_scope_close(&scope, GREENLET_OK);
    CHECK_INT(sleep(5), 0);
}

TEST(PATCH_a_cancelled_scope_fails_every_call_in_it) {
    wait_for(run_in_task(sleep_in_scope));
}

// ---- where nobody may wait ----------------------------------------------------------------------

static void *read_in_thread(void *argument) {
    pipe_ends_t *ends = argument;
    char byte;
    ssize_t got = read(ends->reader, &byte, 1);
    struct timespec time = {0, 1};
    int code = nanosleep(&time, NULL);
    return got == 1 && code == 0 && poll(NULL, 0, 0) == 0 ? argument : NULL;
}

TEST(PATCH_a_thread_without_a_hub_blocks_as_ever) {
    pthread_t thread;
    void *result;
    pipe_ends_t ends = open_pipe();
    CHECK_INT(pthread_create(&thread, NULL, read_in_thread, &ends), 0);
    CHECK_INT(write(ends.writer, "x", 1), 1);
    CHECK_INT(pthread_join(thread, &result), 0);
    CHECK_PTR(result, &ends);
    close_pipe(&ends);
}

static void use_hub_callback(void) {
    pipe_ends_t ends = open_pipe();
    char byte;
    CHECK_INT(write(ends.writer, "x", 1), 1);
    CHECK_INT(read(ends.reader, &byte, 1), 1);
    CHECK_INT(usleep(1), 0);
    close_pipe(&ends);
}

TEST(PATCH_in_the_hub_a_call_blocks_as_ever) {
    call_in_hub(use_hub_callback);
}

// ---- children -----------------------------------------------------------------------------------

static pipe_ends_t ends;

static void let_child_end(void) {
    close_end(&ends.writer);
    log_add("let go");
}

TEST(PATCH_a_child_is_waited_for_while_others_run) {
    int status = 0;
    char byte;
    ends = open_pipe();
    pid_t child = fork();
    if (child == 0) {
        (void)close(ends.writer);
        while (read(ends.reader, &byte, 1) > 0) continue;
        _exit(7);
    }
    gevent_task_t *task = run_in_task(let_child_end);
    CHECK_INT(waitpid(child, &status, 0), child);
    log_add("%d", WEXITSTATUS(status));
    wait_for(task);
    CHECK_LOG("let go 7");
    close_pipe(&ends);
}

static void read_one(void) {
    char byte = 0;
    CHECK_INT(read(ends.reader, &byte, 1), 1);
    log_add("%c", byte);
}

// The last of the two has its parent's memory.
static void close_in_children(void) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) _exit(close(ends.reader) | usleep(1));
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    child = vfork();
    if (child == 0) {
        (void)close(ends.reader);
        _exit(0);
    }
    CHECK_INT(waitpid(child, &status, 0), child);
}

TEST(PATCH_what_a_child_closes_is_its_own) {
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    close_in_children();
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(task);
    CHECK_LOG("x");
    close_pipe(&ends);
}
