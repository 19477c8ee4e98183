// Names to addresses, by Node's dns.
//
// Of JavaScript this needs `imports: dnsImports()` of greenlet-wasm/dns, in Node or what resembles
// it. Answers are JSON, the caller's to free. What fails is GREENLET_ENETWORK with the host's
// message: "getaddrinfo ENOTFOUND nowhere.invalid".
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_IO_DNS_H
#define GEVENT_IO_DNS_H

#include "../door.h"

#ifdef __cplusplus
extern "C" {
#endif

// int gevent_dns_lookup(const char *host, int32_t family, char **addresses)
// As the system looks names up: [{"address":"127.0.0.1","family":4}]. The system's call goes on
// when who waits is killed. (getaddrinfo)
//   family  4, 6, or 0 for both
GEVENT_IMPORT_INLINE(json, gevent_dns, gevent_dns_lookup, string, i32)

// int gevent_dns_resolve(const char *name, const char *type, char **records)
// Asks name servers for records of a type, "A", "MX", "TXT" and so on, in the form of Node's
// dns.resolve. To kill who waits gives it up.
GEVENT_IMPORT_INLINE(json, gevent_dns, gevent_dns_resolve, string, string)

#ifdef __cplusplus
}
#endif
#endif
