// SPDX-License-Identifier: MIT
#include "slot.h"

#include <string.h>

#include "../memory.h"
#include "wait.h"

enum { INDEX_BITS = 22, INDEX_MASK = (1 << INDEX_BITS) - 1, FIRST_CAPACITY = 64 };

typedef enum slot_state { SLOT_FREE, SLOT_TAKEN, SLOT_PENDING, SLOT_ABANDONED } slot_state_t;

typedef struct slot {
    slot_operation_t operation;
    uint64_t sequence; // in which order the operations were begun
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

slot_handle_t slot_take(void) {
    if (!first_free) {
        if (count >= capacity && grow() < 0) return 0;
        first_free = count++;
    }
    uint32_t index = first_free;
    slot_t *slot = &slots[index];
    first_free = slot->next_free;
    slot->next_free = 0;
    slot->state = SLOT_TAKEN;
    return handle_of(index);
}

void slot_give_back(slot_handle_t handle) {
    slot_t *slot = find_slot(handle);
    slot->state = SLOT_FREE;
    slot->next_free = first_free;
    first_free = handle & INDEX_MASK;
}

// ---- operations ---------------------------------------------------------------------------------

void slot_begin(slot_handle_t handle, slot_operation_t operation) {
    slot_t *slot = find_slot(handle);
    slot->operation = operation;
    slot->sequence = ++last_sequence;
    slot->state = SLOT_PENDING;
    hub_get()->outstanding++;
}

void slot_abandon(slot_handle_t handle) {
    slot_t *slot = find_slot(handle);
    slot->operation = (slot_operation_t){0};
    slot->state = SLOT_ABANDONED;
    hub_get()->outstanding--; // whoever it was for goes on without
    slot_abandoned(handle);
}

int slot_settle(slot_handle_t handle, const gevent_cell_t *result, greenlet_error_t *error) {
    slot_t *slot = find_slot(handle);
    if (!slot || (slot->state != SLOT_PENDING && slot->state != SLOT_ABANDONED)) {
        greenlet_error_unref(error);
        return GREENLET_EHANDLE;
    }
    slot_operation_t operation = slot->operation;
    if (slot->state == SLOT_PENDING) hub_get()->outstanding--;
    slot->operation = (slot_operation_t){0};
    slot_give_back(handle);
    slot->generation++;
    if (operation.settled)
        operation.settled(operation.owner, result, error);
    else
        greenlet_error_unref(error);
    return GREENLET_OK;
}

// ---- waiting ------------------------------------------------------------------------------------

typedef struct waiter {
    wait_t wait;
    slot_handle_t handle;
    gevent_cell_t *cells;
    void (*release)(gevent_cell_t *result);
    greenlet_error_t *error; // owned, once it is settled
    int is_settled;
} waiter_t;

// It was killed, or a timeout expired. An operation that is still pending belongs to the host from
// now on.
static void leave(wait_t *wait) {
    const waiter_t *waiter = LIST_ITEM(wait, waiter_t, wait);
    if (!waiter->is_settled)
        slot_abandon(waiter->handle);
    else if (waiter->error)
        greenlet_error_unref(waiter->error);
    else if (waiter->release)
        waiter->release(waiter->cells);
}

static void wake(void *owner, const gevent_cell_t *result, greenlet_error_t *error) {
    waiter_t *waiter = owner;
    waiter->is_settled = 1;
    waiter->error = error;
    if (!error) waiter->cells[0] = *result;
    wait_wake(&waiter->wait);
}

int slot_wait(slot_handle_t handle, const char *module, const char *name, gevent_cell_t *cells,
              void (*release)(gevent_cell_t *result)) {
    waiter_t waiter = {.wait = {.what = module, .name = name, .cancel = leave},
                       .handle = handle,
                       .cells = cells,
                       .release = release};
    slot_begin(handle, (slot_operation_t){module, name, cells, wake, &waiter});
    int code = wait_until(&waiter.wait, LOOP_NEVER);
    if (code < 0 || !waiter.error) return code;
    greenlet_error_set_origin(waiter.error, greenlet_name(greenlet_current()));
    return greenlet_error_restore(waiter.error);
}
