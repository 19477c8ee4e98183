// The end of the process or instance, with a name and a message: corruption, never misuse.
#ifndef GREENLET_FATAL_H
#define GREENLET_FATAL_H

// Formats the message on the calling stack, tells it to the host, and does not return.
_Noreturn void fatal(int code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

// The host's part: fatal_stdio.c natively and in WASI commands, ../wasm/host_js.c on the
// JavaScript host.
_Noreturn void fatal_report(int code, const char *message);

#endif
