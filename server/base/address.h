/**
 * Network addresses as text: "host:port", "[::1]:1326".
 *
 * Errors     a sentence for people in *error.
 * Threads    start of the process only: a name is looked up in a blocking way.
 */
#ifndef INAP_BASE_ADDRESS_H
#define INAP_BASE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "server/base/error.h"

enum { ADDRESS_TEXT_BYTES = 80, ADDRESS_UNIX_BYTES_MAX = 107 };

/** The socket address of "host:port"; a name gives its first address. */
bool address_parse(const char *text, struct sockaddr_storage *address, struct error *error)
	__attribute__((warn_unused_result));
bool address_loopback(const struct sockaddr_storage *address);
/** The host without port ("::1" unbracketed), "" for what is neither IPv4 nor IPv6; returns out. */
const char *address_host(const struct sockaddr_storage *address, char out[ADDRESS_TEXT_BYTES]);
/** Same /24 (IPv4) or /64 (IPv6): what counts as one source. */
bool address_same_source(const struct sockaddr_storage *a, const struct sockaddr_storage *b);

#endif
