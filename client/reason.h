/* Reasons of refusals, which the server says in English, in the person's language. */
#ifndef INAP_CLIENT_REASON_H
#define INAP_CLIENT_REASON_H

struct pool;

/** The reason as a row of reasons.def says it, translated and filled; NULL: no row fits. */
const char *reason_said(struct pool *pool, const char *reason);

#endif
