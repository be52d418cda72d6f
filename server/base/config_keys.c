/* The table of configuration keys. */
#include "server/base/config.h"

#include <limits.h>

/* Lower costs make tests fast; a release build has no way to them. */
#ifdef INAP_TEST_COSTS
enum { PASSES_MIN = 1, MEMORY_MIB_MIN = 1 };
#else
enum { PASSES_MIN = 3, MEMORY_MIB_MIN = 64 };
#endif

enum { HOUR_MS = 60 * 60 * 1000, MIB = 1 << 20 };

#define KEY(section, name, type, value, min, max, help)                                            \
	{                                                                                          \
#section, #name, type, offsetof(struct config, section.name), value, min, max,     \
			help                                                                       \
	}

static const struct config_key config_table[] = {
	KEY(listen, tls, CONFIG_LIST, "0.0.0.0:1325", 0, 0,
	    "Addresses (host:port) for TLS, separated by commas."),
	{ "listen", "unix", CONFIG_STRING, offsetof(struct config, listen.unix_path), "", 0, 0,
	  "Path of a Unix socket without TLS, of at most 107 bytes; empty for none." },
	KEY(listen, plain, CONFIG_STRING, "", 0, 0,
	    "Loopback address (host:port) without TLS; empty for none."),
	KEY(listen, http, CONFIG_STRING, "127.0.0.1:1326", 0, 0,
	    "Loopback address (host:port) of /healthz and /readyz; empty for none."),
	KEY(listen, reuse_port, CONFIG_BOOL, "no", 0, 0,
	    "Share the TLS port with another inapd on this machine."),
	KEY(listen, backlog, CONFIG_NUMBER, "511", 1, 65535,
	    "Connections that the kernel keeps waiting."),

	KEY(tls, certificate, CONFIG_STRING, "", 0, 0, "PEM file: the certificate and its chain."),
	KEY(tls, key, CONFIG_STRING, "", 0, 0, "PEM file: the certificate's private key."),
	KEY(tls, client_ca, CONFIG_STRING, "", 0, 0,
	    "PEM file: who signs client certificates; empty: none are asked for."),

	KEY(database, conninfo, CONFIG_STRING, "dbname=inap user=inap_app", 0, 0,
	    "libpq connection string of the role inap_app."),
	KEY(database, conninfo_auth, CONFIG_STRING, "dbname=inap user=inap_auth", 0, 0,
	    "libpq connection string of the role inap_auth."),
	KEY(database, write_connections, CONFIG_NUMBER, "2", 1, 64, "Connections that write."),
	KEY(database, read_connections, CONFIG_NUMBER, "2", 1, 64, "Connections that read."),
	KEY(database, bulk_connections, CONFIG_NUMBER, "1", 1, 64,
	    "Connections for long, streamed reads."),
	KEY(database, auth_connections, CONFIG_NUMBER, "1", 1, 64,
	    "Connections for login, sessions and users."),
	KEY(database, queue_max, CONFIG_NUMBER, "256", 1, 65535,
	    "Units that wait per lane; over it clients are told BUSY."),
	KEY(database, pipeline_depth, CONFIG_NUMBER, "8", 1, 256,
	    "Units in flight per connection."),

	KEY(limits, connections, CONFIG_NUMBER, "1024", 1, 65535, "Connections of clients."),
	KEY(limits, connections_before_login, CONFIG_NUMBER, "200", 1, 65535,
	    "Connections that have not logged in yet."),
	KEY(limits, connections_before_login_per_source, CONFIG_NUMBER, "20", 1, 65535,
	    "The same, of one /24 (IPv4) or /64 (IPv6)."),
	KEY(limits, in_flight_per_connection, CONFIG_NUMBER, "8", 1, 1024,
	    "Unanswered requests of a connection; at it nothing more is read."),
	KEY(limits, in_flight_per_user, CONFIG_NUMBER, "16", 1, 1024,
	    "Unanswered requests of a user; over it BUSY."),
	KEY(limits, out_high_bytes, CONFIG_SIZE, "512KiB", 4096, 64 * MIB,
	    "Output waiting on a connection at which nothing more is read; at half reading goes "
	    "on."),
	KEY(limits, stall_ms, CONFIG_DURATION, "30000", 1, HOUR_MS,
	    "A peer that takes none of the waiting output for this long is cut off."),
	KEY(limits, handshake_ms, CONFIG_DURATION, "5000", 1, HOUR_MS,
	    "Time for the TLS handshake."),
	KEY(limits, login_ms, CONFIG_DURATION, "20000", 1, HOUR_MS,
	    "Time from the handshake to a login or a resumed session."),
	KEY(limits, frame_ms, CONFIG_DURATION, "20000", 1, HOUR_MS,
	    "Time for the rest of a frame that has begun, plus 1 s for every 4 KiB of it."),
	KEY(limits, idle_ms, CONFIG_DURATION, "300000", 1, 24 * HOUR_MS,
	    "A logged in connection without a request or a ping for this long is closed."),
	KEY(limits, drain_ms, CONFIG_DURATION, "10000", 1, HOUR_MS,
	    "Time that requests in flight are given at the end of the daemon."),

	KEY(session, idle_minutes, CONFIG_NUMBER, "30", 1, 1440,
	    "Minutes without a request after which a session ends."),
	KEY(session, absolute_hours, CONFIG_NUMBER, "12", 1, 168,
	    "Hours after which a session ends in any case."),

	KEY(password, hash_jobs, CONFIG_NUMBER, "2", 1, 64, "Passwords that are hashed at once."),
	KEY(password, hash_queue, CONFIG_NUMBER, "64", 1, 4096,
	    "Logins that wait for it; over it BUSY."),
	KEY(password, passes, CONFIG_NUMBER, "3", PASSES_MIN, 100, "Passes of argon2id."),
	KEY(password, memory_mib, CONFIG_NUMBER, "64", MEMORY_MIB_MIN, 4096,
	    "Memory of argon2id, in MiB."),

	{ "edition", "public", CONFIG_BOOL, offsetof(struct config, edition.open), "no", 0, 0,
	  "Editions are read without an account." },
	KEY(edition, kurdistan_confirms, CONFIG_BOOL, "no", 0, 0,
	    "An edition with figures of the Kurdistan Region is confirmed by its coordinator, for "
	    "ten "
	    "working days."),

	KEY(log, level, CONFIG_LEVEL, "info", 0, 0, "debug, info, warning or error."),
};

const struct config_key *config_keys(size_t *count)
{
	*count = sizeof(config_table) / sizeof(config_table[0]);
	return config_table;
}
