/* The configuration: values from text, an INI file, flags, and the checks across keys. */
#include "server/base/config.h"

#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/address.h"

struct suffix {
	const char *text;
	unsigned long factor;
};

static const struct suffix config_no_units[] = { { "", 1 }, { NULL, 0 } };
static const struct suffix config_durations[] = { { "", 1 },        { "ms", 1 },
						  { "s", 1000 },    { "m", 60000 },
						  { "min", 60000 }, { "h", 3600000 },
						  { NULL, 0 } };
static const struct suffix config_sizes[] = { { "", 1 },          { "B", 1 },
					      { "KiB", 1 << 10 }, { "MiB", 1 << 20 },
					      { "GiB", 1 << 30 }, { NULL, 0 } };

static bool config_number(const struct config_key *key, const char *text,
			  const struct suffix *suffix, unsigned long *number, struct error *error)
{
	char *end = NULL;
	unsigned long value;

	if (text[0] < '0' || text[0] > '9') {
		return error_why(error, "%s.%s: '%s' is not a number", key->section, key->name,
				 text);
	}
	errno = 0;
	value = strtoul(text, &end, 10);
	while (suffix->text && strcmp(suffix->text, end) != 0) {
		suffix++;
	}
	if (!suffix->text) {
		return error_why(error, "%s.%s: '%s' has an unknown unit '%s'", key->section,
				 key->name, text, end);
	}
	if (errno || value > ULONG_MAX / suffix->factor || value * suffix->factor > key->max ||
	    value * suffix->factor < key->min) {
		return error_why(error, "%s.%s: '%s' lies outside %lu to %lu", key->section,
				 key->name, text, key->min, key->max);
	}
	*number = value * suffix->factor;
	return true;
}

static bool config_copy(char **to, const char *from, size_t length, struct error *error)
{
	char *copy = strndup(from, length);

	if (!copy) {
		return error_why(error, "out of memory");
	}
	free(*to);
	*to = copy;
	return true;
}

static void config_list_free(struct config_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		free(list->items[i]);
	}
	memset(list, 0, sizeof(*list));
}

static bool config_list_set(const struct config_key *key, struct config_list *list,
			    const char *text, struct error *error)
{
	config_list_free(list);
	while (*text) {
		size_t length = strcspn(text, ",");
		const char *from = text + strspn(text, " ");
		size_t used = (size_t)(text + length - from);

		while (used > 0 && from[used - 1] == ' ') {
			used--;
		}
		if (from > text + length || used == 0) {
			return error_why(error, "%s.%s: an item is empty", key->section, key->name);
		}
		if (list->count == CONFIG_LIST_MAX) {
			return error_why(error, "%s.%s: more than %d items", key->section,
					 key->name, CONFIG_LIST_MAX);
		}
		if (!config_copy(&list->items[list->count], from, used, error)) {
			return false;
		}
		list->count++;
		text += length;
		text += *text == ',' ? 1 : 0;
	}
	return true;
}

static bool config_bool(const struct config_key *key, const char *text, bool *value,
			struct error *error)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
		return error_why(error, "%s.%s: '%s' is neither yes nor no", key->section,
				 key->name, text);
	}
	*value = text[0] == 'y';
	return true;
}

bool config_set(struct config *config, const struct config_key *key, const char *value,
		struct error *error)
{
	void *field = (char *)config + key->offset;
	const struct suffix *units = key->type == CONFIG_DURATION ? config_durations
				     : key->type == CONFIG_SIZE   ? config_sizes
								  : config_no_units;
	unsigned long number = 0;

	switch (key->type) {
	case CONFIG_BOOL:
		return config_bool(key, value, field, error);
	case CONFIG_NUMBER:
	case CONFIG_DURATION:
		if (!config_number(key, value, units, &number, error)) {
			return false;
		}
		*(unsigned *)field = (unsigned)number;
		return true;
	case CONFIG_SIZE:
		if (!config_number(key, value, units, &number, error)) {
			return false;
		}
		*(size_t *)field = number;
		return true;
	case CONFIG_STRING:
		return config_copy(field, value, strlen(value), error);
	case CONFIG_LIST:
		return config_list_set(key, field, value, error);
	case CONFIG_LEVEL:
		return log_level_by_name(value, field) ||
		       error_why(error, "%s.%s: '%s' is not debug, info, warning or error",
				 key->section, key->name, value);
	}
	assert(false);
	return false;
}

bool config_init(struct config *config, struct error *error)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	memset(config, 0, sizeof(*config));
	for (; count > 0; count--, key++) {
		if (!config_set(config, key, key->value, error)) {
			return false;
		}
	}
	return true;
}

void config_fini(struct config *config)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	for (; count > 0; count--, key++) {
		void *field = (char *)config + key->offset;

		if (key->type == CONFIG_STRING) {
			free(*(char **)field);
		} else if (key->type == CONFIG_LIST) {
			config_list_free(field);
		}
	}
	memset(config, 0, sizeof(*config));
}

static const struct config_key *config_find(const char *section, const char *name)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	for (; count > 0; count--, key++) {
		if (strcmp(key->section, section) == 0 && strcmp(key->name, name) == 0) {
			return key;
		}
	}
	return NULL;
}

struct reader {
	FILE *file;
	const char *path;
	struct config *config;
	struct error *error;
	int line;
	bool failed; /* error is set */
};

static bool reader_fail(struct reader *reader, const char *why)
{
	if (!reader->failed) {
		error_why(reader->error, "%s, line %d: %s", reader->path, reader->line, why);
		reader->failed = true;
	}
	return false;
}

/* inih's fgets: counts lines, and refuses what inih would silently cut in two. */
static char *reader_line(char *line, int room, void *data)
{
	struct reader *reader = data;
	char *got = reader->failed ? NULL : fgets(line, room, reader->file);

	if (got) {
		reader->line++;
		if (strlen(line) >= CONFIG_LINE_BYTES) {
			reader_fail(reader, "this line is too long");
			return NULL;
		}
	}
	return got;
}

static int reader_pair(void *data, const char *section, const char *name, const char *value)
{
	struct reader *reader = data;
	const struct config_key *key = config_find(section, name);
	struct error why;
	char text[ERROR_VALUE_BYTES];

	if (reader->failed) {
		return 0;
	}
	if (!key) {
		snprintf(text, sizeof(text), "unknown key '%.60s.%.60s'", section, name);
		return reader_fail(reader, text);
	}
	if (!config_set(reader->config, key, value, &why)) {
		return reader_fail(reader, error_argument(&why, "why"));
	}
	return 1;
}

bool config_file(struct config *config, const char *path, struct error *error)
{
	struct reader reader = { .path = path, .config = config, .error = error };
	int line;

	/* a connection string may hold " ;", and an indented line is no continuation */
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	reader.file = fopen(path, "re");
	if (!reader.file) {
		return error_why(error, "cannot open '%s': %s", path, strerror(errno));
	}
	line = ini_parse_stream(reader_line, &reader, reader_pair, &reader);
	if (ferror(reader.file)) {
		reader_fail(&reader, "cannot be read");
	}
	fclose(reader.file);
	if (line != 0 && !reader.failed) {
		reader.line = line;
		reader_fail(&reader, "neither [section] nor key = value");
	}
	return !reader.failed;
}

/* "limits-stall-ms" or "limits-stall_ms"; "listen" stands for listen.tls. */
static const struct config_key *config_flag(const char *flag, size_t length)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	if (length == 6 && memcmp(flag, "listen", 6) == 0) {
		return config_find("listen", "tls");
	}
	for (; count > 0; count--, key++) {
		size_t section = strlen(key->section);
		size_t name = strlen(key->name);
		size_t i = 0;

		if (length != section + 1 + name || strncmp(flag, key->section, section) != 0 ||
		    flag[section] != '-') {
			continue;
		}
		while (i < name && (flag[section + 1 + i] == key->name[i] ||
				    (flag[section + 1 + i] == '-' && key->name[i] == '_'))) {
			i++;
		}
		if (i == name) {
			return key;
		}
	}
	return NULL;
}

/* The words that are no keys and take no value. */
static bool config_word(struct config_arguments *arguments, const char *name)
{
	const struct {
		const char *name;
		bool *flag;
	} words[] = {
		{ "check-config", &arguments->check },
		{ "help", &arguments->help },
		{ "version", &arguments->version },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].name, name) == 0) {
			*words[i].flag = true;
			return true;
		}
	}
	return false;
}

/* What stands behind the '=', or is the next argument; a bare switch means yes. NULL: missing. */
static const char *config_argument_value(const char *name, const struct config_key *key,
					 char *const *argv, int *at)
{
	const char *equals = strchr(name, '=');

	if (equals) {
		return equals + 1;
	}
	if (key && key->type == CONFIG_BOOL) {
		return "yes";
	}
	return argv[++*at];
}

/* One argument; *at moves on where its value is the next one. Without config keys are only looked
 * up. */
static bool config_argument(struct config *config, struct config_arguments *arguments,
			    char *const *argv, int *at, struct error *error)
{
	const char *argument = argv[*at];
	const struct config_key *key = NULL;
	const char *name;
	const char *value;
	size_t length;
	bool is_file;

	if (strncmp(argument, "--", 2) != 0 || !argument[2]) {
		return error_why(error, "unknown argument '%s'", argument);
	}
	name = argument + 2;
	if (config_word(arguments, name)) {
		return true;
	}
	length = strcspn(name, "=");
	is_file = length == 6 && memcmp(name, "config", 6) == 0;
	key = is_file ? NULL : config_flag(name, length);
	if (!is_file && !key) {
		return error_why(error, "unknown flag '%s'", argument);
	}
	value = config_argument_value(name, key, argv, at);
	if (!value) {
		return error_why(error, "flag '%s' wants a value", argument);
	}
	if (is_file) {
		arguments->file = value;
		return true;
	}
	return !config || config_set(config, key, value, error);
}

static bool config_flags(struct config *config, struct config_arguments *arguments, int argc,
			 char **argv, struct error *error)
{
	for (int i = 1; i < argc; i++) {
		if (!config_argument(config, arguments, argv, &i, error)) {
			return false;
		}
	}
	return true;
}

bool config_load(struct config *config, struct config_arguments *arguments, int argc, char **argv,
		 struct error *error)
{
	memset(arguments, 0, sizeof(*arguments));
	if (!config_init(config, error) || !config_flags(NULL, arguments, argc, argv, error)) {
		return false;
	}
	if (arguments->help || arguments->version) {
		return true;
	}
	if (arguments->file && !config_file(config, arguments->file, error)) {
		return false;
	}
	return config_flags(config, arguments, argc, argv, error) && config_check(config, error);
}

static bool config_check_loopback(const char *key, const char *text, struct error *error)
{
	struct sockaddr_storage address;
	struct error why;

	if (text[0] == '\0') {
		return true;
	}
	if (!address_parse(text, &address, &why)) {
		return error_why(error, "%s: %s", key, error_argument(&why, "why"));
	}
	if (!address_loopback(&address)) {
		return error_why(error, "%s: '%s' is not a loopback address", key, text);
	}
	return true;
}

bool config_check(const struct config *config, struct error *error)
{
	struct sockaddr_storage address;
	struct error why;

	if (strlen(config->listen.unix_path) > ADDRESS_UNIX_BYTES_MAX) {
		return error_why(error, "listen.unix: a path over %d bytes",
				 ADDRESS_UNIX_BYTES_MAX);
	}
	if (!config_check_loopback("listen.plain", config->listen.plain, error) ||
	    !config_check_loopback("listen.http", config->listen.http, error)) {
		return false;
	}
	for (unsigned i = 0; i < config->listen.tls.count; i++) {
		if (!address_parse(config->listen.tls.items[i], &address, &why)) {
			return error_why(error, "listen.tls: %s", error_argument(&why, "why"));
		}
	}
	if (config->listen.tls.count > 0 && (!config->tls.certificate[0] || !config->tls.key[0])) {
		return error_why(error, "listen.tls needs tls.certificate and tls.key");
	}
	if (config->listen.tls.count == 0 && !config->listen.unix_path[0] &&
	    !config->listen.plain[0]) {
		return error_why(error, "listen.tls, listen.unix and listen.plain are all empty");
	}
	return true;
}
