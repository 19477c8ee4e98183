// Values of a greenlet's own, by key: each greenlet has its own value of each key.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_LOCAL_H
#define GREENLET_LOCAL_H

#include "greenlet.h"

#ifdef __cplusplus
extern "C" {
#endif

// A key: a static object of the program, known by its address.
//   static const greenlet_key_t REQUEST = {free};
typedef struct greenlet_key {
    void (*release)(void *value); // called with a value that is replaced or whose greenlet is
                                  // freed; NULL: nothing is
} greenlet_key_t;

// The value of a greenlet (NULL: the current one) for a key: borrowed; NULL if none was set. In any
// state: what a greenlet has set can be read after its death. (greenlet: instance attributes)
void *greenlet_local(const greenlet_t *greenlet, const greenlet_key_t *key);

// Sets it; the greenlet owns the value from then on. The previous one is released.
// GREENLET_ENOMEM, with nothing changed; GREENLET_EINVAL (no key).
int greenlet_set_local(greenlet_t *greenlet, const greenlet_key_t *key, void *value);

#ifdef __cplusplus
}
#endif
#endif
