/* A failure, said: in the person's language on stderr, or as the promised JSON on stdout. */
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"
#include "proto/text.h"

static const char *code_sentence(struct app *app, const char *code, const char *fallback,
				 const struct place *places, size_t count)
{
	enum error_code known = error_by_name(code);

	if (known != ERROR_NONE)
		return sentence_fill(&app->pool, _(error_row(known)->text), places, count);
	if (fallback && fallback[0])
		return sentence_fill(&app->pool, fallback, NULL, 0);
	return sentence(&app->pool, _("the server refused it: {code}"), "code", code, NULL);
}

const char *failure_sentence(struct app *app)
{
	const struct failure *failure = &app->failure;

	return code_sentence(app, failure->name, NULL, failure->places, failure->places_count);
}

const char *field_sentence(struct app *app, const struct failure_field *field)
{
	return code_sentence(app, field->code, field->message, field->places, field->places_count);
}

static json_t *fields_json(struct app *app)
{
	json_t *list = json_array();

	for (size_t i = 0; i < app->failure.fields_count; i++) {
		const struct failure_field *field = &app->failure.fields[i];
		json_t *one = json_object();

		json_put_text(one, "path", field->path);
		json_put_text(one, "code", field->code);
		json_put_text(one, "message", field_sentence(app, field));
		if (field->row || (field->column && field->column[0])) {
			json_object_set_new(one, "row", json_integer(field->row));
			json_put_text(one, "column", field->column);
		}
		if (field->cell && field->cell[0])
			json_put_text(one, "cell", field->cell);
		json_array_append_new(list, one);
	}
	return list;
}

json_t *failure_json(struct app *app)
{
	const struct failure *failure = &app->failure;
	json_t *error = json_object();
	json_t *arguments = json_object();

	for (size_t i = 0; i < failure->places_count; i++)
		json_put_text(arguments, failure->places[i].name, failure->places[i].value);
	json_put_text(error, "code", failure->name);
	json_put_text(error, "message", failure_sentence(app));
	json_object_set_new(error, "arguments", arguments);
	json_object_set_new(error, "fields", fields_json(app));
	json_object_set_new(error, "revision", json_integer((json_int_t)failure->revision));
	json_object_set_new(error, "actions",
			    failure->wire
				    ? json_actions(failure->wire->actions, failure->wire->n_actions)
				    : json_array());
	if (failure->wire && failure->wire->n_changes > 0)
		json_object_set_new(error, "changes",
				    json_changes(failure->wire->changes, failure->wire->n_changes));
	json_put_text(error, "trace", failure->trace);
	return error;
}

static const char *safe(struct app *app, const char *text)
{
	char *printable = text_printable(text ? text : "", false);
	char *copy = pool_strdup(&app->pool, printable);

	free(printable);
	return copy;
}

/* Where it is: the row and column of a file, and the cell. */
static void field_say(struct app *app, const struct failure_field *field, FILE *stream)
{
	const char *place = field->cell && field->cell[0] ? field->cell : field->path;

	fputs("  ", stream);
	if (field->row)
		fprintf(stream, "%s%u  ", safe(app, field->column), (unsigned)field->row);
	if (place && place[0])
		fprintf(stream, "%s  ", safe(app, word(place)));
	fprintf(stream, "%s\n", field_sentence(app, field));
}

void fields_say(struct app *app, FILE *stream)
{
	for (size_t i = 0; i < app->failure.fields_count; i++)
		field_say(app, &app->failure.fields[i], stream);
}

static void change_say(struct app *app, const Inap__V1__CellChange *change)
{
	fprintf(stderr, "  %s  %s -> %s  %s  %s", safe(app, change->cell),
		safe(app, value_human(app, change->before)),
		safe(app, value_human(app, change->after)), safe(app, change->by),
		safe(app, clock_moment(app, change->at)));
	if (change->mine)
		fprintf(stderr, "  %s",
			sentence(&app->pool, _("yours: {value}"), "value",
				 value_human(app, change->mine), NULL));
	fputc('\n', stderr);
}

/* Those that are yours too, or those that are not. */
static size_t changes_of(struct app *app, bool yours, const char *heading)
{
	const Inap__V1__Error *wire = app->failure.wire;
	size_t count = 0;

	for (size_t i = 0; i < wire->n_changes; i++) {
		if (wire->changes[i]->yours != yours)
			continue;
		if (count++ == 0)
			fprintf(stderr, "%s\n", heading);
		change_say(app, wire->changes[i]);
	}
	return count;
}

/* What others changed meanwhile: first the cells that both changed, where somebody has to decide.
 */
static void changes_say(struct app *app)
{
	bool save = app->command && strstr(app->command->methods, "report.save") != NULL;
	size_t both;

	if (!app->failure.wire || app->failure.wire->n_changes == 0)
		return;
	both = changes_of(app, true, _("Changed by you and meanwhile by others:"));
	changes_of(app, false, _("Changed meanwhile by others:"));
	if (save && both == 0)
		fprintf(stderr, "%s\n",
			_("None of these is yours: the same command with --merge saves yours "
			  "beside them."));
}

/* What a stale revision asks for: looking at what changed. */
static void next_find(struct app *app)
{
	struct failure *failure = &app->failure;
	const char *report = NULL, *base = NULL, *revision = NULL;

	for (size_t i = 0; i < failure->places_count; i++) {
		const struct place *place = &failure->places[i];

		if (strcmp(place->name, "report") == 0)
			report = place->value;
		else if (strcmp(place->name, "base") == 0)
			base = place->value;
		else if (strcmp(place->name, "revision") == 0)
			revision = place->value;
	}
	if (failure->next || !report)
		return;
	if (failure->code == ERROR_STALE_REVISION && base && revision)
		fail_next(app, N_("To see the change:"),
			  pool_printf(&app->pool, "inap report diff %s --from %s --to %s", report,
				      base, revision));
	else if (failure->code == ERROR_INCOMPLETE)
		fail_next(app, N_("To see what is missing:"),
			  pool_printf(&app->pool, "inap report check %s", report));
	else if (failure->code == ERROR_POINTS_OPEN)
		fail_next(app, N_("To see the points:"),
			  pool_printf(&app->pool, "inap report show %s --points", report));
}

static void failure_say(struct app *app)
{
	struct failure *failure = &app->failure;
	const char *red = out_color(app, stderr, "\033[31m");
	const char *plain = red[0] ? "\033[0m" : "";

	fprintf(stderr, "%sinap:%s %s (%s)\n", red, plain, failure_sentence(app),
		safe(app, failure->name));
	fields_say(app, stderr);
	changes_say(app);
	if (failure->trace && failure->trace[0] && app->options.given[OPT_VERBOSE])
		fprintf(stderr, "%s\n",
			sentence(&app->pool, _("trace {trace}"), "trace", failure->trace, NULL));
	next_find(app);
	if (failure->next)
		fprintf(stderr, "%s  %s\n", _(failure->next_label), safe(app, failure->next));
}

void out_failure(struct app *app)
{
	json_t *answer;

	if (!out_is_json(app)) {
		failure_say(app);
		return;
	}
	answer = json_object();
	json_object_set_new(answer, "error", failure_json(app));
	json_dumpf(answer, stdout,
		   app->config.format == OUT_NDJSON ? JSON_COMPACT : JSON_INDENT(2));
	fputc('\n', stdout);
	fflush(stdout);
	json_decref(answer);
}
