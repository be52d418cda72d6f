/* inap extension: who may still write what in a closed round. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/deadline.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/cell.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "inap/v1/extension.pb-c.h"

enum { CELLS_MAX = 4000 };

static json_t *extension_json(const Inap__V1__Extension *extension)
{
	json_t *one = json_object();

	json_put_number(one, "extension", extension->extension);
	json_object_set_new(one, "report", json_report(extension->report));
	json_object_set_new(one, "cells", json_texts(extension->cells, extension->n_cells));
	json_put_text(one, "until", extension->until);
	json_put_text(one, "note", extension->note);
	json_put_text(one, "by", extension->by);
	json_put_text(one, "at", extension->at);
	json_put_text(one, "state", extension->state);
	json_put_maybe(one, "revoked_by", extension->revoked_by);
	json_put_maybe(one, "revoked_at", extension->revoked_at);
	json_put_maybe(one, "revoked_note", extension->revoked_note);
	return one;
}

static void extensions_render(struct app *app, const Inap__V1__ExtensionListReply *reply,
			      bool alone)
{
	const struct column columns[] = {
		{ "extension", _("EXTENSION"), COLUMN_NUMBER },
		{ "report", _("REPORT"), COLUMN_CODE },
		{ "cells", _("CELLS"), COLUMN_CODE },
		{ "until", _("UNTIL"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "by", _("BY"), COLUMN_CODE },
		{ "note", _("NOTE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_extensions; i++) {
		const Inap__V1__Extension *extension = reply->extensions[i];
		const char *cells = texts_join(app, extension->cells, extension->n_cells);

		json_array_append_new(list, extension_json(extension));
		view_number(view, extension->extension);
		view_code(view, report_id(app, extension->report));
		view_both(view, extension->n_cells ? cells : _("all"), cells);
		view_time(view, extension->until);
		view_word(view, extension->state);
		view_code(view, extension->by);
		view_text(view, extension->note);
	}
	if (alone && reply->n_extensions > 0) {
		out_json(app, json_incref(json_array_get(list, 0)));
		json_decref(list);
	} else {
		out_json(app, list);
	}
	if (reply->n_extensions == 0)
		out_say(app, _("no extensions"));
	else
		out_view(app, view);
}

static bool extension_write(struct app *app, enum method_number method,
			    const ProtobufCMessage *request)
{
	const struct write write = {
		.method = method, .request = request, .report = "", .intent = intent_of(app, "", 0)
	};
	ProtobufCMessage *message = NULL;

	if (!pending_settle(app, "", method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	extensions_render(app, (const Inap__V1__ExtensionListReply *)message, true);
	return true;
}

/* Commas part cells and, within one, its dimensions: what begins with a small letter goes on. */
static const char *cell_end(const char *from)
{
	const char *at = from;

	while (*at && *at != ' ' && (*at != ',' || islower((unsigned char)at[1])))
		at++;
	return at;
}

/* A cell in its canonical form; a table as the person wrote it, the server knows both. */
static char *cell_name(struct app *app, const char *text)
{
	struct cell cell = { 0 };
	const char *rest = "";

	if (!cell_parse(app, text, &cell, &rest) || *rest || cell.rest)
		return pool_strdup(&app->pool, text);
	return pool_strdup(&app->pool, cell_code(app, &cell));
}

static bool cells_read(struct app *app, Inap__V1__ExtensionAdd *request)
{
	size_t count;
	char **given = option_list(app, OPT_CELLS, &count);

	request->cells = pool_alloc(&app->pool, CELLS_MAX * sizeof *request->cells);
	for (size_t i = 0; i < count; i++) {
		const char *at = given[i];

		while (*at) {
			const char *end = cell_end(at);

			if (end > at && request->n_cells == CELLS_MAX)
				return fail_with(app, ERROR_TOO_LARGE, "what", "--cells", "limit",
						 number_text(&app->pool, CELLS_MAX), NULL);
			if (end > at)
				request->cells[request->n_cells++] = cell_name(
					app, pool_strndup(&app->pool, at, (size_t)(end - at)));
			at = *end ? end + 1 : end;
		}
	}
	if (app->options.given[OPT_CELLS] && request->n_cells == 0)
		return fail_with(app, ERROR_USAGE, "why", _("name cells with --cells"), NULL);
	return true;
}

bool cmd_extension_add(struct app *app)
{
	Inap__V1__ExtensionAdd request = INAP__V1__EXTENSION_ADD__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;
	const char *until = option_text(app, OPT_UNTIL);

	if (!until[0])
		return fail_with(app, ERROR_USAGE, "why", _("say the last day with --until"), NULL);
	if (!option_text(app, OPT_NOTE)[0])
		return fail_with(app, ERROR_USAGE, "why", _("say why with --note"), NULL);
	if (strlen(until) == 10 ? !option_date(app, OPT_UNTIL, &until)
				: !option_moment(app, OPT_UNTIL, true, &until))
		return false;
	if (!deadline_words(app, 0, &entity.entity, &request.round) || !cells_read(app, &request) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.entity = &entity;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.until = pool_strdup(&app->pool, until);
	return extension_write(app, METHOD_EXTENSION_ADD, &request.base);
}

bool cmd_extension_list(struct app *app)
{
	Inap__V1__ExtensionList request = INAP__V1__EXTENSION_LIST__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	request.entity = pool_strdup(&app->pool, option_text(app, OPT_ENTITY));
	if (app->words_count == 1 && !strchr(app->words[0], '/'))
		request.entity = app->words[0];
	else if (app->words_count > 0 && !deadline_words(app, 0, &request.entity, &request.round))
		return false;
	if (!exchange_call(app, METHOD_EXTENSION_LIST, &request.base, &message))
		return false;
	extensions_render(app, (const Inap__V1__ExtensionListReply *)message, false);
	return true;
}

bool cmd_extension_revoke(struct app *app)
{
	Inap__V1__ExtensionRevoke request = INAP__V1__EXTENSION_REVOKE__INIT;
	const char *word = app->words[0];
	char *end = NULL;

	request.extension = isdigit((unsigned char)word[0]) ? strtoull(word, &end, 10) : 0;
	if (!end || *end || strlen(word) > 18)
		return fail_with(app, ERROR_USAGE, "why", _("name the extension by its number"),
				 NULL);
	if (!option_text(app, OPT_NOTE)[0])
		return fail_with(app, ERROR_USAGE, "why", _("say why with --note"), NULL);
	if (!note_text(app, OPT_NOTE, &request.note))
		return false;
	return extension_write(app, METHOD_EXTENSION_REVOKE, &request.base);
}
