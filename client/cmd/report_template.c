/* inap report template: a report as a form to fill in away from the line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/sheet.h"
#include "client/form/template.h"
#include "client/i18n.h"
#include "client/out/json.h"

enum format { FORMAT_XLSX, FORMAT_CSV };

static const char *const formats[] = { "xlsx", "csv" };

/* --format, else what the file's name ends in, else a workbook. */
static bool format_find(struct app *app, enum format *format)
{
	const char *given = option_text(app, OPT_FORMAT);
	const char *dot = strrchr(option_text(app, OPT_OUT), '.');

	*format = FORMAT_XLSX;
	if (!app->options.given[OPT_FORMAT]) {
		if (dot && strcasecmp(dot, ".csv") == 0)
			*format = FORMAT_CSV;
		return true;
	}
	for (int i = FORMAT_XLSX; i <= FORMAT_CSV; i++) {
		*format = (enum format)i;
		if (strcmp(given, formats[i]) == 0)
			return true;
	}
	return fail_with(app, ERROR_USAGE, "why", _("--format is xlsx or csv"), NULL);
}

/* Bytes need a file where the answer itself is JSON, and a terminal shows no workbook. */
static bool file_needed(struct app *app, enum format format)
{
	const char *file = option_text(app, OPT_OUT);
	bool to_file = app->options.given[OPT_OUT] && strcmp(file, "-") != 0;

	if (to_file || (!out_is_json(app) && (format == FORMAT_CSV || file[0] == '-')))
		return true;
	return fail_with(app, ERROR_USAGE, "why", _("say where to: --out FILE"), NULL);
}

static bool names_read(struct app *app, struct template *template)
{
	Inap__V1__CategoryList categories = INAP__V1__CATEGORY_LIST__INIT;
	Inap__V1__IndicatorList indicators = INAP__V1__INDICATOR_LIST__INIT;
	ProtobufCMessage *message = NULL;

	categories.plan = indicators.plan = template->show->report->plan;
	if (!exchange_call(app, METHOD_CATEGORY_LIST, &categories.base, &message))
		return false;
	template->categories = (const Inap__V1__CategoryListReply *)message;
	if (!exchange_call(app, METHOD_INDICATOR_LIST, &indicators.base, &message))
		return false;
	template->indicators = (const Inap__V1__IndicatorListReply *)message;
	return true;
}

static void meta_fill(struct app *app, struct template *template)
{
	static const char *const languages[] = { "en", "ar", "ckb" };
	const Inap__V1__HelloReply *hello = exchange_hello(app);

	template->meta = (struct sheet_meta){
		.present = true,
		.format = number_text(&app->pool, SHEET_FORMAT),
		.report = template->report,
		.plan = template->show->report->plan,
		.revision = pool_printf(&app->pool, "%llu",
					(unsigned long long)template->show->revision),
		.language = languages[language_now()],
		.at = hello ? hello->time : "",
	};
}

static bool book_make(const void *template, const char *path)
{
	return template_book(template, path);
}

static bool csv_bytes(const struct template *template, char **bytes, size_t *length)
{
	char *text = NULL;
	FILE *stream = open_memstream(&text, length);

	if (!stream)
		return fail_with(template->app, ERROR_FILE_BAD, "file", "-", "why", strerror(errno),
				 NULL);
	template_csv(template, stream);
	fclose(stream);
	*bytes = pool_strndup(&template->app->pool, text, *length);
	free(text);
	return true;
}

/* To the file that was named; what is said of it then goes to stdout. */
static bool file_write(struct app *app, const char *bytes, size_t length)
{
	const char *file = option_text(app, OPT_OUT);
	FILE *sink = fopen(file, "we");
	bool ok = sink && fwrite(bytes, 1, length, sink) == length;

	if (sink)
		ok = fclose(sink) == 0 && ok;
	app->options.given[OPT_OUT] = false;
	return ok || fail_with(app, ERROR_FILE_BAD, "file", file, "why", _(strerror(errno)), NULL);
}

static void template_say(struct app *app, const struct template *template, enum format format)
{
	const char *file = option_text(app, OPT_OUT);
	json_t *answer = json_object();

	json_put_text(answer, "report", template->report);
	json_put_number(answer, "revision", template->show->revision);
	json_put_text(answer, "format", formats[format]);
	json_put_text(answer, "language", template->meta.language);
	json_put_text(answer, "file", file);
	json_put_number(answer, "cells", template->show->n_asked);
	out_json(app, answer);
	out_say(app,
		sentence(&app->pool,
			 _("{file} is the form of {report}, revision {revision}: {count} cells"),
			 "file", file, "report", template->report, "revision",
			 template->meta.revision, "count",
			 number_text(&app->pool, template->show->n_asked), NULL));
	out_next(app, pool_printf(&app->pool, "inap report import %s %s", template->report, file));
}

/* The form speaks the person's language, also where the answer is JSON. */
static bool form_bytes(struct template *template, enum format format, char **bytes, size_t *length)
{
	enum language spoken = language_now();
	bool ok;

	language_set((enum language) template->app->config.language);
	meta_fill(template->app, template);
	if (format == FORMAT_CSV)
		ok = csv_bytes(template, bytes, length);
	else
		ok = (*bytes = sheet_made(template->app, book_make, template, length)) != NULL;
	language_set(spoken);
	return ok;
}

bool cmd_report_template(struct app *app)
{
	Inap__V1__ReportShowReply *show = NULL;
	struct template template = { .app = app };
	enum format format;
	struct target target;
	char *bytes = NULL;
	size_t length = 0;

	if (!format_find(app, &format) || !file_needed(app, format) ||
	    !target_begin(app, app->words_count ? app->words[0] : NULL, 0, &target) ||
	    !target_show(app, &target, 0, &show))
		return false;
	template.report = target.id;
	template.show = show;
	if (!names_read(app, &template) || !form_bytes(&template, format, &bytes, &length))
		return false;
	if (!app->options.given[OPT_OUT] || strcmp(option_text(app, OPT_OUT), "-") == 0) {
		fwrite(bytes, 1, length, app->out.stream);
	} else {
		if (!file_write(app, bytes, length))
			return false;
		template_say(app, &template, format);
	}
	target_seen(app, &target, show->revision);
	return true;
}
