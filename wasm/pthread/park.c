// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>

#include "../../src/fatal.h"
#include "park.h"

typedef struct parked {
    wait_t wait;
    list_t link; // in its bucket
    void *address;
    void (*give_back)(void *address);
} parked_t;

enum { BUCKETS = 64 };
static list_t buckets[BUCKETS];

static list_t *bucket_of(const void *address) {
    list_t *bucket = &buckets[(uintptr_t)address / sizeof(void *) % BUCKETS];
    if (!bucket->next) list_init(bucket);
    return bucket;
}

// Of one whose frames are dropped, too.
static void leave(wait_t *wait) {
    parked_t *self = LIST_ITEM(wait, parked_t, wait);
    list_remove(&self->link);
    if (wait->is_settled && self->give_back) self->give_back(self->address);
}

static int error_of(int code) {
    switch (code) {
    case GREENLET_ETIMEDOUT:
        return ETIMEDOUT;
    case GREENLET_EHUB:
    case GREENLET_EWOULDBLOCK:
    case GREENLET_EFORBIDDEN:
    case GREENLET_ESHUTDOWN:
    case GREENLET_ENOMEM:
        return EDEADLK;
    case GREENLET_EDEADLK:
        fatal(code, "%s", greenlet_error_message(greenlet_last_error()));
    default:
        return ECANCELED;
    }
}

int park(void *address, const parking_t *parking, double seconds) {
    if (!parking->insists && patch_begin() == PATCH_REFUSED) return ECANCELED;
    parked_t self = {.wait = {.what = parking->what,
                              .holder = parking->holder,
                              .whom = parking->whom,
                              .ignores_cancel = (unsigned char)parking->insists,
                              .cancel = leave},
                     .address = address,
                     .give_back = parking->give_back};
    list_append(bucket_of(address), &self.link);
    int code = wait_seconds(&self.wait, seconds);
    list_remove(&self.link);
    return code < 0 ? error_of(code) : 0;
}

static parked_t *first_at(const void *address) {
    const list_t *bucket = bucket_of(address);
    for (list_t *link = bucket->next; link != bucket; link = link->next) {
        parked_t *parked = LIST_ITEM(link, parked_t, link);
        if (parked->address == address) return parked;
    }
    return NULL;
}

greenlet_t *unpark(const void *address) {
    parked_t *parked = first_at(address);
    if (!parked) return NULL;
    list_remove(&parked->link);
    wait_settle(&parked->wait);
    return parked->wait.greenlet;
}

void unpark_all(const void *address) {
    while (unpark(address)) continue;
}

int is_anybody_parked(const void *address) {
    return first_at(address) != NULL;
}
