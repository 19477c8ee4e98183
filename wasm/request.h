// What a function of JavaScript that is a greenlet can ask for, and how that is done in C.
#ifndef GREENLET_REQUEST_H
#define GREENLET_REQUEST_H

#include "../src/gevent/publish_internal.h"

typedef struct action action_t;

typedef struct request {
    const action_t *action; // NULL: none
    char *name;             // of something published, allocated with malloc; or NULL
    gevent_task_t *task;    // owned; or NULL
    double seconds;
    gevent_type_t sent; // the type of the value
    gevent_cell_t value;
    greenlet_error_t *error; // to be thrown; owned, or NULL
    gevent_type_t got;       // the type of what it answers with
    void *item;              // that; owned
} request_t;

// Fills in a request: all that is owned is its own from now on.
void request_begin(request_t *request, unsigned action, gevent_cell_t value);

// Does it, in the current greenlet: 0 or a code, as the call of gevent.h that it stands for.
int request_carry_out(request_t *request);

// What it answers with: borrowed from the request.
gevent_cell_t request_answer(const request_t *request);

// Frees what it owns; it is none any more. (void *, for gevent_cleanup_push)
void request_drop(void *request);

#endif
