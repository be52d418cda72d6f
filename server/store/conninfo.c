/* Connection strings: parsed, their host names looked up in a worker, handed to libpq. */
#include "server/store/conninfo.h"

#include <assert.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

enum { PAIRS_MAX = 64, LIST_BYTES = CONNINFO_TARGETS_MAX * (CONNINFO_HOST_BYTES + 1) };

static const char *option(const struct conninfo *conninfo, const char *keyword)
{
	for (const PQconninfoOption *o = conninfo->options; o->keyword != NULL; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return o->val;
	return NULL;
}

/* The i-th item of a comma-separated list into out; false where there is none or it is too long. */
static bool item(const char *list, unsigned i, char *out, size_t size)
{
	size_t length;

	out[0] = '\0';
	if (list == NULL || list[0] == '\0')
		return false;
	for (; i > 0; i--) {
		list = strchr(list, ',');
		if (list == NULL)
			return false;
		list++;
	}
	length = strcspn(list, ",");
	if (length >= size)
		return false;
	memcpy(out, list, length);
	out[length] = '\0';
	return true;
}

static unsigned items(const char *list)
{
	unsigned n = 1;

	if (list == NULL || list[0] == '\0')
		return 0;
	for (; *list != '\0'; list++)
		n += *list == ',';
	return n;
}

static bool is_socket(const char *host)
{
	return host[0] == '\0' || host[0] == '/' || host[0] == '@';
}

/* libuv and the kernel cut longer socket paths without a word. */
static bool check_target(const struct conninfo_target *target, struct error *error)
{
	size_t length = strlen(target->host) + strlen("/.s.PGSQL.") + strlen(target->port);

	if (target->address[0] != '\0' || !is_socket(target->host))
		return true;
	if (length < sizeof((struct sockaddr_un *)0)->sun_path)
		return true;
	return error_why(error, "database socket path too long (107 bytes at most): '%s'",
			 target->host);
}

static bool read_targets(struct conninfo *conninfo, struct error *error)
{
	const char *hosts = option(conninfo, "host");
	const char *addresses = option(conninfo, "hostaddr");
	const char *ports = option(conninfo, "port");
	unsigned count;

	/* What libpq would take from the environment itself, name look-up included. */
	if (hosts == NULL && addresses == NULL) {
		hosts = getenv("PGHOST");
		addresses = getenv("PGHOSTADDR");
	}
	if (ports == NULL || ports[0] == '\0')
		ports = getenv("PGPORT");
	count = items(addresses) > items(hosts) ? items(addresses) : items(hosts);
	if (count == 0)
		count = 1; /* the default socket directory */
	if (count > CONNINFO_TARGETS_MAX)
		return error_why(error, "too many database hosts: %u", count);
	for (unsigned i = 0; i < count; i++) {
		struct conninfo_target *target = &conninfo->given[i];

		item(hosts, i, target->host, sizeof target->host);
		item(addresses, i, target->address, sizeof target->address);
		if (!item(ports, items(ports) == 1 ? 0 : i, target->port, sizeof target->port) ||
		    target->port[0] == '\0')
			strcpy(target->port, "5432");
		if (!check_target(target, error))
			return false;
	}
	conninfo->given_count = count;
	return true;
}

bool conninfo_init(struct conninfo *conninfo, const char *text, struct error *error)
{
	char *why = NULL;

	memset(conninfo, 0, sizeof *conninfo);
	conninfo->options = PQconninfoParse(text, &why);
	if (conninfo->options == NULL) {
		if (why != NULL)
			why[strcspn(why, "\n")] = '\0';
		error_why(error, "bad database connection string: %s",
			  why == NULL ? "no memory" : why);
		PQfreemem(why);
		return false;
	}
	if (!read_targets(conninfo, error)) {
		conninfo_fini(conninfo);
		return false;
	}
	return true;
}

void conninfo_fini(struct conninfo *conninfo)
{
	assert(!conninfo->resolving);
	PQconninfoFree(conninfo->options);
	conninfo->options = NULL;
}

/* address, of at most 63 bytes, is what the name stands for; NULL where the target needs no
 * look-up. */
static void add_target(struct conninfo *conninfo, const struct conninfo_target *given,
		       const char *address)
{
	struct conninfo_target *target;

	if (conninfo->target_count == CONNINFO_TARGETS_MAX)
		return;
	target = &conninfo->targets[conninfo->target_count++];
	*target = *given;
	if (address != NULL)
		strcpy(target->address, address);
}

static void looked_up_in_vain(struct conninfo *conninfo, int status)
{
	snprintf(conninfo->why, sizeof conninfo->why, "cannot look up '%.100s': %s",
		 conninfo->given[conninfo->at].host, uv_strerror(status));
}

static void resolve_on(struct conninfo *conninfo);

static void lookup_cb(uv_getaddrinfo_t *lookup, int status, struct addrinfo *addresses)
{
	struct conninfo *conninfo = lookup->data;
	const struct conninfo_target *given = &conninfo->given[conninfo->at];
	char text[64];

	if (status < 0)
		looked_up_in_vain(conninfo, status);
	for (struct addrinfo *a = addresses; a != NULL; a = a->ai_next)
		if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0,
				NI_NUMERICHOST) == 0)
			add_target(conninfo, given, text);
	uv_freeaddrinfo(addresses);
	conninfo->resolving = false;
	conninfo->at++;
	resolve_on(conninfo);
}

/* Goes on with the given hosts until one must be looked up, or all are done. */
static void resolve_on(struct conninfo *conninfo)
{
	static const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };

	for (; conninfo->at < conninfo->given_count; conninfo->at++) {
		const struct conninfo_target *given = &conninfo->given[conninfo->at];
		int status;

		if (given->address[0] != '\0' || is_socket(given->host)) {
			add_target(conninfo, given, NULL);
			continue;
		}
		conninfo->lookup.data = conninfo;
		status = uv_getaddrinfo(conninfo->loop, &conninfo->lookup, lookup_cb, given->host,
					NULL, &hints);
		if (status == 0) {
			conninfo->resolving = true;
			return;
		}
		looked_up_in_vain(conninfo, status);
	}
	conninfo->done(conninfo, conninfo->target_count == 0 ? conninfo->why : NULL);
}

void conninfo_resolve(struct conninfo *conninfo, uv_loop_t *loop,
		      void (*done)(struct conninfo *conninfo, const char *why))
{
	assert(!conninfo->resolving);
	conninfo->loop = loop;
	conninfo->done = done;
	conninfo->target_count = 0;
	conninfo->at = 0;
	conninfo->why[0] = '\0';
	resolve_on(conninfo);
}

void conninfo_cancel(struct conninfo *conninfo)
{
	if (!conninfo->resolving)
		return;
	uv_cancel((uv_req_t *)&conninfo->lookup);
	conninfo->given_count = conninfo->at + 1; /* no further one */
}

struct pairs {
	const char *keywords[PAIRS_MAX];
	const char *values[PAIRS_MAX];
	unsigned count;
};

static void pair(struct pairs *pairs, const char *keyword, const char *value)
{
	assert(pairs->count < PAIRS_MAX - 1);
	pairs->keywords[pairs->count] = keyword;
	pairs->values[pairs->count++] = value;
}

/* Ours where the string says nothing. */
static void pair_default(struct pairs *pairs, const struct conninfo *conninfo, const char *keyword,
			 const char *value)
{
	if (option(conninfo, keyword) == NULL)
		pair(pairs, keyword, value);
}

static bool is_replaced(const char *keyword)
{
	static const char *const replaced[] = { "host", "hostaddr", "port", "options",
						"client_encoding" };

	for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
		if (strcmp(keyword, replaced[i]) == 0)
			return true;
	return false;
}

PGconn *conninfo_start(const struct conninfo *conninfo, const char *settings)
{
	char hosts[LIST_BYTES] = "", addresses[LIST_BYTES] = "", ports[LIST_BYTES] = "";
	char options[1024];
	struct pairs pairs = { .count = 0 };
	const char *given = option(conninfo, "options");

	for (unsigned i = 0; i < conninfo->target_count; i++) {
		const struct conninfo_target *target = &conninfo->targets[i];

		strcat(strcat(hosts, i > 0 ? "," : ""), target->host);
		strcat(strcat(addresses, i > 0 ? "," : ""), target->address);
		strcat(strcat(ports, i > 0 ? "," : ""), target->port);
	}
	snprintf(options, sizeof options, "%s %s", given == NULL ? "" : given, settings);
	for (const PQconninfoOption *o = conninfo->options; o->keyword != NULL; o++)
		if (o->val != NULL && !is_replaced(o->keyword))
			pair(&pairs, o->keyword, o->val);
	pair(&pairs, "host", hosts);
	pair(&pairs, "hostaddr", addresses);
	pair(&pairs, "port", ports);
	pair(&pairs, "options", options);
	pair(&pairs, "client_encoding", "UTF8");
	/* Kerberos would look for its realm in the DNS, on this thread. */
	pair_default(&pairs, conninfo, "gssencmode", "disable");
	pair_default(&pairs, conninfo, "fallback_application_name", "inapd");
	/* A peer that vanished is noticed within a quarter of a minute. */
	pair_default(&pairs, conninfo, "tcp_user_timeout", "15000");
	pair_default(&pairs, conninfo, "keepalives_idle", "15");
	pair(&pairs, NULL, NULL);
	return PQconnectStartParams(pairs.keywords, pairs.values, 0);
}
