// Where threads can be cancelled.
#ifndef GREENLET_PTHREAD_CANCEL_H
#define GREENLET_PTHREAD_CANCEL_H

#include "park.h"

// park for a call that is a cancellation point. If its thread is cancelled, `clean_up(argument)` is
// called (NULL: nothing is) and the thread ends in it.
int park_at_point(void *address, const parking_t *parking, double seconds,
                  void (*clean_up)(void *argument), void *argument);

// gevent_select for a call of libc that is one.
int cancel_select(gevent_case_t *cases, size_t count, double seconds);

#endif
