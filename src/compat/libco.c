// libco's cothreads: a handle is a greenlet.
//
// SPDX-License-Identifier: MIT
#include "libco.h"

#include "../fatal.h"
#include "../memory.h"
#include "swap.h"

typedef struct entry {
    void (*run)(void);
} entry_t;

static int run(void *value, void **result) {
    (void)swap_arrive(value), (void)result;
    greenlet_t *self = greenlet_current();
    ((const entry_t *)greenlet_user(self))->run();
    fatal(GREENLET_EFAILED,
          "the entry function of the cothread '%s' returned: its last act has to "
          "be a co_switch",
          greenlet_name(self));
}

cothread_t co_active(void) {
    return greenlet_current();
}

cothread_t co_create(unsigned int heapsize, void (*coentry)(void)) {
    entry_t *entry = coentry ? memory_alloc(sizeof *entry) : NULL;
    greenlet_t *cothread;
    if (!entry) return NULL;
    if (swap_new(run, heapsize, &cothread) < 0) {
        memory_free(entry);
        return NULL;
    }
    entry->run = coentry;
    greenlet_set_user(cothread, entry, memory_free);
    return cothread;
}

cothread_t co_derive(void *memory, unsigned int heapsize, void (*coentry)(void)) {
    greenlet_t *cothread = memory ? co_create(heapsize, coentry) : NULL;
    if (!cothread || swap_claim(cothread, memory, heapsize, "co_derive") >= 0) return cothread;
    greenlet_unref(cothread);
    return NULL;
}

void co_delete(cothread_t cothread) {
    swap_drop(cothread, "co_delete");
}

void co_switch(cothread_t cothread) {
    (void)swap_to(cothread, NULL, "co_switch");
}

int co_serializable(void) {
    return 0;
}
