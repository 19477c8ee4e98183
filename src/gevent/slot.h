// Slots: operations of the host that a greenlet waits for. All of a pending operation is here, in
// memory: the host only holds the handle, and gives it back with the outcome.
#ifndef GREENLET_SLOT_H
#define GREENLET_SLOT_H

#include <stddef.h>
#include <stdint.h>

#include "../greenlet_error.h"

// One value that crosses the door.
typedef union gevent_cell {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
    struct {
        void *data;
        size_t size;
    } bytes;
} gevent_cell_t;

// A slot's number and its generation, so that a late answer is known as such. 0 is none.
typedef uint32_t slot_handle_t;

// The slot that the next slot_wait will use; 0 without memory. It is not taken yet.
slot_handle_t slot_next(void);

// Takes the slot that slot_next named and parks the current greenlet until it is settled; then the
// result is in cells[0]. If the wait ends otherwise the operation is abandoned: slot_abandoned is
// told, and the slot stays taken until the host settles it.
//   module, name  of the operation; static strings
//   cells         result and arguments; the caller's, alive until the call returns
//   release       frees a result that came too late for the wait; NULL: it owns nothing
int slot_wait(slot_handle_t handle, const char *module, const char *name, gevent_cell_t *cells,
              void (*release)(gevent_cell_t *result));

// 1 if somebody still waits for it: ask before making a result that would have to be freed.
int slot_is_wanted(slot_handle_t handle);

// The outcome: a result, or an error (takes the reference). GREENLET_EHANDLE for a stale handle; if
// nobody waits any more the outcome is dropped. The waiter goes into the ready queue.
int slot_settle(slot_handle_t handle, const gevent_cell_t *result, greenlet_error_t *error);

// The host's part: nobody waits for the operation any more.
void slot_abandoned(slot_handle_t handle);

#endif
