// EINTR: what a handler of the program interrupts. A child sends the signals.
//
// SPDX-License-Identifier: MIT
#include "helpers.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "plain.h"

static volatile sig_atomic_t caught;
static pipe_ends_t ends;

static void note(int number) {
    caught = number;
    errno = 99;
}

static void handle(int flags) {
    struct sigaction action = {.sa_handler = note, .sa_flags = flags};
    (void)sigemptyset(&action.sa_mask);
    caught = 0;
    CHECK_INT(sigaction(SIGUSR1, &action, NULL), 0);
}

static void handle_no_more(void) {
    CHECK(signal(SIGUSR1, SIG_DFL) != SIG_ERR);
}

// Once its parent sleeps or waits, which the loop's wait is.
static pid_t send_signal(void) {
    pid_t child = fork();
    if (child > 0) return child;
    char state = 'R', name[64];
    (void)snprintf(name, sizeof name, "/proc/%d/stat", (int)getppid());
    while (state != 'S') {
        FILE *file = fopen(name, "r");
        if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1) _exit(1);
        (void)fclose(file);
    }
    (void)kill(getppid(), SIGUSR1);
    _exit(0);
}

static void wait_for_child(pid_t child) {
    int status;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
}

static void read_one(void) {
    char byte;
    ssize_t got = read(ends.reader, &byte, 1);
    log_add("%d:%s", (int)got, got < 0 && errno == EINTR ? "EINTR" : "");
}

TEST(PATCH_a_handler_interrupts_a_read) {
    handle(0);
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    pid_t child = send_signal();
    wait_for(task);
    CHECK_INT(caught, SIGUSR1);
    CHECK_LOG("-1:EINTR");
    wait_for_child(child);
    close_pipe(&ends);
    handle_no_more();
}

static void sleep_long(void) {
    log_add("%u", sleep(100));
}

// And the sleep, though it began later.
TEST(PATCH_with_restart_a_handler_interrupts_sleeps_alone) {
    handle(SA_RESTART);
    use_real_clock();
    ends = open_pipe();
    gevent_task_t *tasks[] = {run_in_task(read_one), run_in_task(sleep_long)};
    let_others_run();
    pid_t child = send_signal();
    wait_for(tasks[1]);
    CHECK_LOG("100");
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(tasks[0]);
    CHECK_LOG("1:");
    wait_for_child(child);
    close_pipe(&ends);
    use_virtual_clock();
    handle_no_more();
}

TEST(PATCH_a_handler_interrupts_who_has_waited_longest) {
    handle(0);
    pipe_ends_t first = open_pipe();
    ends = first;
    gevent_task_t *tasks[] = {run_in_task(read_one), NULL};
    let_others_run();
    ends = open_pipe();
    tasks[1] = run_in_task(read_one);
    let_others_run();
    pid_t child = send_signal();
    wait_for(tasks[0]);
    CHECK_LOG("-1:EINTR");
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(tasks[1]);
    CHECK_LOG("1:");
    wait_for_child(child);
    close_pipe(&ends);
    close_pipe(&first);
    handle_no_more();
}

TEST(PATCH_what_came_while_nobody_waited_interrupts_nobody) {
    handle(0);
    CHECK_INT(raise(SIGUSR1), 0);
    CHECK_INT(caught, SIGUSR1);
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    CHECK_INT(write(ends.writer, "x", 1), 1);
    wait_for(task);
    CHECK_LOG("1:");
    close_pipe(&ends);
    handle_no_more();
}

static void take_info(int number, siginfo_t *info, void *context) {
    caught = info->si_pid == getpid() && context ? number : -1;
}

TEST(PATCH_a_program_gets_back_the_handler_that_it_set) {
    struct sigaction action = {.sa_sigaction = take_info, .sa_flags = SA_SIGINFO}, before;
    (void)sigemptyset(&action.sa_mask);
    CHECK(signal(SIGUSR1, note) == SIG_DFL);
    CHECK_INT(sigaction(SIGUSR1, NULL, &before), 0);
    CHECK(before.sa_handler == note);
    CHECK(before.sa_flags & SA_RESTART);
    CHECK_INT(sigaction(SIGUSR1, &action, &before), 0);
    CHECK(before.sa_handler == note);
    CHECK_INT(raise(SIGUSR1), 0);
    CHECK_INT(caught, SIGUSR1);
    CHECK(signal(SIGUSR1, SIG_DFL) == (void (*)(int))(void (*)(void))take_info);
    CHECK(signal(SIGUSR1, SIG_DFL) == SIG_DFL);
    CHECK(signal(SIGKILL, note) == SIG_ERR);
    CHECK_INT(errno, EINVAL);
}

static int run_say(void *value, void **result) {
    (void)value, (void)result;
    log_add("signal");
    CHECK_INT(write(ends.writer, "x", 1), 1);
    return GREENLET_OK;
}

TEST(PATCH_what_the_hub_looks_for_interrupts_nobody) {
    CHECK_OK(gevent_signal(SIGUSR2, run_say, NULL));
    ends = open_pipe();
    gevent_task_t *task = run_in_task(read_one);
    let_others_run();
    CHECK_INT(raise(SIGUSR2), 0);
    wait_for(task);
    CHECK_LOG("signal 1:");
    CHECK_OK(gevent_signal(SIGUSR2, NULL, NULL));
    CHECK(signal(SIGUSR2, SIG_DFL) == SIG_DFL);
    close_pipe(&ends);
}

TEST(PATCH_a_signal_that_cannot_be_caught_is_refused) {
    CHECK_CODE(gevent_signal(SIGKILL, run_say, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_signal(-1, run_say, NULL), GREENLET_EINVAL);
}

// As a handler may.
static void write_in_handler(int number) {
    (void)number;
    CHECK_INT(write(ends.writer, "h", 1), 1);
}

static void raise_when_killed(void) {
    CHECK_INT(sleep(9), 9);
    CHECK_INT(raise(SIGUSR1), 0);
}

TEST(PATCH_a_handler_calls_as_ever) {
    char byte = 0;
    CHECK(signal(SIGUSR1, write_in_handler) == SIG_DFL);
    ends = open_pipe();
    gevent_task_t *task = run_in_task(raise_when_killed);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(read(ends.reader, &byte, 1), 1);
    CHECK_INT(byte, 'h');
    gevent_task_unref(task);
    close_pipe(&ends);
    handle_no_more();
}
