// Spin locks, which park: nobody could unlock them while somebody spins.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <pthread.h>

#include "park.h"

int pthread_spin_init(pthread_spinlock_t *lock, int shared) {
    (void)shared;
    *lock = 0;
    return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock) {
    return *lock ? EBUSY : 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock) {
    if (*lock) return EBUSY;
    *lock = 1;
    return 0;
}

int pthread_spin_lock(pthread_spinlock_t *lock) {
    const parking_t parking = {.what = "pthread_spin_lock"};
    int error = 0;
    while (!error && pthread_spin_trylock(lock) != 0)
        error = park((void *)lock, &parking, GEVENT_FOREVER);
    return error;
}

int pthread_spin_unlock(pthread_spinlock_t *lock) {
    *lock = 0;
    unpark_all((void *)lock);
    return 0;
}
