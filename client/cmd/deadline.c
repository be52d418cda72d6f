/* inap excuse, and round extend for one entity: what moves one report's deadline. */
#include "client/cmd/deadline.h"

#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/extension.pb-c.h"

void moved_say(struct app *app, const char *asked, const char *iso)
{
	if (asked[0])
		out_say(app, sentence(&app->pool,
				      _("{asked} is a Friday or Saturday: due on Sunday {due}"),
				      "asked", digits_shape(&app->pool, asked), "due",
				      clock_day(app, iso), NULL));
}

bool deadline_words(struct app *app, int at, char **entity, char **round)
{
	const char *word = app->words[at];
	const char *slash = strchr(word, '/');

	if (slash && app->words_count == at + 1) {
		*entity = pool_strndup(&app->pool, word, (size_t)(slash - word));
		*round = pool_strdup(&app->pool, slash + 1);
		return true;
	}
	if (slash || app->words_count != at + 2)
		return fail_with(app, ERROR_USAGE, "why", _("name an entity and a round"), NULL);
	*entity = app->words[at];
	*round = app->words[at + 1];
	return true;
}

static void due_render(struct app *app, const Inap__V1__ReportDueReply *reply)
{
	struct pool *pool = &app->pool;
	const char *id = report_id(app, reply->report);
	json_t *answer = json_object();

	json_put_text(answer, "report", id);
	json_put_text(answer, "state", enum_key(&inap__v1__state__descriptor, (int)reply->state));
	json_put_maybe(answer, "due_at", reply->due_at);
	json_put_bool(answer, "extended", reply->extended);
	json_put_maybe(answer, "due_moved_from", reply->due_moved_from);
	json_put_bool(answer, "excused", reply->excused);
	json_put_maybe(answer, "excused_note", reply->excused_note);
	json_put_bool(answer, "dry_run", reply->dry_run);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	if (reply->excused)
		out_say(app, sentence(pool, _("{report} is excused: {note}"), "report", id, "note",
				      reply->excused_note, NULL));
	else
		out_say(app, sentence(pool, _("{report} is expected by {due}"), "report", id, "due",
				      clock_moment(app, reply->due_at), NULL));
	moved_say(app, reply->due_moved_from, reply->due_at);
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
}

static bool due_write(struct app *app, enum method_number method, const ProtobufCMessage *request)
{
	const struct write write = {
		.method = method,
		.request = request,
		.report = "",
		.intent = intent_of(app, "", 0),
		.dry_run = app->options.given[OPT_DRY_RUN],
	};
	ProtobufCMessage *message = NULL;

	if (!pending_settle(app, "", method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	due_render(app, (const Inap__V1__ReportDueReply *)message);
	return true;
}

bool deadline_extend_one(struct app *app)
{
	Inap__V1__RoundExtendOne request = INAP__V1__ROUND_EXTEND_ONE__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;
	const char *due;

	if (!option_date(app, OPT_DUE, &due) || !note_text(app, OPT_NOTE, &request.note))
		return false;
	entity.entity = pool_strdup(&app->pool, option_text(app, OPT_ENTITY));
	request.entity = &entity;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = app->words[0];
	request.due_on = pool_strdup(&app->pool, due);
	request.dry_run = app->options.given[OPT_DRY_RUN];
	return due_write(app, METHOD_ROUND_EXTEND_ONE, &request.base);
}

bool cmd_excuse(struct app *app)
{
	Inap__V1__RoundExcuse request = INAP__V1__ROUND_EXCUSE__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;

	request.back = app->options.given[OPT_REVOKE];
	if (!request.back && !option_text(app, OPT_NOTE)[0])
		return fail_with(app, ERROR_USAGE, "why", _("say why with --note"), NULL);
	if (!deadline_words(app, 0, &entity.entity, &request.round) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.entity = &entity;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.dry_run = app->options.given[OPT_DRY_RUN];
	return due_write(app, METHOD_ROUND_EXCUSE, &request.base);
}
