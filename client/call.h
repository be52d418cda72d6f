/**
 * One blocking connection to the server: TCP with TLS 1.3, or a Unix socket.
 *
 * Ownership  link_open() gives a link, link_close() takes it; NULL is fine.
 * Errors     noted in the app: NOT_REACHED, TLS_REFUSED, DEADLINE.
 * Limits     deadlines are moments of CLOCK_MONOTONIC in milliseconds, 0 = none.
 */
#ifndef INAP_CLIENT_CALL_H
#define INAP_CLIENT_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct link;

/** Connects to app->config.server and makes sure who answers. NULL: noted as a failure. */
struct link *link_open(struct app *app, int64_t deadline_ms);
/** Sends all of it. */
bool link_write(struct link *link, const uint8_t *bytes, size_t length, int64_t deadline_ms);
/** Reads at least one byte and at most `most`; 0: the server is gone (noted as a failure). */
size_t link_read(struct link *link, uint8_t *bytes, size_t most, int64_t deadline_ms);
void link_close(struct link *link);
/** SHA-256 of the certificate of the authority that vouched for the server, as openssl prints it;
 * "": none did. */
const char *link_authority(const struct link *link);
/** SHA-256. */
void digest_sha256(const void *bytes, size_t length, uint8_t digest[32]);
/** Milliseconds of CLOCK_MONOTONIC. */
int64_t clock_ms(void);

#endif
