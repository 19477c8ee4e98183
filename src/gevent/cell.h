// A value that crosses the door, and what it is.
#ifndef GREENLET_CELL_H
#define GREENLET_CELL_H

#include <stddef.h>
#include <stdint.h>

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

// The types of door.h. Nothing (void) is said as a NULL in bytes.data.
typedef enum gevent_type {
    GEVENT_TYPE_void,
    GEVENT_TYPE_i32,
    GEVENT_TYPE_i64,
    GEVENT_TYPE_f32,
    GEVENT_TYPE_f64,
    GEVENT_TYPE_string,
    GEVENT_TYPE_bytes,
    GEVENT_TYPE_json,
    GEVENT_TYPE_ref,
    GEVENT_TYPE_stream = GEVENT_TYPE_ref,
    GEVENT_TYPE_lent = GEVENT_TYPE_ref
} gevent_type_t;

// Whether a cell of the type owns memory.
static inline int gevent_type_is_block(gevent_type_t type) {
    return type == GEVENT_TYPE_string || type == GEVENT_TYPE_bytes || type == GEVENT_TYPE_json;
}

#endif
