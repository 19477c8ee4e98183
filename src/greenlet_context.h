// Context variables: values that code finds without being handed them, in a context that each
// greenlet has of its own, shares, or has copied. A new greenlet's context is empty.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_CONTEXT_VARIABLES_H
#define GREENLET_CONTEXT_VARIABLES_H

#include "greenlet.h"

#ifdef __cplusplus
extern "C" {
#endif

// A variable: a static object of the program, known by its address. Values are the program's own;
// the context neither copies nor frees them.
typedef struct greenlet_variable {
    void *default_value; // what it reads where nothing has been set
} greenlet_variable_t;

// Values of variables. Reference-counted. (python: contextvars.Context)
typedef struct greenlet_context greenlet_context_t;

// Reads and sets a variable in the current greenlet's context, which is made at the first set.
// GREENLET_ENOMEM, GREENLET_EINVAL (no variable). (python: ContextVar.get, .set)
void *greenlet_variable_get(const greenlet_variable_t *variable);
int greenlet_variable_set(const greenlet_variable_t *variable, void *value);

// A greenlet's context: borrowed; NULL while nothing has been set in it. In any state. (greenlet:
// gr_context)
greenlet_context_t *greenlet_context(const greenlet_t *greenlet);

// Replaces it, in any state; the greenlet takes a reference of its own. NULL: an empty one. Two
// greenlets that are given the same context share what either sets; to inherit without sharing,
// give it a copy. GREENLET_EINVAL (no greenlet), GREENLET_ETHREAD (of another thread).
int greenlet_set_context(greenlet_t *greenlet, greenlet_context_t *context);

// A copy, with a reference that the caller owns; of NULL, an empty one. GREENLET_ENOMEM,
// GREENLET_EINVAL (no result). (python: copy_context)
int greenlet_context_copy(const greenlet_context_t *context, greenlet_context_t **result);

// Adds and drops a reference. NULL is allowed; ref returns its argument.
greenlet_context_t *greenlet_context_ref(greenlet_context_t *context);
void greenlet_context_unref(greenlet_context_t *context);

#ifdef __cplusplus
}
#endif
#endif
