// How the runtime names its imports and exports: all of them go through these macros, so that a
// flavour which allows only one import module can rename them in one place. What the linker has to
// export besides is data, in runtime.json.
#ifndef GREENLET_WASM_H
#define GREENLET_WASM_H

#define WASM_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define WASM_EXPORT(name) __attribute__((export_name(name), used))

#endif
