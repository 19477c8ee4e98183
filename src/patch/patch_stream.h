// A stream that is being used: nobody else uses it until the end, though the call may park.
#ifndef GREENLET_PATCH_STREAM_H
#define GREENLET_PATCH_STREAM_H

#include <stdio.h>

#include "../gevent/cleanup.h"

typedef struct stream_use {
    struct stream_lock *lock; // NULL: it needs none
    gevent_cleanup_t cleanup;
} stream_use_t;

// Waits until nobody else does: 0, or -1 and errno. A stream that does not park is locked only
// where somebody holds it by flockfile. For libc's stdin, `file` becomes a stream that parks, which
// stdin is from then on.
int stream_begin(stream_use_t *use, FILE **file);
void stream_end(stream_use_t *use);

#endif
