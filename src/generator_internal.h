// What those who build on generators may know of them beyond generator.h.
#ifndef GREENLET_GENERATOR_INTERNAL_H
#define GREENLET_GENERATOR_INTERNAL_H

#include "generator.h"

// The argument of the generator whose body is running in the current greenlet, if that body is
// `run`; else NULL.
void *generator_current_argument(greenlet_run_fn run);

// What was thrown into whoever advanced it last, while its body waited elsewhere: it came out of
// the body's wait. The caller owns it; NULL: nothing was, or it has been taken.
greenlet_error_t *generator_take_thrown(generator_t *generator);

#endif
