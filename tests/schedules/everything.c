// A thousand tasks that use everything at once, in ten orders. For each seed: how many switches
// there were, the hash of them, the time at the end, and what came out. The virtual clock is used,
// so that two hosts agree on every number or have gone different ways.
//
// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "exchanges.h"

enum { TASKS = 1000, SEEDS = 10, ROUNDS = 5, PERMITS = 5, OWN = 9, STACK = 32768 };

static gevent_task_t *tasks[TASKS];
static gevent_event_t event;
static gevent_semaphore_t permits;
static gevent_rlock_t lock;
static int busy, most_busy, sum;

// A number for each task and round; the same in every order.
static unsigned mixed(unsigned number, unsigned round) {
    unsigned x = (number + 1) * 2654435761u ^ (round + 1) * 2246822519u;
    x ^= x >> 15;
    x *= 2654435761u;
    return x ^ x >> 13;
}

static int use_permit(void) {
    int code = gevent_semaphore_acquire(&permits, GEVENT_FOREVER);
    if (code < 0) return code;
    if (++busy > most_busy) most_busy = busy;
    code = gevent_sleep(0.001);
    busy--;
    gevent_semaphore_release(&permits);
    return code;
}

static int use_lock(void) {
    int code = gevent_rlock_acquire(&lock, GEVENT_FOREVER);
    if (code < 0) return code;
    code = gevent_yield();
    int released = gevent_rlock_release(&lock);
    return code < 0 ? code : released;
}

static int wait_for_event(double seconds) {
    gevent_timeout_t timeout;
    int code = gevent_timeout_start(&timeout, seconds);
    if (code < 0) return code;
    code = gevent_event_wait(&event, GEVENT_FOREVER);
    int is_late = code < 0 && gevent_timed_out_by(&timeout);
    gevent_timeout_cancel(&timeout);
    return is_late ? GREENLET_OK : code;
}

static int use_scope(unsigned number);

static int do_something(unsigned number, unsigned choice) {
    double seconds = (double)(choice % 50) / 1000;
    unsigned what = choice / 64 % (OWN + EXCHANGES);
    if (what >= OWN) return exchange(what - OWN, choice, tasks[choice % TASKS]);
    switch (what) {
    case 0:
        return gevent_yield();
    case 1:
        return gevent_sleep(seconds);
    case 2:
        return wait_for_event(seconds);
    case 3:
        gevent_event_set(&event);
        return GREENLET_OK;
    case 4:
        gevent_event_clear(&event);
        return gevent_idle();
    case 5:
        return gevent_kill(tasks[choice % TASKS], NULL, GEVENT_NOWAIT);
    case 6:
        return use_permit();
    case 7:
        return use_lock();
    default:
        return use_scope(number);
    }
}

static int run_child(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)((uintptr_t)value % 7) / 1000);
    if (code >= 0) sum++;
    return code;
}

// Two children, at most 4 ms; some have longer to do.
static int use_scope(unsigned number) {
    gevent_scope_t scope;
    int code = gevent_scope_open(&scope, 0.004);
    if (code < 0) return code;
    for (unsigned i = 0; i < 2 && code >= 0; i++)
        code = gevent_scope_spawn(&scope, run_child, (void *)(uintptr_t)(number + i), NULL);
    code = gevent_scope_close(&scope, code);
    return code == GREENLET_EEXPIRED ? GREENLET_OK : code;
}

static int run_task(void *value, void **result) {
    unsigned number = (unsigned)(uintptr_t)value;
    for (unsigned round = 0; round < ROUNDS; round++) {
        int code = do_something(number, mixed(number, round));
        if (code < 0) return code;
    }
    sum++;
    *result = value;
    return GREENLET_OK;
}

static int spawn_all(void) {
    for (unsigned i = 0; i < TASKS; i++) {
        int code = gevent_spawn(run_task, (void *)(uintptr_t)i, &tasks[i]);
        if (code < 0) return code;
        (void)greenlet_set_stack_size(gevent_task_greenlet(tasks[i]), STACK);
    }
    return GREENLET_OK;
}

static int count_of(gevent_status_t status) {
    int count = 0;
    for (unsigned i = 0; i < TASKS; i++) count += gevent_status(tasks[i]) == status;
    return count;
}

static int check_end(size_t greenlets) {
    int is_fine = exchanges_end();
    is_fine &= count_of(GEVENT_RETURNED) + count_of(GEVENT_KILLED) == TASKS;
    is_fine &= gevent_semaphore_count(&permits) == PERMITS && busy == 0;
    is_fine &= gevent_rlock_owner(&lock) == NULL;
    for (unsigned i = 0; i < TASKS; i++) gevent_task_unref(tasks[i]);
    is_fine &= greenlet_live_count() == greenlets;
    return is_fine ? GREENLET_OK : greenlet_fail(GREENLET_EFAILED);
}

static int run_seed(uint64_t seed) {
    double start = gevent_now();
    size_t greenlets = greenlet_live_count();
    gevent_event_init(&event);
    most_busy = sum = 0;
    int code = exchanges_begin(seed);
    if (code >= 0) code = gevent_set_seed(seed);
    if (code >= 0) code = gevent_trace_start(0);
    if (code >= 0) code = spawn_all();
    if (code >= 0) code = gevent_run();
    gevent_trace_stop();
    if (code < 0) return code;
    printf("seed %" PRIu64 ": %" PRIu64 " switches, hash %016" PRIx64 ", %.3f s; %d returned, %d "
           "killed, sum %d, %d at once\n",
           seed, gevent_trace_count(), gevent_trace_hash(), gevent_now() - start,
           count_of(GEVENT_RETURNED), count_of(GEVENT_KILLED), sum, most_busy);
    return check_end(greenlets);
}

int main(void) {
    int code = gevent_use_virtual_clock();
    if (code >= 0) code = gevent_semaphore_init(&permits, PERMITS, 0);
    for (uint64_t seed = 0; seed < SEEDS && code >= 0; seed++) code = run_seed(seed);
    if (code < 0) printf("%s\n", greenlet_error_message(greenlet_last_error()));
    return code < 0;
}
