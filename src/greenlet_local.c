// SPDX-License-Identifier: MIT
#include "greenlet_local.h"

#include "greenlet_internal.h"

void *locals_get(const pairs_t *locals, const greenlet_key_t *key) {
    const pair_t *pair = pairs_find(locals, key);
    return pair ? pair->value : NULL;
}

int locals_set(pairs_t *locals, const greenlet_key_t *key, void *value) {
    void *previous = locals_get(locals, key);
    if (pairs_set(locals, key, value) < 0) return greenlet_fail(GREENLET_ENOMEM);
    if (previous && previous != value && key->release) key->release(previous);
    return GREENLET_OK;
}

// One after the other, the last set first: what a release sets is released too.
void locals_release(pairs_t *locals) {
    while (locals->count > 0) {
        pair_t pair = locals->items[--locals->count];
        const greenlet_key_t *key = pair.key;
        if (pair.value && key->release) key->release(pair.value);
    }
    pairs_clear(locals);
}

void *greenlet_local(const greenlet_t *greenlet, const greenlet_key_t *key) {
    if (!greenlet) greenlet = greenlet_current();
    return locals_get(&greenlet->locals, key);
}

int greenlet_set_local(greenlet_t *greenlet, const greenlet_key_t *key, void *value) {
    if (!key) return greenlet_fail(GREENLET_EINVAL);
    if (!greenlet) greenlet = greenlet_current();
    return locals_set(&greenlet->locals, key, value);
}
