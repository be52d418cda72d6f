/* Where the output goes. */
#include "client/out/out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/render.h"
#include "client/out/view.h"

bool out_begin(struct app *app)
{
	struct out *out = &app->out;

	out->stream = open_memstream(&out->bytes, &out->length);
	return out->stream ||
	       fail_with(app, ERROR_FILE_BAD, "file", "-", "why", strerror(errno), NULL);
}

bool out_is_json(const struct app *app)
{
	return app->config.format == OUT_JSON || app->config.format == OUT_NDJSON;
}

bool out_is_human(const struct app *app)
{
	return app->config.format == OUT_TABLE || app->config.format == OUT_CARD;
}

/* What a refusal shows beside itself is for people, whatever the answer's format. */
static enum out_format shown_format(const struct app *app)
{
	if (!app->out.to_stderr || out_is_human(app))
		return app->config.format;
	return language_now() == LANGUAGE_EN ? OUT_TABLE : OUT_CARD;
}

static FILE *shown_stream(const struct app *app)
{
	return app->out.to_stderr ? stderr : app->out.stream;
}

void out_say(struct app *app, const char *text)
{
	if (out_is_human(app) || app->out.to_stderr)
		fprintf(shown_stream(app), "%s\n", text);
}

void out_view(struct app *app, const struct view *view)
{
	enum out_format format = shown_format(app);

	if (format != OUT_JSON && format != OUT_NDJSON)
		view_render(view, format, shown_stream(app));
}

void out_side_view(struct app *app, const char *heading, const struct view *view)
{
	if ((!out_is_human(app) && !app->out.to_stderr) || view_rows(view) == 0)
		return;
	fputc('\n', shown_stream(app));
	if (heading)
		out_say(app, heading);
	view_render(view, shown_format(app), shown_stream(app));
}

void out_json(struct app *app, json_t *answer)
{
	const size_t flags = JSON_ENCODE_ANY;

	if (app->config.format == OUT_NDJSON && json_is_array(answer) && !app->out.to_stderr) {
		for (size_t i = 0; i < json_array_size(answer); i++) {
			json_dumpf(json_array_get(answer, i), app->out.stream,
				   flags | JSON_COMPACT);
			fputc('\n', app->out.stream);
		}
	} else if (out_is_json(app) && !app->out.to_stderr) {
		json_dumpf(answer, app->out.stream,
			   app->config.format == OUT_NDJSON ? flags | JSON_COMPACT
							    : flags | JSON_INDENT(2));
		fputc('\n', app->out.stream);
	}
	json_decref(answer);
}

void out_next(struct app *app, const char *command)
{
	if (!out_is_human(app) || app->options.given[OPT_QUIET])
		return;
	app->out.next = sentence(&app->pool, _("Next: {command}"), "command", command, NULL);
}

const char *out_color(const struct app *app, FILE *stream, const char *code)
{
	const char *term = getenv("TERM");
	const char *off = getenv("NO_COLOR");

	if (strcmp(app->config.color ? app->config.color : "never", "never") == 0)
		return "";
	if (strcmp(app->config.color, "always") == 0)
		return code;
	if ((off && off[0]) || !term || strcmp(term, "dumb") == 0 || !isatty(fileno(stream)))
		return "";
	return code;
}

/* More than a screen, and somebody looks: through the pager. */
static FILE *pager_open(const struct app *app)
{
	const char *lines = getenv("LINES");
	size_t rows = 0;

	if (app->options.given[OPT_NO_PAGER] || !app->config.pager[0] || !isatty(STDIN_FILENO) ||
	    !isatty(STDOUT_FILENO) || !out_is_human(app))
		return NULL;
	for (size_t i = 0; i < app->out.length; i++)
		rows += app->out.bytes[i] == '\n';
	if (rows < (lines ? strtoul(lines, NULL, 10) : 24))
		return NULL;
	if (app->options.given[OPT_OUT])
		return NULL;
	setenv("LESS", "FIRX", 0);
	return popen(app->config.pager, "w");
}

static FILE *sink_open(struct app *app)
{
	const char *file = option_text(app, OPT_OUT);

	if (!app->options.given[OPT_OUT] || strcmp(file, "-") == 0)
		return stdout;
	return fopen(file, "we");
}

/* False: there is no such pager, and nothing was shown. */
static bool page(const struct app *app, FILE *pager)
{
	int status;

	/* Whoever quits the pager early has seen enough. */
	fwrite(app->out.bytes, 1, app->out.length, pager);
	status = pclose(pager);
	return status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) != 127;
}

static bool deliver(struct app *app, FILE *pager)
{
	FILE *sink;
	bool ok;

	if (pager && page(app, pager))
		return true;
	sink = sink_open(app);
	ok = sink && fwrite(app->out.bytes, 1, app->out.length, sink) == app->out.length;
	if (sink && sink != stdout)
		ok = fclose(sink) == 0 && ok;
	else if (ok)
		ok = fflush(stdout) == 0;
	if (!ok && errno == EPIPE) /* the reader has seen enough, as head does */
		return true;
	return ok || fail_with(app, ERROR_FILE_BAD, "file", option_text(app, OPT_OUT), "why",
			       strerror(errno), NULL);
}

void out_drop(struct app *app)
{
	if (app->out.stream)
		fclose(app->out.stream);
	free(app->out.bytes);
	app->out = (struct out){ .stream = NULL };
}

bool out_end(struct app *app)
{
	struct out *out = &app->out;
	bool ok;

	if (!out->stream)
		return true;
	ok = !ferror(out->stream);
	if (fclose(out->stream) != 0 || !ok)
		ok = fail_with(app, ERROR_FILE_BAD, "file", "-", "why", _(strerror(ENOMEM)), NULL);
	else if (out->length > 0)
		ok = deliver(app, pager_open(app));
	if (out->next)
		app_note(app, out->next);
	free(out->bytes);
	*out = (struct out){ .stream = NULL };
	return ok;
}
