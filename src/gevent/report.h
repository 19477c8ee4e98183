// What reports are made of.
#ifndef GREENLET_REPORT_H
#define GREENLET_REPORT_H

#include "text.h"
#include "wait.h"

// "waits in join for NAME since 0.000 s ago"
void report_wait(text_t *text, const hub_t *hub, const wait_t *wait);

// Marks those who wait in a circle, or for somebody who does: `mark` of their waits is then
// WAIT_STUCK. Returns how many (stuck.c).
enum { WAIT_STUCK = 2 };
size_t stuck_mark(hub_t *hub);

#endif
