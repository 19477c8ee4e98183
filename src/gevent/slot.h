// Slots: operations of the host that somebody waits for. All of a pending operation is here, in
// memory: the host only holds the handle, and gives it back with the outcome.
#ifndef GREENLET_SLOT_H
#define GREENLET_SLOT_H

#include "../greenlet_error.h"
#include "cell.h"

// A slot's number and its generation, so that a late answer is known as such. 0 is none.
typedef uint32_t slot_handle_t;

// Takes a slot, for an operation that may turn out to be pending; 0 without memory.
slot_handle_t slot_take(void);
// Gives it back: the host has answered at once.
void slot_give_back(slot_handle_t handle);

// The operation is pending: what it is, and who is told once how it has ended.
typedef struct slot_operation {
    const char *module, *name; // static strings
    gevent_cell_t *cells; // for the result, and the arguments; the owner's, while it is pending
    // Gets the result, or an error and its reference. The slot is free by then.
    void (*settled)(void *owner, const gevent_cell_t *result, greenlet_error_t *error);
    void *owner;
} slot_operation_t;
void slot_begin(slot_handle_t handle, slot_operation_t operation);
// Nobody wants the outcome any more: the host is told, and the slot stays taken until it settles,
// which time and the end of work do not wait for.
void slot_abandon(slot_handle_t handle);

// Parks the current greenlet until the operation is settled; then the result is in cells[0]. If the
// wait ends otherwise it is abandoned.
//   module, name  of the operation; static strings
//   cells         result and arguments; the caller's, alive until the call returns
//   release       frees a result that came too late for the wait; NULL: it owns nothing
int slot_wait(slot_handle_t handle, const char *module, const char *name, gevent_cell_t *cells,
              void (*release)(gevent_cell_t *result));

// The outcome: a result, or an error (takes the reference). GREENLET_EHANDLE for a stale handle; if
// nobody waits any more the outcome is dropped. Who waits goes into the ready queue.
int slot_settle(slot_handle_t handle, const gevent_cell_t *result, greenlet_error_t *error);

// The host's part: nobody waits for the operation any more.
void slot_abandoned(slot_handle_t handle);

#endif
