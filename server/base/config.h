/**
 * The configuration: one table of keys gives the INI file, the flags, their checks and
 * inapd.conf(5).
 *
 * Precedence: default, then the file, then flags (--section-key=value).
 *
 * Ownership  config_init() fills defaults, config_fini() frees the strings; others only read.
 * Errors     a sentence naming the key, and for a file its line.
 * Limits     each key's own, in the table; a line of the file CONFIG_LINE_BYTES.
 * Threads    read-only after start: any.
 */
#ifndef INAP_BASE_CONFIG_H
#define INAP_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "server/base/error.h"
#include "server/base/log.h"

enum { CONFIG_LIST_MAX = 8, CONFIG_LINE_BYTES = 190 };

struct config_list {
	unsigned count;
	char *items[CONFIG_LIST_MAX];
};

/** What net/ holds every connection to; times in ms. */
struct config_limits {
	unsigned connections;
	unsigned connections_before_login;
	unsigned connections_before_login_per_source;
	unsigned in_flight_per_connection;
	unsigned in_flight_per_user;
	size_t out_high_bytes;
	unsigned stall_ms;
	unsigned handshake_ms;
	unsigned login_ms;
	unsigned frame_ms;
	unsigned idle_ms;
	unsigned drain_ms;
};

struct config {
	struct {
		struct config_list tls; /* host:port each */
		char *unix_path;        /* "": none */
		char *plain;            /* host:port on loopback, "": none */
		char *http;             /* host:port on loopback, "": none */
		bool reuse_port;
		unsigned backlog;
	} listen;
	struct {
		char *certificate;
		char *key;
		char *client_ca; /* "": client certificates are not asked for */
	} tls;
	struct {
		char *conninfo;
		char *conninfo_auth;
		unsigned write_connections;
		unsigned read_connections;
		unsigned bulk_connections;
		unsigned auth_connections;
		unsigned queue_max;
		unsigned pipeline_depth;
	} database;
	struct config_limits limits;
	struct {
		unsigned idle_minutes;
		unsigned absolute_hours;
	} session;
	struct {
		unsigned hash_jobs;
		unsigned hash_queue;
		unsigned passes;
		unsigned memory_mib;
	} password;
	struct {
		bool open; /* key `public`, a word of other languages */
		bool kurdistan_confirms;
	} edition;
	struct {
		enum log_level level;
	} log;
};

enum config_type {
	CONFIG_BOOL,     /* bool: yes or no */
	CONFIG_NUMBER,   /* unsigned */
	CONFIG_DURATION, /* unsigned, in ms: 250, 250ms, 30s, 5min, 12h */
	CONFIG_SIZE,     /* size_t, in bytes: 4096, 512KiB, 1MiB */
	CONFIG_STRING,   /* char * */
	CONFIG_LIST,     /* struct config_list, separated by commas */
	CONFIG_LEVEL     /* enum log_level */
};

struct config_key {
	const char *section;
	const char *name;
	enum config_type type;
	size_t offset;     /* in struct config */
	const char *value; /* default, as it would be written */
	unsigned long min; /* of numbers, durations and sizes */
	unsigned long max;
	const char *help;
};

/** The table; *count is its length. */
const struct config_key *config_keys(size_t *count);

/** What the command line says beside keys. */
struct config_arguments {
	const char *file; /* --config, NULL if not given; borrowed from argv */
	bool check;       /* --check-config */
	bool help;
	bool version;
};

/** All keys at their defaults; config_fini() is due afterwards even if it fails. */
bool config_init(struct config *config, struct error *error) __attribute__((warn_unused_result));
void config_fini(struct config *config);
/** Sets one key from text. */
bool config_set(struct config *config, const struct config_key *key, const char *value,
		struct error *error) __attribute__((warn_unused_result));
/** Reads an INI file over what is set. */
bool config_file(struct config *config, const char *path, struct error *error)
	__attribute__((warn_unused_result));
/** Defaults, the file that --config names, the other flags, the checks. *config must be zeroed or
 * fini'd. */
bool config_load(struct config *config, struct config_arguments *arguments, int argc, char **argv,
		 struct error *error) __attribute__((warn_unused_result));
/** What no single key can know: loopback addresses, paths that belong together. */
bool config_check(const struct config *config, struct error *error)
	__attribute__((warn_unused_result));

/** The table as mdoc(7) items, for inapd.conf(5). */
void config_document(FILE *out);
/** The flags, for --help. */
void config_usage(FILE *out);

#endif
