// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "fatal.h"
#include "greenlet_error.h"

void fatal_report(int code, const char *message) {
    fflush(stdout);
    fprintf(stderr, "greenlet: %s: %s\n", greenlet_error_name(code), message);
    abort();
}
