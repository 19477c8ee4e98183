// Keys, of which each thread has a value of its own.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <limits.h>

#include "../../src/memory.h"
#include "thread.h"

typedef struct key {
    void (*destructor)(void *value);
    int is_used;
} thread_key_t;

static thread_key_t keys[PTHREAD_KEYS_MAX];

static int is_key(pthread_key_t key) {
    return key < PTHREAD_KEYS_MAX && keys[key].is_used;
}

int pthread_key_create(pthread_key_t *result, void (*destructor)(void *)) {
    pthread_key_t key = 0;
    while (key < PTHREAD_KEYS_MAX && keys[key].is_used) key++;
    if (key == PTHREAD_KEYS_MAX) return EAGAIN;
    keys[key] = (thread_key_t){destructor, 1};
    *result = key;
    return 0;
}

// So that all have NULL of the key that will be made in its place.
int pthread_key_delete(pthread_key_t key) {
    if (!is_key(key)) return EINVAL;
    for (thread_t *thread = thread_first(); thread; thread = thread_next(thread))
        if (thread->values) thread->values[key] = NULL;
    keys[key].is_used = 0;
    return 0;
}

void *pthread_getspecific(pthread_key_t key) {
    const thread_t *self = thread_self_if_any();
    return self && self->values && is_key(key) ? self->values[key] : NULL;
}

int pthread_setspecific(pthread_key_t key, const void *value) {
    if (!is_key(key)) return EINVAL;
    thread_t *self = thread_self();
    if (!self) return ENOMEM;
    if (!self->values) self->values = memory_alloc_zeroed(PTHREAD_KEYS_MAX * sizeof *self->values);
    if (!self->values) return ENOMEM;
    self->values[key] = (void *)value;
    return 0;
}

// Whether any was called.
static int destroy_values(thread_t *thread) {
    int some = 0;
    for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; key++) {
        void *value = thread->values[key];
        thread->values[key] = NULL;
        if (!value || !is_key(key) || !keys[key].destructor) continue;
        keys[key].destructor(value);
        some = 1;
    }
    return some;
}

void keys_destroy(thread_t *thread) {
    if (!thread->values) return;
    for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS; i++)
        if (!destroy_values(thread)) break;
    memory_free(thread->values);
    thread->values = NULL;
}
