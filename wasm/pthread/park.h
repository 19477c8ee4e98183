// Parking at an address: how greenlets wait for the objects of pthreads, which have no room for a
// list of those who wait.
#ifndef GREENLET_PTHREAD_PARK_H
#define GREENLET_PTHREAD_PARK_H

#include "../../src/gevent/wait.h"

typedef struct parking {
    const char *what;                 // the call, for reports
    greenlet_t *const *holder;        // where whoever holds the object is noted, or NULL
    const greenlet_t *whom;           // a greenlet that is waited for, or NULL
    int insists;                      // it waits even if its greenlet has been killed
    void (*give_back)(void *address); // it was unparked, but will not go on; or NULL
} parking_t;

// Parks the current greenlet until it is unparked: 0; ETIMEDOUT after `seconds`; ECANCELED if it is
// killed; EDEADLK where nothing may wait, or can. If nobody is left who could unpark the main
// greenlet, the program ends with a report: few look at what a lock returns.
int park(void *address, const parking_t *parking, double seconds);

// Unparks the greenlet that has been parked there longest: it, or NULL if nobody is. What comes
// meanwhile, a kill or a cancellation, waits for its next call.
greenlet_t *unpark(const void *address);
void unpark_all(const void *address);

int is_anybody_parked(const void *address);

#endif
