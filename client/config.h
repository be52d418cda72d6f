/* Settings of a run: flag, else INAP_*, else profile, else /etc/inap/inap.ini, else default. */
#ifndef INAP_CLIENT_CONFIG_H
#define INAP_CLIENT_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

struct app;

enum out_format { OUT_TABLE, OUT_CARD, OUT_PLAIN, OUT_CSV, OUT_JSON, OUT_NDJSON };

/**
 * The settings. Texts live in the app's pool.
 *
 * A file has settings of all profiles before the first section, and one section per profile:
 *     profile = moi
 *     [moi]
 *     server = reports.example.iq:1325
 *     ca = /etc/inap/ca.pem
 */
struct config {
	const char *profile; /* "default" */
	const char *server;  /* HOST:PORT, unix:PATH, plain:127.0.0.1:PORT; "" none */
	const char *ca;      /* file, or "": the system's authorities */
	const char *user;    /* user name offered at login, or "" */
	const char *digits;  /* latn, arab */
	const char *color;   /* auto, always, never */
	const char *pager;   /* command, or "": none */
	enum out_format format;
	int language;       /* enum language, as the person chose it; answers in JSON are English */
	uint32_t timeout_s; /* 0: each method's own */
};

/**
 * Reads the settings of this run and chooses its language.
 * False: a value that makes no sense, noted as a failure.
 */
bool config_load(struct app *app);

#endif
