// Memory that coroutines were given for their stacks. They do not run on it: a stack of the
// library's own has room for an overflow to be noticed. But whose it is says who is alive, where
// nothing else does.
//
// SPDX-License-Identifier: MIT
#include <stdint.h>

#include "../memory.h"
#include "swap.h"

typedef struct claim {
    greenlet_t *coroutine; // borrowed: a claim ends with it
    uintptr_t low, high;
    struct claim *next;
} claim_t;

static _Thread_local claim_t *claims;

static greenlet_t *find(uintptr_t low, uintptr_t high) {
    const claim_t *claim = claims;
    while (claim && (claim->high <= low || high <= claim->low)) claim = claim->next;
    return claim ? claim->coroutine : NULL;
}

void swap_reclaim(const void *low, size_t size, const char *call) {
    for (;;) {
        greenlet_t *coroutine = find((uintptr_t)low, (uintptr_t)low + size);
        if (!coroutine) return;
        swap_drop(coroutine, call);
    }
}

int swap_claim(greenlet_t *coroutine, const void *low, size_t size, const char *call) {
    swap_reclaim(low, size, call);
    claim_t *claim = memory_alloc(sizeof *claim);
    if (!claim) return greenlet_fail(GREENLET_ENOMEM);
    *claim = (claim_t){coroutine, (uintptr_t)low, (uintptr_t)low + size, claims};
    claims = claim;
    return GREENLET_OK;
}

void swap_unclaim(const greenlet_t *coroutine) {
    claim_t **place = &claims;
    while (*place && (*place)->coroutine != coroutine) place = &(*place)->next;
    claim_t *claim = *place;
    if (!claim) return;
    *place = claim->next;
    memory_free(claim);
}
