// What each frame of a measured stack keeps while it is left: three numbers that it needs when it
// goes on, and cannot find anywhere else. Whatever a switch is compared with has the same
// (../peers).
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stdint.h>

#define NOINLINE __attribute__((noinline))

typedef struct kept {
    int32_t a, b, c;
} kept_t;

static volatile int32_t seeds[3] = {1, 2, 3};
static uint32_t noted;

static inline kept_t keep(void) {
    return (kept_t){seeds[0], seeds[1], seeds[2]};
}

static inline void note(kept_t kept) {
    noted = ((noted * 31 + (uint32_t)kept.a) * 31 + (uint32_t)kept.b) * 31 + (uint32_t)kept.c;
}

#endif
