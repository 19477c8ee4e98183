// Locks to read and to write, spin locks, barriers, semaphores.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

#include <semaphore.h>

// ---- locks to read and to write -----------------------------------------------------------------

static void *try_read(void *lock) {
    int error = pthread_rwlock_tryrdlock(lock);
    return V(error ? error : pthread_rwlock_unlock(lock));
}

static void *try_write(void *lock) {
    int error = pthread_rwlock_trywrlock(lock);
    return V(error ? error : pthread_rwlock_unlock(lock));
}

static void *write_soon(void *lock) {
    const struct timespec soon = from_now(CLOCK_REALTIME, 5);
    return V(pthread_rwlock_timedwrlock(lock, &soon));
}

static void *read_soon(void *lock) {
    const struct timespec soon = from_now(CLOCK_REALTIME, 5);
    return V(pthread_rwlock_timedrdlock(lock, &soon));
}

static void *write_it(void *lock) {
    int error = pthread_rwlock_wrlock(lock);
    return V(error ? error : pthread_rwlock_unlock(lock));
}

static void *read_it(void *lock) {
    int error = pthread_rwlock_rdlock(lock);
    return V(error ? error : pthread_rwlock_unlock(lock));
}

TEST(PTHREAD_RWLOCK_many_read) {
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    CHECK_INT(pthread_rwlock_rdlock(&lock), 0);
    CHECK_INT(pthread_rwlock_rdlock(&lock), 0);
    CHECK_INT(INT(end_of(start(try_read, &lock))), 0);
    CHECK_INT(INT(end_of(start(try_write, &lock))), EBUSY);
    CHECK_INT(INT(end_of(start(write_soon, &lock))), ETIMEDOUT);
    pthread_t writer = start(write_it, &lock);
    let_others_run();
    CHECK_INT(pthread_rwlock_unlock(&lock), 0);
    CHECK_INT(pthread_rwlock_unlock(&lock), 0);
    CHECK_INT(INT(end_of(writer)), 0);
    CHECK_INT(pthread_rwlock_destroy(&lock), 0);
}

TEST(PTHREAD_RWLOCK_one_writes) {
    pthread_rwlock_t lock;
    CHECK_INT(pthread_rwlock_init(&lock, NULL), 0);
    CHECK_INT(pthread_rwlock_wrlock(&lock), 0);
    CHECK_INT(pthread_rwlock_wrlock(&lock), EDEADLK);
    CHECK_INT(pthread_rwlock_rdlock(&lock), EDEADLK);
    CHECK_INT(INT(end_of(start(try_read, &lock))), EBUSY);
    CHECK_INT(INT(end_of(start(read_soon, &lock))), ETIMEDOUT);
    pthread_t readers[] = {start(read_it, &lock), start(read_it, &lock)};
    let_others_run();
    CHECK_INT(pthread_rwlock_unlock(&lock), 0);
    CHECK_INT(INT(end_of(readers[0])), 0);
    CHECK_INT(INT(end_of(readers[1])), 0);
    CHECK_INT(pthread_rwlock_destroy(&lock), 0);
}

// ---- spin locks ---------------------------------------------------------------------------------

static void *spin_a_while(void *argument) {
    pthread_spinlock_t *lock = argument;
    int error = pthread_spin_lock(lock);
    let_others_run();
    return V(error ? error : pthread_spin_unlock(lock));
}

TEST(PTHREAD_SPIN_one_has_it_at_a_time) {
    pthread_spinlock_t lock;
    CHECK_INT(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE), 0);
    CHECK_INT(pthread_spin_lock(&lock), 0);
    CHECK_INT(pthread_spin_trylock(&lock), EBUSY);
    pthread_t spinning[] = {start(spin_a_while, (void *)&lock), start(spin_a_while, (void *)&lock)};
    let_others_run();
    CHECK_INT(pthread_spin_unlock(&lock), 0);
    CHECK_INT(INT(end_of(spinning[0])), 0);
    CHECK_INT(INT(end_of(spinning[1])), 0);
    CHECK_INT(pthread_spin_destroy(&lock), 0);
}

// ---- barriers -----------------------------------------------------------------------------------

static pthread_barrier_t barrier;

static void *pass_twice(void *argument) {
    int first = pthread_barrier_wait(&barrier), second = pthread_barrier_wait(&barrier);
    (void)argument;
    CHECK(first == 0 || first == PTHREAD_BARRIER_SERIAL_THREAD);
    return V((first == PTHREAD_BARRIER_SERIAL_THREAD) + (second == PTHREAD_BARRIER_SERIAL_THREAD));
}

TEST(PTHREAD_BARRIER_all_pass_together_round_after_round) {
    CHECK_INT(pthread_barrier_init(&barrier, NULL, 0), EINVAL);
    CHECK_INT(pthread_barrier_init(&barrier, NULL, 3), 0);
    pthread_t one = start(pass_twice, NULL), other = start(pass_twice, NULL);
    intptr_t serial = INT(pass_twice(NULL));
    serial += INT(end_of(one));
    serial += INT(end_of(other));
    CHECK_INT(serial, 2);
    CHECK_INT(pthread_barrier_destroy(&barrier), 0);
}

// ---- semaphores ---------------------------------------------------------------------------------

static void *wait_for_it(void *semaphore) {
    return V(sem_wait(semaphore));
}

TEST(PTHREAD_SEM_counts) {
    sem_t semaphore;
    int value = -1;
    CHECK_INT(sem_init(&semaphore, 0, 1), 0);
    CHECK_INT(sem_wait(&semaphore), 0);
    CHECK_INT(sem_trywait(&semaphore), -1);
    CHECK_INT(errno, EAGAIN);
    pthread_t waiting = start(wait_for_it, &semaphore);
    let_others_run();
    CHECK_INT(sem_post(&semaphore), 0);
    CHECK_INT(INT(end_of(waiting)), 0);
    CHECK_INT(sem_getvalue(&semaphore, &value), 0);
    CHECK_INT(value, 0);
    CHECK_INT(sem_destroy(&semaphore), 0);
}

TEST(PTHREAD_SEM_errors_are_in_errno) {
    sem_t semaphore;
    CHECK_INT(sem_init(&semaphore, 0, (unsigned)SEM_VALUE_MAX + 1), -1);
    CHECK_INT(errno, EINVAL);
    CHECK_INT(sem_init(&semaphore, 0, SEM_VALUE_MAX), 0);
    CHECK_INT(sem_post(&semaphore), -1);
    CHECK_INT(errno, EOVERFLOW);
    CHECK_INT(sem_init(&semaphore, 0, 0), 0);
    const struct timespec soon = from_now(CLOCK_REALTIME, 5), wrong = {0, 1000000000};
    CHECK_INT(sem_timedwait(&semaphore, &soon), -1);
    CHECK_INT(errno, ETIMEDOUT);
    CHECK_INT(sem_timedwait(&semaphore, &wrong), -1);
    CHECK_INT(errno, EINVAL);
}
