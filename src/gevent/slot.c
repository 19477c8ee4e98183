// SPDX-License-Identifier: MIT
#include "slot.h"

#include <string.h>

#include "../memory.h"
#include "wait.h"

enum { INDEX_BITS = 22, INDEX_MASK = (1 << INDEX_BITS) - 1, FIRST_CAPACITY = 64 };

typedef enum slot_state { SLOT_FREE, SLOT_PENDING, SLOT_SETTLED, SLOT_ABANDONED } slot_state_t;

typedef struct slot {
    const char *module, *name;
    gevent_cell_t *cells;
    wait_t *wait;            // on the waiter's stack; NULL once it is gone
    greenlet_error_t *error; // owned, once settled
    uint64_t sequence;       // in which order the operations were begun
    uint32_t generation;
    uint32_t next_free;
    slot_state_t state;
} slot_t;

static _Thread_local slot_t *slots; // slot 0 is never used
static _Thread_local uint32_t capacity, count, first_free;
static _Thread_local uint64_t last_sequence;

static slot_handle_t handle_of(uint32_t index) {
    return (slots[index].generation << INDEX_BITS) | index;
}

static slot_t *find_slot(slot_handle_t handle) {
    uint32_t index = handle & INDEX_MASK;
    if (index == 0 || index >= count || handle_of(index) != handle) return NULL;
    return &slots[index];
}

// ---- free slots ---------------------------------------------------------------------------------

static int grow(void) {
    uint32_t larger = capacity ? capacity * 2 : FIRST_CAPACITY;
    if (larger > (uint32_t)INDEX_MASK + 1) return GREENLET_ENOMEM;
    slot_t *grown = memory_alloc_zeroed(larger * sizeof *grown);
    if (!grown) return GREENLET_ENOMEM;
    if (slots) memcpy(grown, slots, count * sizeof *grown);
    memory_free(slots);
    slots = grown;
    capacity = larger;
    if (count == 0) count = 1;
    return GREENLET_OK;
}

slot_handle_t slot_next(void) {
    if (!first_free) {
        if (count >= capacity && grow() < 0) return 0;
        first_free = count++;
    }
    return handle_of(first_free);
}

static slot_t *take_slot(void) {
    slot_t *slot = &slots[first_free];
    first_free = slot->next_free;
    slot->next_free = 0;
    slot->error = NULL;
    slot->sequence = ++last_sequence;
    slot->state = SLOT_PENDING;
    hub_get()->outstanding++;
    return slot;
}

static void free_slot(uint32_t index) {
    slot_t *slot = &slots[index];
    greenlet_error_unref(slot->error);
    slot->error = NULL;
    slot->wait = NULL;
    slot->state = SLOT_FREE;
    slot->generation++;
    slot->next_free = first_free;
    first_free = index;
}

// ---- waiting ------------------------------------------------------------------------------------

typedef struct waiter {
    wait_t wait;
    slot_handle_t handle;
    void (*release)(gevent_cell_t *result);
} waiter_t;

// It was killed, or a timeout expired. A slot that is still pending belongs to the host from now
// on.
static void abandon(wait_t *wait) {
    const waiter_t *waiter = LIST_ITEM(wait, waiter_t, wait);
    slot_t *slot = find_slot(waiter->handle);
    if (slot->state == SLOT_SETTLED) {
        if (waiter->release && !slot->error) waiter->release(slot->cells);
        free_slot(waiter->handle & INDEX_MASK);
        return;
    }
    slot->state = SLOT_ABANDONED;
    slot->wait = NULL;
    slot_abandoned(waiter->handle);
}

static int take_outcome(slot_handle_t handle) {
    slot_t *slot = find_slot(handle);
    greenlet_error_t *error = slot->error;
    slot->error = NULL;
    free_slot(handle & INDEX_MASK);
    if (!error) return GREENLET_OK;
    greenlet_error_set_origin(error, greenlet_name(greenlet_current()));
    return greenlet_error_restore(error);
}

int slot_wait(slot_handle_t handle, const char *module, const char *name, gevent_cell_t *cells,
              void (*release)(gevent_cell_t *result)) {
    waiter_t waiter = {.wait = {.what = module, .name = name, .cancel = abandon},
                       .handle = handle,
                       .release = release};
    slot_t *slot = take_slot();
    slot->module = module;
    slot->name = name;
    slot->cells = cells;
    slot->wait = &waiter.wait;
    int code = wait_until(&waiter.wait, LOOP_NEVER);
    return code < 0 ? code : take_outcome(handle);
}

// ---- settling -----------------------------------------------------------------------------------

int slot_is_wanted(slot_handle_t handle) {
    const slot_t *slot = find_slot(handle);
    return slot && slot->state == SLOT_PENDING;
}

int slot_settle(slot_handle_t handle, const gevent_cell_t *result, greenlet_error_t *error) {
    slot_t *slot = find_slot(handle);
    if (!slot || slot->state == SLOT_FREE || slot->state == SLOT_SETTLED) {
        greenlet_error_unref(error);
        return GREENLET_EHANDLE;
    }
    hub_get()->outstanding--;
    if (slot->state == SLOT_ABANDONED) {
        greenlet_error_unref(error);
        free_slot(handle & INDEX_MASK);
        return GREENLET_OK;
    }
    slot->state = SLOT_SETTLED;
    slot->error = error;
    if (!error) slot->cells[0] = *result;
    wait_wake(slot->wait);
    return GREENLET_OK;
}
