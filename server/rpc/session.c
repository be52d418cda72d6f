/* The session of a connection: its reach, looked up by entity code. */
#include "server/rpc/session.h"

#include <stdlib.h>
#include <string.h>

static int reach_compare(const void *key, const void *item)
{
	return strcmp(key, ((const struct reach *)item)->entity);
}

const struct reach *session_reach(const struct session *session, const char *entity)
{
	if (session->reach_count == 0) {
		return NULL;
	}
	return bsearch(entity, session->reach, session->reach_count, sizeof *session->reach,
		       reach_compare);
}

void session_fini(struct session *session)
{
	free(session->reach);
	free(session->context_read);
	free(session->context_write);
	memset(session, 0, sizeof *session);
}
