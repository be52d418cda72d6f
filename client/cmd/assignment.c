/* inap assignment add, end: who reports what, changed by hand with a date. */
#include <ctype.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/assignment.pb-c.h"

enum { COVERS_MAX = 256 };

static char *upper(struct app *app, const char *text)
{
	char *copy = pool_strdup(&app->pool, digits_latin(app, text));

	for (char *at = copy; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return copy;
}

static json_t *change_json(const Inap__V1__AssignmentReply *reply)
{
	json_t *answer = json_object();

	json_put_text(answer, "entity", reply->entity);
	json_put_text(answer, "indicator", reply->indicator);
	json_put_text(answer, "part", reply->part);
	json_put_maybe(answer, "from", reply->from);
	json_put_maybe(answer, "to", reply->to);
	json_object_set_new(answer, "covers", json_texts(reply->covers, reply->n_covers));
	json_put_number(answer, "before", reply->before);
	json_put_number(answer, "cells", reply->cells);
	json_object_set_new(answer, "warnings", json_texts(reply->warnings, reply->n_warnings));
	json_put_bool(answer, "dry_run", reply->dry_run);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	return answer;
}

static void change_say(struct app *app, const Inap__V1__AssignmentReply *reply)
{
	struct pool *pool = &app->pool;
	const char *text = reply->to[0] ? _("{entity} reports {indicator} up to {to} ({part})")
			   : strcmp(reply->part, "consulted") == 0
				   ? _("{entity} is consulted on {indicator} from {from} on")
				   : _("{entity} reports {indicator} from {from} on ({part})");

	out_say(app,
		sentence(pool, text, "entity", reply->entity, "indicator", reply->indicator, "from",
			 reply->from, "to", reply->to, "part", word(reply->part), NULL));
	if (reply->n_covers > 0)
		out_say(app, sentence(pool, _("  covers {categories}"), "categories",
				      texts_join(app, reply->covers, reply->n_covers), NULL));
	out_say(app, sentence(pool, _("  cells asked then: {cells} (were {before})"), "cells",
			      number_text(pool, reply->cells), "before",
			      number_text(pool, reply->before), NULL));
	for (size_t i = 0; i < reply->n_warnings; i++)
		out_say(app, sentence(pool, _("  look at: {warning}"), "warning",
				      reply->warnings[i], NULL));
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
	else
		out_next(app, pool_printf(pool, "inap indicator show %s", reply->indicator));
}

static bool change_run(struct app *app, Inap__V1__AssignmentChange *request)
{
	struct write write = { .method = METHOD_ASSIGNMENT_CHANGE,
			       .request = &request->base,
			       .report = "",
			       .intent = intent_of(app, "", 0),
			       .dry_run = app->options.given[OPT_DRY_RUN] };
	ProtobufCMessage *message = NULL;

	if (!note_text(app, OPT_NOTE, &request->note))
		return false;
	request->plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request->entity = upper(app, app->words[0]);
	request->indicator = upper(app, app->words[1]);
	request->dry_run = write.dry_run;
	if (!pending_settle(app, "", write.method, write.intent, &message))
		return false;
	if (!message && !write_call(app, &write, &message))
		return false;
	out_json(app, change_json((const Inap__V1__AssignmentReply *)message));
	change_say(app, (const Inap__V1__AssignmentReply *)message);
	return true;
}

/* IQ-NI,IQ-KI as a list. */
static bool covers_read(struct app *app, Inap__V1__AssignmentChange *request)
{
	char *text = pool_strdup(&app->pool, option_text(app, OPT_COVERS)), *rest = NULL;

	request->covers = pool_alloc(&app->pool, COVERS_MAX * sizeof *request->covers);
	for (char *one = strtok_r(text, ", ", &rest); one; one = strtok_r(NULL, ", ", &rest)) {
		if (request->n_covers == COVERS_MAX)
			return fail_with(app, ERROR_TOO_LARGE, "what", "--covers", "limit",
					 number_text(&app->pool, COVERS_MAX), NULL);
		request->covers[request->n_covers++] = one;
	}
	return true;
}

bool cmd_assignment_add(struct app *app)
{
	Inap__V1__AssignmentChange request = INAP__V1__ASSIGNMENT_CHANGE__INIT;

	if (!app->options.given[OPT_FROM])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say from which quarter on with --from"), NULL);
	if (!covers_read(app, &request))
		return false;
	request.from = upper(app, option_text(app, OPT_FROM));
	request.part = pool_strdup(
		&app->pool, app->options.given[OPT_PART] ? option_text(app, OPT_PART) : "whole");
	return change_run(app, &request);
}

bool cmd_assignment_end(struct app *app)
{
	Inap__V1__AssignmentChange request = INAP__V1__ASSIGNMENT_CHANGE__INIT;

	if (!app->options.given[OPT_TO])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say the last quarter that asks with --to"), NULL);
	request.to = upper(app, option_text(app, OPT_TO));
	return change_run(app, &request);
}
