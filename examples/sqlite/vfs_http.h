// A file system for SQLite in which a database's name is its URL, and to read is to ask a server
// for a range. Read-only. While an answer is on its way the greenlet that asked is parked, in the
// middle of SQLite.
//
// Is SQLite, built without locks, safe with others running then? Where a connection belongs to one
// greenlet it is. Greenlets do not preempt one another: SQLite lets go only where it calls what
// waits, which is this file system and the handler that sqlite3_progress_handler() sets. What its
// connections share is the allocator, the random numbers, the list of file systems and the
// configuration, and it is done with each of these before it calls either: a build with threads
// has global locks for them, and holds none across a read. What it holds then is the connection's
// own lock, for statements, schema and page cache. So nobody else may use the connection
// meanwhile, nor its cache: sqlite_cfg.h leaves shared caches out.
//
// SPDX-License-Identifier: MIT
#ifndef VFS_HTTP_H
#define VFS_HTTP_H

#include "sqlite3.h"

// Nothing to call: SQLite calls sqlite3_os_init() when it is first used, and that makes this its
// only file system. SQLITE_IOERR_READ and SQLITE_CANTOPEN mean that the greenlet's last error says
// why: GREENLET_EREJECTED, GREENLET_EEXIT, or whatever ended the wait.

#endif
