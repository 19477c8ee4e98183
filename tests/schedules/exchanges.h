// What tasks do with each other through queues, channels, locks, pools and links; and whether
// nothing was lost or made up on the way.
#ifndef EXCHANGES_H
#define EXCHANGES_H

#include "gevent.h"

enum { EXCHANGES = 16 };

// Makes all objects anew.
int exchanges_begin(uint64_t seed);
// Does one of the EXCHANGES, by number; `choice` decides on the rest. What could not be done in
// time is no failure.
//   other  a task that may have finished
int exchange(unsigned number, unsigned choice, gevent_task_t *other);
// When nobody uses the objects any more: prints what came of it. Whether all is as it must be.
int exchanges_end(void);

#endif
