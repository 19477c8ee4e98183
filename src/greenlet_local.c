// SPDX-License-Identifier: MIT
#include "greenlet_local.h"

#include "greenlet_internal.h"

void *greenlet_local(const greenlet_t *greenlet, const greenlet_key_t *key) {
    if (!greenlet) greenlet = greenlet_current();
    const pair_t *pair = pairs_find(&greenlet->locals, key);
    return pair ? pair->value : NULL;
}

int greenlet_set_local(greenlet_t *greenlet, const greenlet_key_t *key, void *value) {
    if (!key) return greenlet_fail(GREENLET_EINVAL);
    if (!greenlet) greenlet = greenlet_current();
    void *previous = greenlet_local(greenlet, key);
    if (pairs_set(&greenlet->locals, key, value) < 0) return greenlet_fail(GREENLET_ENOMEM);
    if (previous && previous != value && key->release) key->release(previous);
    return GREENLET_OK;
}

// One after the other, the last set first: what a release sets is released too.
void greenlet_release_locals(greenlet_t *greenlet) {
    while (greenlet->locals.count > 0) {
        pair_t pair = greenlet->locals.items[--greenlet->locals.count];
        const greenlet_key_t *key = pair.key;
        if (pair.value && key->release) key->release(pair.value);
    }
    pairs_clear(&greenlet->locals);
}
