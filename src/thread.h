// What is asked of a platform's threads: to tell when they end, by thread_pthread.c, or
// thread_none.c where there are none or where nobody tells.
#ifndef GREENLET_THREAD_H
#define GREENLET_THREAD_H

// Has `end` called once, by the calling thread, when it ends; not at the end of the process. Others
// who are told too may still use the library after that, and this may then be called again.
void thread_at_end(void (*end)(void));

// A lock for a few instructions, free while it is 0. Without <stdatomic.h>, which not every C
// library for WebAssembly has.
typedef unsigned char thread_lock_t;

static inline void thread_lock(thread_lock_t *lock) {
    while (__atomic_test_and_set(lock, __ATOMIC_ACQUIRE)) continue;
}

static inline void thread_unlock(thread_lock_t *lock) {
    __atomic_clear(lock, __ATOMIC_RELEASE);
}

#endif
