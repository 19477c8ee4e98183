// What Lua asks of C that WASI has not. Included before each file of Lua, which stay as they are.
//
// SPDX-License-Identifier: MIT
#ifndef LUA_CFG_H
#define LUA_CFG_H

#ifdef __wasi__
#define _WASI_EMULATED_SIGNAL
#define _WASI_EMULATED_PROCESS_CLOCKS
#define L_tmpnam 20
#endif

#endif
