// EINTR: a handler of the program that runs while calls wait ends one of them.
//
// A handler that the program sets is called by one here, which then writes into a pipe that the
// loop of the first thread that waits looks at. It looks past the hub, for which the pipe would be
// somebody who can wake others.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../gevent/waiters.h"

ssize_t __read(int fd, void *buffer, size_t size);
ssize_t __write(int fd, const void *buffer, size_t size);
int __sigaction(int number, const struct sigaction *action, struct sigaction *before);

static _Thread_local gevent_semaphore_t sleeps, transfers; // who waits in them

static int ends[2]; // of the pipe: to read, to write
static volatile sig_atomic_t is_open, has_caught;
static loop_watch_t watch;

// ---- in the hub ---------------------------------------------------------------------------------

static int is_anybody(const gevent_semaphore_t *waiting) {
    return waiting->waiters.list.next && !list_is_empty(&waiting->waiters.list);
}

// The one that has waited longest.
static void interrupt(gevent_semaphore_t *waiting) {
    if (is_anybody(waiting)) (void)gevent_semaphore_release(waiting);
}

// Whether one of the handlers wants transfers to be interrupted, too.
static int drain(void) {
    char kinds[64];
    ssize_t got = __read(ends[0], kinds, sizeof kinds);
    has_caught = 0;
    return got > 0 && memchr(kinds, 't', (size_t)got) != NULL;
}

static void hear(loop_watch_t *unused, unsigned events) {
    (void)unused, (void)events;
    if (drain()) interrupt(&transfers);
    interrupt(&sleeps);
}

// ---- who waits ----------------------------------------------------------------------------------

static void listen(void) {
    const loop_fds_t *fds = loop_default()->fds;
    if (watch.ready || !is_open || !fds) return;
    watch = (loop_watch_t){.fd = ends[0], .ready = hear};
    if (fds->open_watch(&watch) == GREENLET_OK)
        fds->arm_watch(&watch, GEVENT_READABLE);
    else
        watch.ready = NULL;
}

// What was caught while nobody waited interrupts nobody.
static void forget_what_is_past(void) {
    if (is_anybody(&sleeps) || is_anybody(&transfers)) return;
    sleeps.count = transfers.count = 0;
    if (has_caught && is_open) (void)drain();
}

gevent_case_t patch_signal_case(patch_kind_t kind) {
    listen();
    forget_what_is_past();
    return gevent_semaphore_case(kind == PATCH_SLEEP ? &sleeps : &transfers);
}

// ---- handlers -----------------------------------------------------------------------------------

static struct sigaction given[NSIG]; // by the program or the loop
static volatile sig_atomic_t is_loops[NSIG];
static _Thread_local volatile sig_atomic_t depth; // of handlers that run

int patch_is_out_of_place(void) {
    return depth > 0 || patch_is_in_child();
}

static void call_handler(int number, siginfo_t *info, void *context) {
    const struct sigaction *action = &given[number];
    depth++;
    if (action->sa_flags & SA_SIGINFO)
        action->sa_sigaction(number, info, context);
    else
        action->sa_handler(number);
    depth--;
}

// What the loop looks for interrupts nobody.
static void run_handler(int number, siginfo_t *info, void *context) {
    const char *kind = given[number].sa_flags & SA_RESTART ? "s" : "t";
    int interrupts = !is_loops[number];
    call_handler(number, info, context);
    int error = errno;
    has_caught |= interrupts;
    if (interrupts && is_open) (void)!__write(ends[1], kind, 1);
    errno = error;
}

static int is_ours(const struct sigaction *action) {
    return action->sa_flags & SA_SIGINFO && action->sa_sigaction == run_handler;
}

// Those of faults have nobody to interrupt.
static int is_to_be_heard(int number, const struct sigaction *action) {
    if (number <= 0 || number >= NSIG || !action) return 0;
    if (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN) return 0;
    return number != SIGSEGV && number != SIGBUS && number != SIGFPE && number != SIGILL &&
           number != SIGTRAP && number != SIGABRT;
}

static int open_pipe(void) {
    if (!is_open) is_open = pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0;
    return is_open;
}

static int is_asked_by_loop(void) {
    const hub_t *hub = hub_if_any();
    return hub && hub->is_asking_loop;
}

static int set_handler(int number, const struct sigaction *action, struct sigaction *before) {
    struct sigaction ours = *action, previous = given[number];
    ours.sa_flags |= SA_SIGINFO;
    ours.sa_sigaction = run_handler;
    given[number] = *action;
    is_loops[number] = is_asked_by_loop();
    int code = __sigaction(number, &ours, before);
    if (code < 0) given[number] = previous;
    if (code == 0 && before && is_ours(before)) *before = previous;
    return code;
}

int sigaction(int number, const struct sigaction *action, struct sigaction *before) {
    if (is_to_be_heard(number, action) && open_pipe()) return set_handler(number, action, before);
    struct sigaction previous;
    int code = __sigaction(number, action, &previous);
    if (code == 0 && before) *before = is_ours(&previous) ? given[number] : previous;
    return code;
}

sighandler_t signal(int number, sighandler_t handler) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before = {0};
    (void)sigemptyset(&action.sa_mask);
    return sigaction(number, &action, &before) < 0 ? SIG_ERR : before.sa_handler;
}
