// What an operation that settles a result may know of it.
#ifndef GREENLET_RESULT_INTERNAL_H
#define GREENLET_RESULT_INTERNAL_H

#include "cell.h"
#include "result.h"
#include "waiters.h"

// What will settle a result. Owned by it, until it has been settled or abandoned.
typedef struct operation {
    const char *module, *name;                    // static strings
    void (*abandon)(struct operation *operation); // frees it, and tells who works on it
} operation_t;

struct gevent_result {
    waiters_t waiters;
    operation_t *operation; // NULL: whoever calls gevent_result_set
    struct gevent_owner owner;
    greenlet_error_t *error;
    gevent_cell_t value;
    void (*release)(void *block); // of the value; NULL: it owns nothing
    unsigned refs;
    gevent_type_t type;
    int is_ready;
};

// Settles it with a value (block: what `release` frees; NULL: it owns nothing), or with an error
// (takes the reference).
void result_succeed(gevent_result_t *result, gevent_type_t type, gevent_cell_t value,
                    void (*release)(void *block));
void result_fail(gevent_result_t *result, greenlet_error_t *error);

// Takes its links out, uncalled (result_link.c).
void result_drop_links(gevent_result_t *result);

#endif
