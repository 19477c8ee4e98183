// How often to look at the clock in a loop whose rounds may take any time: a look costs almost as
// much as a switch, and without one a slice gets too long. Private.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_PACE_H
#define GEVENT_PACE_H

#include <stdint.h>

enum { PACE_MOST_ROUNDS = 64 };

typedef struct pace {
    int64_t looked;
    unsigned rounds; // from one look to the next
    unsigned left;   // of those
} pace_t;

static inline pace_t pace_begin(int64_t now) {
    return (pace_t){now, 1, 1};
}

// Whether this round is to end with a look.
static inline int pace_is_due(pace_t *pace) {
    return --pace->left == 0;
}

// After the look: twice as many rounds until the next if these have taken less than a part of the
// slice, else half as many.
static inline void pace_look(pace_t *pace, int64_t now, int64_t slice) {
    int is_fast = now - pace->looked < slice / 8;
    unsigned rounds = is_fast ? 2 * pace->rounds : pace->rounds / 2;
    pace->rounds = rounds < 1 ? 1 : rounds > PACE_MOST_ROUNDS ? PACE_MOST_ROUNDS : rounds;
    pace->left = pace->rounds;
    pace->looked = now;
}

#endif
