// A WASI command: `_start` runs main() above the pump and drives the hub, until somebody exits.
//
// The environment says what no host can be asked for: GREENLET_STACK and GREENLET_MAIN_STACK, in
// bytes, and GREENLET_CLOCK, which may be "virtual".
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "../src/fatal.h"
#include "entry.h"
#include "main.h"
#include "start.h"
#include "wasm.h"

enum { LARGEST_STACK = 1 << 30 };

static void run_main(void *argument) {
    (void)argument;
    exit(main_call());
}

static uint32_t stack_size(const char *name) {
    const char *text = getenv(name);
    if (!text) return 0;
    char *end;
    unsigned long size = strtoul(text, &end, 10);
    if (end > text && !*end && size <= LARGEST_STACK) return (uint32_t)size;
    fatal(GREENLET_EINVAL, "%s: expected a number of bytes up to %d, got '%s'", name, LARGEST_STACK,
          text);
}

static void choose_clock(void) {
    const char *clock = getenv("GREENLET_CLOCK");
    if (clock && strcmp(clock, "virtual") == 0) (void)gevent_use_virtual_clock();
}

static void must(int code) {
    if (code < 0) fatal(code, "%s", greenlet_error_text(code));
}

static void drive(hub_t *hub, void *argument) {
    (void)argument;
    hub_drive(hub);
}

__attribute__((noinline)) static void run_command(void) {
    must(start_runtime(stack_size("GREENLET_MAIN_STACK"), stack_size("GREENLET_STACK")));
    start_constructors();
    choose_clock();
    must(host_start_main(run_main));
    for (;;) host_enter_hub(drive, NULL);
}

WASM_EXPORT("_start") void _start(void) {
    run_command();
}
