// The program's main(), found by the names that clang gives it.
//
// SPDX-License-Identifier: MIT
#include "main.h"

#include <stdlib.h>
#include <wasi/api.h>

// main(void) and main(int, char **); which of them there is, the program decides, if any.
__attribute__((weak)) int __main_void(void);
__attribute__((weak)) int __main_argc_argv(int argc, char **argv);

// The arguments, NULL-terminated; alive as long as the instance.
static char **get_arguments(size_t *count) {
    size_t size;
    if (__wasi_args_sizes_get(count, &size) != 0) return NULL;
    char **arguments = calloc(*count + 1, sizeof *arguments);
    char *text = malloc(size ? size : 1);
    if (!arguments || !text) return NULL;
    return __wasi_args_get((uint8_t **)arguments, (uint8_t *)text) == 0 ? arguments : NULL;
}

int main_exists(void) {
    return __main_void || __main_argc_argv;
}

int main_call(void) {
    if (!__main_argc_argv) return __main_void();
    size_t count = 0;
    char **arguments = get_arguments(&count);
    if (!arguments) return EXIT_FAILURE;
    return __main_argc_argv((int)count, arguments);
}
