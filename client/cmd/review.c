/* inap review: queue, claim, release, point, return, endorse, accept, send-back. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/cmd/report.h"
#include "client/cmd/report_list.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/value.h"
#include "client/pending.h"

static bool queue_read(struct app *app, const Inap__V1__ReportListReply **reply)
{
	Inap__V1__ReviewQueue request = INAP__V1__REVIEW_QUEUE__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_REVIEW_QUEUE, &request.base, &message))
		return false;
	*reply = (const Inap__V1__ReportListReply *)message;
	return true;
}

bool cmd_review_queue(struct app *app)
{
	const Inap__V1__ReportListReply *reply = NULL;

	if (!queue_read(app, &reply))
		return false;
	report_list_render(app, reply, true);
	return true;
}

bool cmd_review_claim(struct app *app)
{
	return move_plain(app, METHOD_REVIEW_CLAIM);
}

bool cmd_review_release(struct app *app)
{
	return move_plain(app, METHOD_REVIEW_RELEASE);
}

bool cmd_review_endorse(struct app *app)
{
	return move_plain(app, METHOD_REVIEW_ENDORSE);
}

bool cmd_review_send_back(struct app *app)
{
	if (!option_text(app, OPT_NOTE)[0])
		return fail_with(app, ERROR_USAGE, "why", _("say why with --note"), NULL);
	return move_plain(app, METHOD_REVIEW_SEND_BACK);
}

bool cmd_review_return(struct app *app)
{
	Inap__V1__ReviewReturn request = INAP__V1__REVIEW_RETURN__INIT;
	struct target target;
	const struct move move = { METHOD_REVIEW_RETURN, &request.base, &target };

	if (!code_word(app, &request.code) || !note_text(app, OPT_NOTE, &request.note) ||
	    !target_begin(app, app->words[0], METHOD_REVIEW_RETURN, &target))
		return false;
	request.report = &target.ref;
	if (!target.settled && !target_base(app, &target, NULL, &request.base_revision))
		return false;
	return move_finish(app, &move);
}

/* One of several reports: what becomes of it is a line of the answer, a refusal too. */
static bool accept_one(struct app *app, const char *word, const uint64_t *listed, json_t *answers)
{
	Inap__V1__ReportMove request = INAP__V1__REPORT_MOVE__INIT;
	Inap__V1__ReportMoveReply *reply = NULL;
	struct target target;
	const struct move move = { METHOD_REVIEW_ACCEPT, &request.base, &target };

	if (!target_begin(app, word, METHOD_REVIEW_ACCEPT, &target) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.report = &target.ref;
	if (listed)
		request.base_revision = *listed;
	else if (!target.settled && !target_base(app, &target, NULL, &request.base_revision))
		return false;
	if (!move_send(app, &move, &reply))
		return false;
	json_array_append_new(answers, move_json(&target, reply));
	move_say(app, &target, reply);
	return true;
}

/* Keeps the first refusal for the exit status and goes on with the next report. */
static void refused_note(struct app *app, const char *word, json_t *answers, struct failure *first)
{
	json_t *one = json_object();

	json_object_set_new(one, "report", json_string(word));
	json_object_set_new(one, "error", failure_json(app));
	json_array_append_new(answers, one);
	if (!out_is_json(app))
		out_failure(app);
	if (!first->set)
		*first = app->failure;
	failure_clear(&app->failure);
}

static bool accept_end(struct app *app, json_t *answers, const struct failure *first)
{
	if (json_array_size(answers) == 1 && !first->set) {
		out_json(app, json_incref(json_array_get(answers, 0)));
		json_decref(answers);
		return true;
	}
	out_json(app, answers);
	app->status = failure_exit(first);
	return true;
}

static bool accept_all(struct app *app)
{
	const Inap__V1__ReportListReply *queue = NULL;
	struct failure first = { .set = false };
	json_t *answers;

	if (!queue_read(app, &queue))
		return false;
	if (!ask_yes(app, _("Accept every endorsed report?"), false))
		return false;
	answers = json_array();
	for (size_t i = 0; i < queue->n_reports; i++) {
		const Inap__V1__ReportEntry *entry = queue->reports[i];
		const char *id = report_id(app, entry->report);

		if (entry->state == INAP__V1__STATE__STATE_ENDORSED &&
		    !accept_one(app, id, &entry->revision, answers))
			refused_note(app, id, answers, &first);
	}
	if (json_array_size(answers) == 0)
		out_say(app, _("nothing waits for review"));
	out_json(app, answers);
	app->status = failure_exit(&first);
	return true;
}

bool cmd_review_accept(struct app *app)
{
	struct failure first = { .set = false };
	json_t *answers;

	if (app->options.given[OPT_ALL_ENDORSED] && app->words_count == 0)
		return accept_all(app);
	if (app->words_count == 0)
		return fail_with(app, ERROR_USAGE, "why", _("name reports, or give --all-endorsed"),
				 NULL);
	answers = json_array();
	if (app->words_count == 1) {
		if (accept_one(app, app->words[0], NULL, answers))
			return accept_end(app, answers, &first);
		json_decref(answers);
		return false;
	}
	for (int i = 0; i < app->words_count; i++)
		if (!accept_one(app, app->words[i], NULL, answers))
			refused_note(app, app->words[i], answers, &first);
	return accept_end(app, answers, &first);
}
