// The matrix's calls that wait for locks, counts and results.
//
// SPDX-License-Identifier: MIT
#include "matrix.h"

// ---- semaphores ---------------------------------------------------------------------------------

static gevent_semaphore_t semaphore;
static int permits; // that main has given

static void set_up_semaphore(void) {
    permits = 0;
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, 0));
}

static void set_up_fair_semaphore(void) {
    permits = 0;
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, GEVENT_FAIR));
}

static int release_semaphore(void) {
    permits++;
    return gevent_semaphore_release(&semaphore);
}

static int acquire_semaphore(double seconds) {
    int code = gevent_semaphore_acquire(&semaphore, seconds);
    return code < 0 ? code : gevent_semaphore_release(&semaphore);
}

static int hold_semaphore(double seconds) {
    gevent_cleanup_t held;
    int code = gevent_semaphore_hold(&semaphore, seconds, &held);
    if (code >= 0) gevent_cleanup_pop(&held, 1);
    return code;
}

static int wait_for_semaphore(double seconds) {
    return gevent_semaphore_wait(&semaphore, seconds);
}

static void check_semaphore(void) {
    CHECK_INT(gevent_semaphore_count(&semaphore), permits);
}

const call_t call_semaphore_acquire = {.set_up = set_up_semaphore,
                                       .block = acquire_semaphore,
                                       .satisfy = release_semaphore,
                                       .check = check_semaphore,
                                       .late = GREENLET_ETIMEDOUT};
const call_t call_semaphore_acquire_fair = {.set_up = set_up_fair_semaphore,
                                            .block = acquire_semaphore,
                                            .satisfy = release_semaphore,
                                            .check = check_semaphore,
                                            .late = GREENLET_ETIMEDOUT};
const call_t call_semaphore_hold = {.set_up = set_up_semaphore,
                                    .block = hold_semaphore,
                                    .satisfy = release_semaphore,
                                    .check = check_semaphore,
                                    .late = GREENLET_ETIMEDOUT};
const call_t call_semaphore_wait = {.set_up = set_up_semaphore,
                                    .block = wait_for_semaphore,
                                    .satisfy = release_semaphore,
                                    .check = check_semaphore,
                                    .late = GREENLET_ETIMEDOUT};

// ---- locks --------------------------------------------------------------------------------------

static gevent_rlock_t lock;

static void set_up_lock(void) {
    gevent_rlock_init(&lock, 0);
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
}

static int release_lock(void) {
    int is_mine = gevent_rlock_owner(&lock) == greenlet_main();
    return is_mine ? gevent_rlock_release(&lock) : GREENLET_OK;
}

static int acquire_lock(double seconds) {
    int code = gevent_rlock_acquire(&lock, seconds);
    return code < 0 ? code : gevent_rlock_release(&lock);
}

static int hold_lock(double seconds) {
    gevent_cleanup_t held;
    int code = gevent_rlock_hold(&lock, seconds, &held);
    if (code >= 0) gevent_cleanup_pop(&held, 1);
    return code;
}

static void check_lock(void) {
    CHECK_PTR(gevent_rlock_owner(&lock), NULL);
}

const call_t call_rlock_acquire = {.set_up = set_up_lock,
                                   .block = acquire_lock,
                                   .satisfy = release_lock,
                                   .check = check_lock,
                                   .late = GREENLET_ETIMEDOUT};

const call_t call_rlock_hold = {.set_up = set_up_lock,
                                .block = hold_lock,
                                .satisfy = release_lock,
                                .check = check_lock,
                                .late = GREENLET_ETIMEDOUT};

static gevent_rwlock_t rwlock;
static int is_writing;

static void set_up_rwlock(void) {
    gevent_rwlock_init(&rwlock);
    CHECK_OK(gevent_rwlock_acquire_write(&rwlock, GEVENT_NOWAIT));
    is_writing = 1;
}

static int release_rwlock(void) {
    if (!is_writing) return GREENLET_OK;
    is_writing = 0;
    return gevent_rwlock_release_write(&rwlock);
}

static int acquire_to_read(double seconds) {
    int code = gevent_rwlock_acquire_read(&rwlock, seconds);
    return code < 0 ? code : gevent_rwlock_release_read(&rwlock);
}

static int acquire_to_write(double seconds) {
    int code = gevent_rwlock_acquire_write(&rwlock, seconds);
    return code < 0 ? code : gevent_rwlock_release_write(&rwlock);
}

static int hold_to_read(double seconds) {
    gevent_cleanup_t held;
    int code = gevent_rwlock_hold_read(&rwlock, seconds, &held);
    if (code >= 0) gevent_cleanup_pop(&held, 1);
    return code;
}

static int hold_to_write(double seconds) {
    gevent_cleanup_t held;
    int code = gevent_rwlock_hold_write(&rwlock, seconds, &held);
    if (code >= 0) gevent_cleanup_pop(&held, 1);
    return code;
}

static void check_rwlock(void) {
    CHECK_OK(gevent_rwlock_acquire_write(&rwlock, GEVENT_NOWAIT));
    CHECK_OK(gevent_rwlock_release_write(&rwlock));
}

#define RWLOCK_CALL(call)                                                                          \
    {                                                                                              \
        .set_up = set_up_rwlock, .block = call, .satisfy = release_rwlock, .check = check_rwlock,  \
        .late = GREENLET_ETIMEDOUT                                                                 \
    }

const call_t call_rwlock_acquire_read = RWLOCK_CALL(acquire_to_read);
const call_t call_rwlock_acquire_write = RWLOCK_CALL(acquire_to_write);
const call_t call_rwlock_hold_read = RWLOCK_CALL(hold_to_read);
const call_t call_rwlock_hold_write = RWLOCK_CALL(hold_to_write);

// ---- conditions ---------------------------------------------------------------------------------

static gevent_condition_t condition;

static void set_up_condition(void) {
    gevent_rlock_init(&lock, 0);
    gevent_condition_init(&condition, &lock);
}

static int notify(void) {
    int code = gevent_rlock_acquire(&lock, GEVENT_NOWAIT);
    if (code < 0) return code;
    code = gevent_condition_notify(&condition, 1);
    CHECK_OK(gevent_rlock_release(&lock));
    return code;
}

// However the wait ends, the lock is there, unless there was no memory to wait for it.
static int wait_for_condition(double seconds) {
    int code = gevent_rlock_acquire(&lock, GEVENT_FOREVER);
    if (code < 0) return code;
    code = gevent_condition_wait(&condition, seconds);
    int is_mine = gevent_rlock_owner(&lock) == greenlet_current();
    CHECK(is_mine || code == GREENLET_ENOMEM);
    if (is_mine) CHECK_INT(gevent_rlock_release(&lock), GREENLET_OK);
    return code;
}

const call_t call_condition_wait = {.set_up = set_up_condition,
                                    .block = wait_for_condition,
                                    .satisfy = notify,
                                    .check = check_lock,
                                    .late = GREENLET_ETIMEDOUT};

// ---- counts -------------------------------------------------------------------------------------

static gevent_waitgroup_t group;

static void set_up_waitgroup(void) {
    gevent_waitgroup_init(&group);
    CHECK_OK(gevent_waitgroup_add(&group, 1));
}

static int finish_work(void) {
    return gevent_waitgroup_count(&group) > 0 ? gevent_waitgroup_done(&group) : GREENLET_OK;
}

static int wait_for_waitgroup(double seconds) {
    return gevent_waitgroup_wait(&group, seconds);
}

static void check_waitgroup(void) {
    CHECK_INT(gevent_waitgroup_count(&group), 0);
}

const call_t call_waitgroup_wait = {.set_up = set_up_waitgroup,
                                    .block = wait_for_waitgroup,
                                    .satisfy = finish_work,
                                    .check = check_waitgroup,
                                    .late = GREENLET_ETIMEDOUT};

// The third party is main.
static gevent_barrier_t barrier;

static void set_up_barrier(void) {
    CHECK_OK(gevent_barrier_init(&barrier, 3));
}

static int pass_barrier(void) {
    if (gevent_barrier_waiting(&barrier) < 2) return GREENLET_OK;
    return gevent_barrier_wait(&barrier, GEVENT_NOWAIT, NULL);
}

static int wait_at_barrier(double seconds) {
    return gevent_barrier_wait(&barrier, seconds, NULL);
}

static void check_barrier(void) {
    CHECK_INT(gevent_barrier_waiting(&barrier), 0);
}

const call_t call_barrier_wait = {.set_up = set_up_barrier,
                                  .block = wait_at_barrier,
                                  .satisfy = pass_barrier,
                                  .check = check_barrier,
                                  .late = GREENLET_ETIMEDOUT,
                                  .broken = GREENLET_EBROKEN};

// ---- results ------------------------------------------------------------------------------------

static gevent_result_t *result;

static void set_up_result(void) {
    CHECK_OK(gevent_result_new(&result));
}

static int settle(void) {
    gevent_result_set(result, V(5));
    return GREENLET_OK;
}

static int wait_for_result(double seconds) {
    return gevent_result_wait(result, seconds);
}

static int get_result(double seconds) {
    void *value = NULL;
    int code = gevent_result_get(result, seconds, &value);
    CHECK_INT(INT(value), code < 0 ? 0 : 5);
    return code;
}

static void check_result(void) {
    CHECK_INT(INT(gevent_result_value(result)), 5);
}

static void drop_result(void) {
    gevent_result_unref(result);
}

const call_t call_result_wait = {.set_up = set_up_result,
                                 .block = wait_for_result,
                                 .satisfy = settle,
                                 .check = check_result,
                                 .tear_down = drop_result,
                                 .late = GREENLET_ETIMEDOUT};
const call_t call_result_get = {.set_up = set_up_result,
                                .block = get_result,
                                .satisfy = settle,
                                .check = check_result,
                                .tear_down = drop_result,
                                .late = GREENLET_EPENDING};
