// Tells a stack overflow from other faults. A fault in the guard of the stack that runs is reported
// by name, on a stack of the handler's own; any other goes to whoever handled it before. A program
// that installs a handler of its own later, without chaining to this one, gets all of them.
//
// Not with AddressSanitizer, which reports overflows itself.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "context_annotate.h"
#include "context_native.h"
#include "stack.h"

#define RESERVE_SIZE 65536

static struct sigaction previous_segv;
static struct sigaction previous_bus;
static _Thread_local void *reserve; // the handler's stack, if this thread had none
static _Thread_local int is_watched;

// Puts back what was there before: the instruction that faulted faults again when the handler
// returns, and a signal that somebody sent is sent again.
static void restore_and_repeat(int number, const siginfo_t *info,
                               const struct sigaction *previous) {
    int was_sent = info->si_code <= 0;
    if (was_sent && previous->sa_handler == SIG_IGN) return;
    (void)sigaction(number, previous, NULL);
    if (was_sent) (void)raise(number);
}

static void pass_on(int number, siginfo_t *info, void *machine) {
    const struct sigaction *previous = number == SIGBUS ? &previous_bus : &previous_segv;
    if (previous->sa_flags & SA_SIGINFO)
        previous->sa_sigaction(number, info, machine);
    else if (previous->sa_handler == SIG_DFL || previous->sa_handler == SIG_IGN)
        restore_and_repeat(number, info, previous);
    else
        previous->sa_handler(number);
}

static void on_fault(int number, siginfo_t *info, void *machine) {
    const context_t *running = context_native_running();
    const char *address = info->si_addr;
    if (running && stack_guards(running->low, address))
        greenlet_stack_overflow((size_t)(running->high - running->low),
                                (size_t)(running->high - address));
    pass_on(number, info, machine);
}

static void install_handler(void) {
    static atomic_flag installed = ATOMIC_FLAG_INIT;
    if (atomic_flag_test_and_set(&installed)) return;
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGSEGV, &action, &previous_segv);
    (void)sigaction(SIGBUS, &action, &previous_bus);
}

static void give_reserve(void) {
    stack_t current;
    if (sigaltstack(NULL, &current) < 0 || !(current.ss_flags & SS_DISABLE)) return;
    void *memory =
        mmap(NULL, RESERVE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    reserve = memory;
    stack_t own = {.ss_sp = memory, .ss_size = RESERVE_SIZE};
    (void)sigaltstack(&own, NULL);
}

void stack_guard_watch(void) {
    if (is_watched || ANNOTATE_ADDRESS) return;
    is_watched = 1;
    give_reserve();
    install_handler();
}

void stack_guard_unwatch(void) {
    is_watched = 0;
    if (!reserve) return;
    stack_t none = {.ss_flags = SS_DISABLE};
    (void)sigaltstack(&none, NULL);
    (void)munmap(reserve, RESERVE_SIZE);
    reserve = NULL;
}
