// How the runtime names its imports and exports: all of them go through these macros, so that a
// flavour which allows only one import module can rename them in one place. What the linker has to
// export besides is data, in runtime.json.
#ifndef GREENLET_WASM_H
#define GREENLET_WASM_H

#define WASM_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define WASM_EXPORT(name) __attribute__((export_name(name), used))

// What the host gives, and what the build binds. Emscripten's linker knows one module of imports,
// and takes these from its JavaScript library by their names in C.
#ifdef __EMSCRIPTEN__
#define HOST_IMPORT(name)
#define BUILD_IMPORT(name)
#else
#define HOST_IMPORT(name) WASM_IMPORT("gevent_host", name)
#define BUILD_IMPORT(name) WASM_IMPORT("greenlet_build", name)
#endif

// The linker's stack. Emscripten's linker need not know these names yet.
#ifdef __EMSCRIPTEN__
#include <emscripten/stack.h>
#define WASM_STACK_HIGH ((char *)emscripten_stack_get_base())
#define WASM_STACK_LOW ((char *)emscripten_stack_get_end())
#else
extern char __stack_low, __stack_high;
#define WASM_STACK_HIGH (&__stack_high)
#define WASM_STACK_LOW (&__stack_low)
#endif

// How malloc aligns at least.
#ifdef __EMSCRIPTEN__
#define WASM_MALLOC_ALIGNMENT 8
#else
#define WASM_MALLOC_ALIGNMENT 16
#endif

// Whether somebody else is unwinding, as Emscripten's own waits do.
#ifdef __EMSCRIPTEN__
int host_is_unwinding(void);
#define WASM_IS_UNWOUND_BY_OTHERS() host_is_unwinding()
#else
#define WASM_IS_UNWOUND_BY_OTHERS() 0
#endif

// The head of a function that an optimiser before Asyncify, as Emscripten's is, must not merge into
// its callers: there they call it by an address that it cannot know.
#ifdef __EMSCRIPTEN__
#define WASM_APART(linkage, type, name, parameters, arguments)                                     \
    static type name##_apart parameters;                                                           \
    linkage type name parameters {                                                                 \
        static type(*volatile apart) parameters = name##_apart;                                    \
        return apart arguments;                                                                    \
    }                                                                                              \
    static type name##_apart parameters
#else
#define WASM_APART(linkage, type, name, parameters, arguments) linkage type name parameters
#endif

#endif
