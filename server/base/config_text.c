/* The table of configuration keys as text: for inapd.conf(5) and --help. */
#include "server/base/config.h"

#include <string.h>

static const char *const config_type_names[] = {
	[CONFIG_BOOL] = "yes or no",
	[CONFIG_NUMBER] = "a number",
	[CONFIG_DURATION] = "a duration (ms, s, min, h; a bare number is ms)",
	[CONFIG_SIZE] = "a size (KiB, MiB, GiB; a bare number is bytes)",
	[CONFIG_STRING] = "text",
	[CONFIG_LIST] = "a list separated by commas",
	[CONFIG_LEVEL] = "a level",
};

/* mdoc takes a dot or a quote at a line's start, and a backslash anywhere, as its own. */
static void config_mdoc(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'') {
		fputs("\\&", out);
	}
	for (; *text; text++) {
		if (*text == '\\') {
			fputs("\\e", out);
		} else {
			fputc(*text, out);
		}
	}
	fputc('\n', out);
}

void config_document(FILE *out)
{
	size_t count;
	const struct config_key *key = config_keys(&count);
	const char *section = "";

	for (; count > 0; count--, key++) {
		if (strcmp(section, key->section) != 0) {
			fprintf(out, "%s.Ss Section [%s]\n.Bl -tag -width Ds\n",
				*section ? ".El\n" : "", key->section);
			section = key->section;
		}
		fprintf(out, ".It Ic %s\n", key->name);
		config_mdoc(out, key->help);
		fprintf(out, "Takes %s", config_type_names[key->type]);
		if (key->max > 0) {
			fprintf(out, ", %lu to %lu", key->min, key->max);
		}
		if (key->value[0]) {
			fprintf(out, ".\nDefault:\n.Ql %s .\n", key->value);
		} else {
			fputs(".\nEmpty by default.\n", out);
		}
	}
	fputs(".El\n", out);
}

void config_usage(FILE *out)
{
	size_t count;
	const struct config_key *key = config_keys(&count);

	fputs("  --config FILE    read this file first; flags override it\n"
	      "  --check-config   check the configuration and stop\n"
	      "  --listen=LIST    same as --listen-tls\n"
	      "  --help           this text\n"
	      "  --version        the version\n\n",
	      out);
	for (; count > 0; count--, key++) {
		fprintf(out, "  --%s-", key->section);
		for (const char *c = key->name; *c; c++) {
			fputc(*c == '_' ? '-' : *c, out);
		}
		fprintf(out, "=%s\n        %s\n", key->value, key->help);
	}
}
