/* Settings of a run. */
#include "client/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/app.h"
#include "client/i18n.h"

/* A setting, and where it may come from. */
enum setting {
	SETTING_PROFILE,
	SETTING_SERVER,
	SETTING_CA,
	SETTING_USER,
	SETTING_OUTPUT,
	SETTING_LANG,
	SETTING_DIGITS,
	SETTING_COLOR,
	SETTING_PAGER,
	SETTING_TIMEOUT,
	SETTING_COUNT
};

struct setting_row {
	const char *key;         /* in files */
	const char *environment; /* variable */
	int option;              /* enum option_id, or -1 */
	const char *good;        /* what it may say */
};

static const struct setting_row rows[SETTING_COUNT] = {
	[SETTING_PROFILE] = { "profile", "INAP_PROFILE", OPT_PROFILE, "work, home-2" },
	[SETTING_SERVER] = { "server", "INAP_SERVER", OPT_SERVER, NULL },
	[SETTING_CA] = { "ca", "INAP_CA", OPT_CA, NULL },
	[SETTING_USER] = { "user", "INAP_USER", -1, NULL },
	[SETTING_OUTPUT] = { "output", "INAP_OUTPUT", OPT_OUTPUT,
			     "table, card, plain, csv, json, ndjson; --out FILE" },
	[SETTING_LANG] = { "lang", "INAP_LANG", OPT_LANG, "en, ar, ckb" },
	[SETTING_DIGITS] = { "digits", "INAP_DIGITS", OPT_DIGITS, "latn, arab" },
	[SETTING_COLOR] = { "color", "INAP_COLOR", OPT_COLOR, "auto, always, never" },
	[SETTING_PAGER] = { "pager", "INAP_PAGER", -1, NULL },
	[SETTING_TIMEOUT] = { "timeout", "INAP_TIMEOUT", OPT_TIMEOUT, "1..3600" },
};

/* What a file says: first for every profile, then for ours. */
struct file_reading {
	struct app *app;
	const char *profile; /* NULL: only the part before the first section */
	const char *common[SETTING_COUNT];
	const char *own[SETTING_COUNT];
};

static int entry_cb(void *data, const char *section, const char *name, const char *value)
{
	struct file_reading *reading = data;
	const char **into = NULL;

	if (section[0] == '\0')
		into = reading->common;
	else if (reading->profile && strcmp(section, reading->profile) == 0)
		into = reading->own;
	for (int i = 0; into && i < SETTING_COUNT; i++)
		if (strcmp(rows[i].key, name) == 0)
			into[i] = pool_strdup(&reading->app->pool, value);
	return 1; /* names of a newer client are no fault */
}

/* Fills value[] where it is still NULL. False: the file is there but cannot be read as INI. */
static bool file_read(struct app *app, const char *path, const char *profile, const char **value)
{
	struct file_reading reading = { .app = app, .profile = profile };
	int line = ini_parse(path, entry_cb, &reading);

	if (line > 0)
		return fail_with(app, ERROR_FILE_BAD, "file", path, "why",
				 sentence(&app->pool, _("line {line} is no setting"), "line",
					  number_text(&app->pool, (uint64_t)line), NULL),
				 NULL);
	for (int i = 0; i < SETTING_COUNT; i++) {
		if (!value[i])
			value[i] = reading.own[i];
		if (!value[i])
			value[i] = reading.common[i];
	}
	return true;
}

static const char *user_file(struct app *app)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (base && base[0])
		return pool_printf(&app->pool, "%s/inap/config.ini", base);
	return pool_printf(&app->pool, "%s/.config/inap/config.ini", home ? home : "");
}

static bool wrong(struct app *app, enum setting setting, const char *value)
{
	const char *why =
		sentence(&app->pool, _("'{value}' is not known for {setting}: {good}"), "value",
			 value, "setting", rows[setting].key, "good", rows[setting].good, NULL);

	return fail_with(app, ERROR_USAGE, "why", why, NULL);
}

static bool format_by_name(const char *name, enum out_format *format)
{
	static const char *const names[] = { "table", "card", "plain", "csv", "json", "ndjson" };

	for (int i = 0; i < 6; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*format = (enum out_format)i;
		return true;
	}
	return false;
}

/* The person's language where nobody chose one: that of the desktop, if it is one of ours. */
static const char *language_default(void)
{
	const char *tongue = getenv("LC_ALL");

	if (!tongue || !tongue[0])
		tongue = getenv("LC_MESSAGES");
	if (!tongue || !tongue[0])
		tongue = getenv("LANG");
	if (tongue && strncmp(tongue, "ar", 2) == 0)
		return "ar";
	return tongue && strncmp(tongue, "ckb", 3) == 0 ? "ckb" : "en";
}

static bool language_load(struct app *app, const char *code)
{
	enum language language = LANGUAGE_EN;

	if (code && !language_by_code(code, &language))
		return wrong(app, SETTING_LANG, code);
	if (!code)
		language_by_code(language_default(), &language);
	app->config.language = (int)language;
	language_set(language);
	return true;
}

static bool one_of(const char *value, const char *a, const char *b, const char *c)
{
	return strcmp(value, a) == 0 || strcmp(value, b) == 0 || (c && strcmp(value, c) == 0);
}

/* Profile names become file names. */
static bool profile_is_good(const char *name)
{
	return name[0] && name[0] != '.' && !strchr(name, '/') && strlen(name) < 64;
}

static const char *or_else(const char *value, const char *fallback)
{
	return value ? value : fallback;
}

static bool timeout_load(struct app *app, const char *value)
{
	char *end = NULL;
	unsigned long seconds;

	if (!value)
		return true;
	seconds = strtoul(value, &end, 10);
	if (*end || end == value || seconds == 0 || seconds > 3600)
		return wrong(app, SETTING_TIMEOUT, value);
	app->config.timeout_s = (uint32_t)seconds;
	return true;
}

/* How the answer looks. */
static bool look_load(struct app *app, const char **value)
{
	struct config *config = &app->config;

	config->digits = or_else(value[SETTING_DIGITS], "latn");
	config->color = or_else(value[SETTING_COLOR], "auto");
	config->pager = or_else(value[SETTING_PAGER], or_else(getenv("PAGER"), "less"));
	config->format = language_now() == LANGUAGE_EN ? OUT_TABLE : OUT_CARD;
	if (value[SETTING_OUTPUT] && !format_by_name(value[SETTING_OUTPUT], &config->format))
		return wrong(app, SETTING_OUTPUT, value[SETTING_OUTPUT]);
	if (app->options.given[OPT_JSON])
		config->format = OUT_JSON;
	if (!one_of(config->digits, "latn", "arab", NULL))
		return wrong(app, SETTING_DIGITS, config->digits);
	if (!one_of(config->color, "auto", "always", "never"))
		return wrong(app, SETTING_COLOR, config->color);
	/* What scripts read is never translated, and its digits are ASCII. */
	if (config->format == OUT_JSON || config->format == OUT_NDJSON)
		language_set(LANGUAGE_EN);
	digits_set(strcmp(config->digits, "arab") == 0 && config->format <= OUT_CARD);
	return true;
}

static bool config_apply(struct app *app, const char **value)
{
	struct config *config = &app->config;

	config->server = or_else(value[SETTING_SERVER], "");
	config->ca = or_else(value[SETTING_CA], "");
	config->user = or_else(value[SETTING_USER], "");
	return language_load(app, value[SETTING_LANG]) && look_load(app, value) &&
	       timeout_load(app, value[SETTING_TIMEOUT]);
}

bool config_load(struct app *app)
{
	const char *value[SETTING_COUNT] = { NULL };
	const char *profile[SETTING_COUNT] = { NULL };
	const char *own = user_file(app);

	app->config.format = app->options.given[OPT_JSON] ? OUT_JSON : OUT_TABLE;
	language_set(LANGUAGE_EN);
	for (int i = 0; i < SETTING_COUNT; i++) {
		if (rows[i].option >= 0)
			value[i] = app->options.value[rows[i].option];
		if (!value[i] && (value[i] = getenv(rows[i].environment)) && !value[i][0])
			value[i] = NULL;
	}
	/* The name of the profile first: the files' sections depend on it. */
	profile[SETTING_PROFILE] = value[SETTING_PROFILE];
	if (!file_read(app, own, NULL, profile) ||
	    !file_read(app, "/etc/inap/inap.ini", NULL, profile))
		return false;
	app->config.profile = profile[SETTING_PROFILE] ? profile[SETTING_PROFILE] : "default";
	if (!profile_is_good(app->config.profile))
		return wrong(app, SETTING_PROFILE, app->config.profile);
	return file_read(app, own, app->config.profile, value) &&
	       file_read(app, "/etc/inap/inap.ini", app->config.profile, value) &&
	       config_apply(app, value);
}
