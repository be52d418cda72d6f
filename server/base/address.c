/* Network addresses as text. */
#include "server/base/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static bool address_split(const char *text, char host[256], const char **port)
{
	const char *colon = strrchr(text, ':');
	const char *from = text;
	size_t length;
	char *end = NULL;
	unsigned long number;

	if (!colon || colon == text || colon[1] < '0' || colon[1] > '9') {
		return false;
	}
	length = (size_t)(colon - text);
	if (text[0] == '[' && colon[-1] == ']') {
		from++;
		length -= 2;
	} else if (memchr(text, ':', length)) {
		return false; /* a bare IPv6 address: which colon is the port's? */
	}
	number = strtoul(colon + 1, &end, 10);
	if (*end || number > 65535 || length == 0 || length >= 256) {
		return false;
	}
	memcpy(host, from, length);
	host[length] = '\0';
	*port = colon + 1;
	return true;
}

bool address_parse(const char *text, struct sockaddr_storage *address, struct error *error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	const char *port = NULL;
	char host[256];
	int code;

	memset(address, 0, sizeof(*address));
	if (!address_split(text, host, &port)) {
		return error_why(error, "'%s' is not host:port", text);
	}
	code = getaddrinfo(host, port, &hints, &found);
	if (code) {
		return error_why(error, "cannot resolve '%s': %s", text, gai_strerror(code));
	}
	memcpy(address, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return true;
}

bool address_loopback(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)address;

		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	if (address->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)address;

		return IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
	}
	return false;
}

const char *address_host(const struct sockaddr_storage *address, char out[ADDRESS_TEXT_BYTES])
{
	out[0] = '\0';
	if (address->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)address;

		inet_ntop(AF_INET, &in->sin_addr, out, ADDRESS_TEXT_BYTES);
	} else if (address->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)address;

		inet_ntop(AF_INET6, &in->sin6_addr, out, ADDRESS_TEXT_BYTES);
	}
	return out;
}

bool address_same_source(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family) {
		return false;
	}
	if (a->ss_family == AF_INET) {
		const struct sockaddr_in *x = (const struct sockaddr_in *)a;
		const struct sockaddr_in *y = (const struct sockaddr_in *)b;

		return memcmp(&x->sin_addr, &y->sin_addr, 3) == 0;
	}
	if (a->ss_family == AF_INET6) {
		const struct sockaddr_in6 *x = (const struct sockaddr_in6 *)a;
		const struct sockaddr_in6 *y = (const struct sockaddr_in6 *)b;
		size_t prefix = IN6_IS_ADDR_V4MAPPED(&x->sin6_addr) ? 15 : 8;

		return memcmp(&x->sin6_addr, &y->sin6_addr, prefix) == 0;
	}
	return false;
}
