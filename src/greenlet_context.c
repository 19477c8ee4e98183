// SPDX-License-Identifier: MIT
#include "greenlet_context.h"

#include "greenlet_internal.h"
#include "memory.h"

struct greenlet_context {
    pairs_t values;
    unsigned refs;
};

greenlet_context_t *greenlet_context_ref(greenlet_context_t *context) {
    if (context) context->refs++;
    return context;
}

void greenlet_context_unref(greenlet_context_t *context) {
    if (!context || --context->refs > 0) return;
    pairs_clear(&context->values);
    memory_free(context);
}

int greenlet_context_copy(const greenlet_context_t *context, greenlet_context_t **result) {
    if (!result) return greenlet_fail(GREENLET_EINVAL);
    greenlet_context_t *copy = memory_alloc_zeroed(sizeof *copy);
    if (!copy) return greenlet_fail(GREENLET_ENOMEM);
    copy->refs = 1;
    if (context && pairs_copy(&copy->values, &context->values) < 0) {
        greenlet_context_unref(copy);
        return greenlet_fail(GREENLET_ENOMEM);
    }
    *result = copy;
    return GREENLET_OK;
}

greenlet_context_t *greenlet_context(const greenlet_t *greenlet) {
    return greenlet->context_values;
}

int greenlet_set_context(greenlet_t *greenlet, greenlet_context_t *context) {
    if (!greenlet) return greenlet_fail(GREENLET_EINVAL);
    if (greenlet->thread != greenlet_thread()) return greenlet_fail(GREENLET_ETHREAD);
    greenlet_context_t *previous = greenlet->context_values;
    greenlet->context_values = greenlet_context_ref(context);
    greenlet_context_unref(previous);
    return GREENLET_OK;
}

void *greenlet_variable_get(const greenlet_variable_t *variable) {
    const greenlet_context_t *context = greenlet_context(greenlet_current());
    const pair_t *pair = context ? pairs_find(&context->values, variable) : NULL;
    return pair ? pair->value : variable->default_value;
}

int greenlet_variable_set(const greenlet_variable_t *variable, void *value) {
    if (!variable) return greenlet_fail(GREENLET_EINVAL);
    greenlet_t *self = greenlet_current();
    if (!self->context_values && greenlet_context_copy(NULL, &self->context_values) < 0)
        return GREENLET_ENOMEM;
    int code = pairs_set(&self->context_values->values, variable, value);
    return code < 0 ? greenlet_fail(code) : GREENLET_OK;
}
