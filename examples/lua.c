// Scripts in Lua, as its authors ship it: each runs in a state and a greenlet of its own, and what
// a script waits in, be it sleep() or io.read(), keeps nobody else waiting. None of it knows: Lua
// calls fgets and its like, and sleep() below calls nanosleep, of libc.
//
//   examples/lua/fetch.sh
//   lua=build/lua-5.4.4/src
//   greenlet-wasm build examples/lua.c examples/lua/absent.c $(ls $lua/l*.c | grep -v '/luac*\.c')
//       -I$lua -include examples/lua/lua_cfg.h -Wno-deprecated-declarations
//       -lwasi-emulated-signal -lwasi-emulated-process-clocks -o lua.wasm
//   greenlet-wasm run lua.wasm -e 'sleep(1) print("a second later")' -e 'print(io.read())'
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gevent.h"

enum { STACK_SIZE = 256 * 1024 }; // Lua goes up to 200 calls of C deep

// sleep(seconds): this script waits.
static int lua_sleep(lua_State *L) {
    lua_Number seconds = luaL_checknumber(L, 1);
    luaL_argcheck(L, seconds >= 0 && seconds < 1e9, 1, "not a time to sleep");
    struct timespec time = {.tv_sec = (time_t)seconds};
    time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
    if (nanosleep(&time, NULL) < 0) return luaL_error(L, "sleep: %s", strerror(errno));
    return 0;
}

static int add_traceback(lua_State *L) {
    luaL_traceback(L, L, lua_tostring(L, 1), 1);
    return 1;
}

// In Lua, so that it is caught if there is no memory: -e TEXT, or the name of a file.
static int run_protected(lua_State *L) {
    char **script = lua_touserdata(L, 1);
    int is_text = strcmp(script[0], "-e") == 0 && script[1];
    luaL_openlibs(L);
    lua_register(L, "sleep", lua_sleep);
    lua_pushcfunction(L, add_traceback);
    int status = is_text ? luaL_loadbuffer(L, script[1], strlen(script[1]), "=(command line)")
                         : luaL_loadfile(L, script[0]);
    if (status == LUA_OK) status = lua_pcall(L, 0, 0, -2);
    return status == LUA_OK ? 0 : lua_error(L);
}

static void close_state(void *state) {
    lua_close(state);
}

static int has_failed; // a script

static int run_script(void *script, void **result) {
    (void)result;
    lua_State *L = luaL_newstate();
    if (!L) return GREENLET_ENOMEM;
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, close_state, L);
    lua_pushcfunction(L, run_protected);
    lua_pushlightuserdata(L, script);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        const char *message = lua_tostring(L, -1);
        fprintf(stderr, "lua: %s\n", message ? message : "an error that is not a string");
        has_failed = 1;
    }
    gevent_cleanup_pop(&cleanup, 1);
    return GREENLET_OK;
}

// Scripts start in the order in which they are named. The status is 1 if one of them failed.
int main(int argc, char **argv) {
    if (argc < 2) fprintf(stderr, "usage: lua {-e TEXT | FILE}...\n");
    greenlet_set_default_stack_size(STACK_SIZE);
    for (int i = 1; i < argc; i++) {
        if (gevent_spawn(run_script, &argv[i], NULL) < 0) return 1;
        if (strcmp(argv[i], "-e") == 0) i++;
    }
    return gevent_run() < 0 || has_failed || argc < 2;
}
