/* Questions to the person. */
#include "client/cmd/ask.h"

#include <bsd/readpassphrase.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/app.h"
#include "client/form/value.h"
#include "client/i18n.h"

enum { SECRET_BYTES_MAX = 1024 };

bool ask_possible(const struct app *app)
{
	return !app->options.given[OPT_NO_INPUT] && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static bool needs(struct app *app, const char *option)
{
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("nobody can be asked here: give --{option}"),
				  "option", option, NULL),
			 NULL);
}

/* What was gathered comes before the question about it. */
static void show_first(struct app *app)
{
	fflush(app->out.stream);
	if (app->out.length == 0)
		return;
	fwrite(app->out.bytes, 1, app->out.length, stdout);
	fflush(stdout);
	rewind(app->out.stream);
	fflush(app->out.stream);
}

static char *line_read(struct app *app, const char *prompt)
{
	char line[SECRET_BYTES_MAX];

	show_first(app);
	fprintf(stderr, "%s ", prompt);
	fflush(stderr);
	if (!fgets(line, sizeof line, stdin)) {
		fail_with(app, ERROR_INTERRUPTED, NULL);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return pool_strdup(&app->pool, line);
}

static bool is_yes(const char *answer)
{
	static const char *const words[] = { "y", "yes", "نعم", "بەڵێ" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(answer, words[i]) == 0)
			return true;
	return strcmp(answer, _("yes")) == 0;
}

bool ask_yes(struct app *app, const char *question, bool must)
{
	const char *answer;

	if (app->options.given[OPT_YES])
		return true;
	if (!ask_possible(app))
		return !must || needs(app, "yes");
	answer = line_read(app, pool_printf(&app->pool, "%s %s", question, _("[y/N]")));
	if (!answer)
		return false;
	return is_yes(answer) || fail_with(app, ERROR_INTERRUPTED, NULL);
}

bool ask_name(struct app *app, const char *question, const char *name)
{
	const char *typed = option_text(app, OPT_CONFIRM);

	if (!app->options.given[OPT_CONFIRM]) {
		if (!ask_possible(app))
			return needs(app, pool_printf(&app->pool, "confirm=%s", name));
		typed = line_read(app, question);
	}
	if (!typed)
		return false;
	if (strcmp(typed, name) == 0)
		return true;
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("'{typed}' is not '{name}': nothing was done"),
				  "typed", typed, "name", name, NULL),
			 NULL);
}

const char *ask_line(struct app *app, const char *prompt, enum option_id option)
{
	if (ask_possible(app))
		return line_read(app, prompt);
	needs(app, option_row(option)->name);
	return NULL;
}

static const char *secret_read(struct app *app, const char *file)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *stream = standard ? stdin : fopen(file, "re");
	char line[SECRET_BYTES_MAX] = "";
	const char *secret;

	if (!stream || !fgets(line, sizeof line, stream)) {
		fail_with(app, ERROR_FILE_BAD, "file", file, "why",
			  stream ? _("it is empty") : _(strerror(errno)), NULL);
		if (stream && !standard)
			fclose(stream);
		return NULL;
	}
	if (!standard)
		fclose(stream);
	line[strcspn(line, "\r\n")] = '\0';
	secret = pool_strdup(&app->pool, line);
	explicit_bzero(line, sizeof line);
	return secret;
}

static const char *secret_type(struct app *app, const char *prompt)
{
	char typed[SECRET_BYTES_MAX];
	const char *secret = NULL;

	if (readpassphrase(pool_printf(&app->pool, "%s ", prompt), typed, sizeof typed,
			   RPP_ECHO_OFF))
		secret = pool_strdup(&app->pool, typed);
	else
		fail_with(app, ERROR_INTERRUPTED, NULL);
	explicit_bzero(typed, sizeof typed);
	return secret;
}

/* Passwords travel in NFC, so that a keyboard's way of composing letters does not matter. */
static const char *secret_nfc(struct app *app, const char *secret)
{
	const char *clean = secret ? text_clean(app, secret) : NULL;

	if (secret && !clean)
		fail_with(app, ERROR_BAD_TEXT, "field", _("password"), "why",
			  _("is not valid UTF-8"), NULL);
	return clean;
}

const char *ask_secret(struct app *app, const char *prompt, enum option_id option, bool again)
{
	const char *secret, *repeated;

	if (app->options.given[option])
		return secret_nfc(app, secret_read(app, option_text(app, option)));
	if (!ask_possible(app)) {
		needs(app, option_row(option)->name);
		return NULL;
	}
	secret = secret_type(app, prompt);
	if (!secret || !again)
		return secret_nfc(app, secret);
	repeated = secret_type(app, _("Again:"));
	if (!repeated)
		return NULL;
	if (strcmp(secret, repeated) == 0)
		return secret_nfc(app, secret);
	fail_with(app, ERROR_USAGE, "why", _("the two are not the same"), NULL);
	return NULL;
}
