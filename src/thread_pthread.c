// SPDX-License-Identifier: MIT
#include <pthread.h>

#include "thread.h"

typedef struct end {
    void (*call)(void);
} end_t;

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void run(void *end) {
    ((end_t *)end)->call();
}

static void make_key(void) {
    (void)pthread_key_create(&key, run);
}

void thread_at_end(void (*end)(void)) {
    static _Thread_local end_t of_thread;
    of_thread.call = end;
    (void)pthread_once(&key_once, make_key);
    (void)pthread_setspecific(key, &of_thread);
}
