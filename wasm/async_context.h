// Async contexts of JavaScript: C has the number of one, and hands it on from greenlet to greenlet.
// A call from JavaScript enters with its caller's; what it makes has that too, and so do the
// imports that those call.
#ifndef GREENLET_ASYNC_CONTEXT_H
#define GREENLET_ASYNC_CONTEXT_H

#include "../src/greenlet_internal.h"

// Takes the context of the call that is entering: the caller owns the reference. NULL if the host
// gave none.
greenlet_legacy_t *async_context_take(void);

#endif
