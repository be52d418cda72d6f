/* inap entity succeed: one entity takes over from another. */
#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/ask.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/pending.h"
#include "inap/v1/succession.pb-c.h"

/* What an admin types to give somebody the same role of the successor. */
static const char *grant_text(struct app *app, const Inap__V1__EntitySucceedReply *reply,
			      const Inap__V1__FormerRole *one)
{
	return pool_printf(&app->pool, "inap role grant %s %s %s", one->user, one->role,
			   reply->successor);
}

static json_t *people_json(struct app *app, const Inap__V1__EntitySucceedReply *reply)
{
	json_t *people = json_array();

	for (size_t i = 0; i < reply->n_people; i++) {
		json_t *row = json_object();

		json_put_text(row, "user", reply->people[i]->user);
		json_put_text(row, "role", reply->people[i]->role);
		json_put_text(row, "grant", grant_text(app, reply, reply->people[i]));
		json_array_append_new(people, row);
	}
	return people;
}

/* Roles stay with the former entity: who writes and signs for another one is an admin's to say. */
static void people_say(struct app *app, const Inap__V1__EntitySucceedReply *reply)
{
	for (size_t i = 0; i < reply->n_people; i++) {
		const Inap__V1__FormerRole *one = reply->people[i];

		out_say(app,
			sentence(&app->pool,
				 _("  {user} stays {role} of {entity}, for its earlier "
				   "reports; an admin gives that role of {successor}: {command}"),
				 "user", one->user, "role", one->role, "entity", reply->old,
				 "successor", reply->successor, "command",
				 grant_text(app, reply, one), NULL));
	}
}

static void succeed_say(struct app *app, const Inap__V1__EntitySucceedReply *reply)
{
	struct pool *pool = &app->pool;
	json_t *answer = json_object();

	json_put_text(answer, "entity", reply->old);
	json_put_text(answer, "successor", reply->successor);
	json_put_text(answer, "from", reply->from);
	json_put_number(answer, "assignments", reply->assignments);
	json_put_number(answer, "cells", reply->cells);
	json_put_number(answer, "sections", reply->sections);
	json_put_number(answer, "activities", reply->activities);
	json_put_number(answer, "evidence", reply->evidence);
	json_object_set_new(answer, "reports", json_texts(reply->reports, reply->n_reports));
	json_object_set_new(answer, "people", people_json(app, reply));
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	json_put_bool(answer, "replayed", reply->replayed);
	json_put_bool(answer, "dry_run", reply->dry_run);
	out_json(app, answer);
	out_say(app, sentence(pool, _("{successor} stands where {entity} stood, from {from} on"),
			      "successor", reply->successor, "entity", reply->old, "from",
			      reply->from, NULL));
	out_say(app,
		sentence(pool, _("  assignments: {assignments}; values of open drafts: {cells}"),
			 "assignments", number_text(pool, reply->assignments), "cells",
			 number_text(pool, reply->cells), NULL));
	out_say(app,
		sentence(pool,
			 _("  words: {sections}; activities: {activities}; evidence: {evidence}"),
			 "sections", number_text(pool, reply->sections), "activities",
			 number_text(pool, reply->activities), "evidence",
			 number_text(pool, reply->evidence), NULL));
	if (reply->n_reports > 0)
		out_say(app, sentence(pool, _("  open reports now: {reports}"), "reports",
				      texts_join(app, reply->reports, reply->n_reports), NULL));
	people_say(app, reply);
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
}

bool cmd_entity_succeed(struct app *app)
{
	Inap__V1__EntitySucceed request = INAP__V1__ENTITY_SUCCEED__INIT;
	struct write write = { .method = METHOD_ENTITY_SUCCEED,
			       .request = &request.base,
			       .report = "",
			       .intent = intent_of(app, "", 0),
			       .dry_run = app->options.given[OPT_DRY_RUN] };
	ProtobufCMessage *message = NULL;

	if (!app->options.given[OPT_FROM])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say from which quarter on with --from"), NULL);
	if (!note_text(app, OPT_NOTE, &request.note))
		return false;
	request.old = activity_code(app, app->words[0]);
	request.successor = activity_code(app, app->words[1]);
	request.from = activity_code(app, option_text(app, OPT_FROM));
	request.dry_run = write.dry_run;
	if (!write.dry_run &&
	    !ask_name(app,
		      sentence(&app->pool, _("Type '{name}' again to end this entity:"), "name",
			       request.old, NULL),
		      request.old))
		return false;
	if (!pending_settle(app, "", write.method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	succeed_say(app, (const Inap__V1__EntitySucceedReply *)message);
	return true;
}
