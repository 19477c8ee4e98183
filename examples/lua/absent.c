// Functions of C that WASI has not, as libc has them where they cannot be done: os.tmpname,
// io.tmpfile and os.execute of Lua then fail as Lua says.
//
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

char *tmpnam(char *name) {
    (void)name;
    return NULL;
}

FILE *tmpfile(void) {
    errno = ENOSYS;
    return NULL;
}

int system(const char *command) {
    if (!command) return 0; // there is no shell
    errno = ENOSYS;
    return -1;
}
