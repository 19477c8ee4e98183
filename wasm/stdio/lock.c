// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>

#include "../../src/gevent/wait.h"
#include "../../src/memory.h"
#include "lock.h"

typedef struct stream_lock {
    FILE *file; // NULL: it is nobody's
    gevent_rlock_t rlock;
    struct stream_lock *next;
} lock_t;

static lock_t *locks;

static lock_t *find_lock(const FILE *file) {
    lock_t *lock = locks;
    while (lock && lock->file != file) lock = lock->next;
    return lock;
}

static lock_t *add_lock(void) {
    lock_t *lock = memory_alloc_zeroed(sizeof *lock);
    if (!lock) return NULL;
    lock->next = locks;
    return locks = lock;
}

static lock_t *lock_of(FILE *file) {
    lock_t *lock = find_lock(file);
    if (!lock) lock = find_lock(NULL);
    if (!lock) lock = add_lock();
    if (lock) lock->file = file;
    return lock;
}

// With nobody left, it may be another stream's.
static void give_back(lock_t *lock) {
    if (!lock->rlock.owner && list_is_empty(&lock->rlock.waiters.list)) lock->file = NULL;
}

static int can_wait(void) {
    const hub_t *hub = hub_if_any();
    return hub && wait_check(hub) >= 0;
}

static int fail_without_memory(void) {
    errno = ENOMEM;
    return -1;
}

// What snprintf and sscanf make for a string: nobody else has it, and it has no descriptor of its
// own. So a stream that fdopen makes of descriptor 0 has no lock either.
static int is_string(FILE *file) {
    int is_stdin = &stdin && file == stdin;
    return !is_stdin && fileno(file) == 0;
}

int stream_begin(stream_use_t *use, FILE *file) {
    use->lock = NULL;
    if (!can_wait() || is_string(file)) return 0;
    use->lock = lock_of(file);
    if (!use->lock) return fail_without_memory();
    int code = gevent_rlock_hold(&use->lock->rlock, GEVENT_FOREVER, &use->cleanup);
    return code < 0 ? patch_fail(code) : 0;
}

void stream_end(stream_use_t *use) {
    if (!use->lock) return;
    gevent_cleanup_pop(&use->cleanup, 1);
    give_back(use->lock);
}

// ---- by the program -----------------------------------------------------------------------------

void flockfile(FILE *file) {
    lock_t *lock = can_wait() ? lock_of(file) : NULL;
    if (lock) (void)gevent_rlock_acquire(&lock->rlock, GEVENT_FOREVER);
}

int ftrylockfile(FILE *file) {
    lock_t *lock = lock_of(file);
    return lock ? gevent_rlock_acquire(&lock->rlock, GEVENT_NOWAIT) : fail_without_memory();
}

void funlockfile(FILE *file) {
    lock_t *lock = find_lock(file);
    if (!lock) return;
    (void)gevent_rlock_release(&lock->rlock);
    give_back(lock);
}
