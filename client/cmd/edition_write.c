/* inap edition propose, comment, confirm, withdraw, sentence, restate; report ask-restatement. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/cmd/edition.h"
#include "client/cmd/event.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"

static bool edition_call(struct app *app, enum method_number method,
			 const ProtobufCMessage *request, ProtobufCMessage *settled,
			 const Inap__V1__EditionReply **reply)
{
	struct write write = { .method = method,
			       .request = request,
			       .report = "",
			       .intent = intent_of(app, NULL, 0) };

	if (!settled && !write_call(app, &write, &settled))
		return false;
	*reply = (const Inap__V1__EditionReply *)settled;
	return true;
}

/* What an earlier run left behind for this very command comes first. */
static bool settle(struct app *app, enum method_number method, ProtobufCMessage **settled)
{
	*settled = NULL;
	return pending_settle(app, "", method, intent_of(app, NULL, 0), settled);
}

static void reply_say(struct app *app, const Inap__V1__EditionReply *reply)
{
	json_t *answer = edition_json(reply->edition);

	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	edition_say(app, reply->edition);
}

bool cmd_edition_propose(struct app *app)
{
	Inap__V1__EditionPropose request = INAP__V1__EDITION_PROPOSE__INIT;
	const Inap__V1__EditionReply *reply = NULL;
	ProtobufCMessage *settled;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.period = app->words[0];
	if (!note_text(app, OPT_NOTE, &request.note) ||
	    !settle(app, METHOD_EDITION_PROPOSE, &settled) ||
	    !edition_call(app, METHOD_EDITION_PROPOSE, &request.base, settled, &reply))
		return false;
	reply_say(app, reply);
	out_next(app, pool_printf(&app->pool, "inap edition show %s",
				  edition_code(app, reply->edition)));
	return true;
}

/* The edition a write names: its number is never guessed. */
static bool named(struct app *app, Inap__V1__EditionList *ref)
{
	if (!edition_parse(app, app->words[0], ref))
		return false;
	if (ref->number > 0)
		return true;
	return fail_with(app, ERROR_USAGE, "why", _("say which edition, with its number: 2024Q3/1"),
			 NULL);
}

bool cmd_edition_comment(struct app *app)
{
	Inap__V1__EditionList ref = INAP__V1__EDITION_LIST__INIT;
	Inap__V1__EditionComment request = INAP__V1__EDITION_COMMENT__INIT;
	const Inap__V1__EditionReply *reply = NULL;
	const char *text = text_clean(app, app->words[1]);
	ProtobufCMessage *settled;

	if (!text)
		return fail_with(app, ERROR_BAD_TEXT, "field", "text", "why",
				 _("is not valid UTF-8"), NULL);
	if (!named(app, &ref) || !settle(app, METHOD_EDITION_COMMENT, &settled))
		return false;
	request.plan = ref.plan;
	request.period = ref.period;
	request.number = ref.number;
	request.text = pool_strdup(&app->pool, text);
	if (!edition_call(app, METHOD_EDITION_COMMENT, &request.base, settled, &reply))
		return false;
	reply_say(app, reply);
	return true;
}

/* Without an instrument nothing is published. */
static bool instrument_read(struct app *app, Inap__V1__EditionConfirm *request)
{
	if (!option_text(app, OPT_APPROVED_BY)[0] || !option_text(app, OPT_LETTER)[0] ||
	    !option_text(app, OPT_LETTER_DATE)[0])
		return fail_with(app, ERROR_USAGE, "why",
				 _("name the instrument that approved it: --approved-by, --letter, "
				   "--letter-date"),
				 NULL);
	request->letter_date =
		pool_strdup(&app->pool, digits_latin(app, option_text(app, OPT_LETTER_DATE)));
	return note_text(app, OPT_APPROVED_BY, &request->approved_by) &&
	       note_text(app, OPT_LETTER, &request->letter_number);
}

bool cmd_edition_confirm(struct app *app)
{
	Inap__V1__EditionList ref = INAP__V1__EDITION_LIST__INIT;
	Inap__V1__EditionConfirm request = INAP__V1__EDITION_CONFIRM__INIT;
	const Inap__V1__EditionListReply *heads = NULL;
	const Inap__V1__EditionReply *reply = NULL;
	ProtobufCMessage *settled;

	if (!named(app, &ref) || !instrument_read(app, &request) ||
	    !settle(app, METHOD_EDITION_CONFIRM, &settled))
		return false;
	if (!settled) {
		if (!edition_heads(app, &ref, &heads))
			return false;
		if (!app->options.given[OPT_YES])
			edition_say(app, heads->editions[0]);
		if (!ask_yes(app,
			     _("Publish it? It can be withdrawn, but those who have it keep it."),
			     true))
			return false;
		request.sha256 = heads->editions[0]->sha256;
	}
	request.plan = ref.plan;
	request.period = ref.period;
	request.number = ref.number;
	if (!edition_call(app, METHOD_EDITION_CONFIRM, &request.base, settled, &reply))
		return false;
	reply_say(app, reply);
	return true;
}

bool cmd_edition_withdraw(struct app *app)
{
	Inap__V1__EditionList ref = INAP__V1__EDITION_LIST__INIT;
	Inap__V1__EditionWithdraw request = INAP__V1__EDITION_WITHDRAW__INIT;
	const Inap__V1__EditionReply *reply = NULL;
	ProtobufCMessage *settled;

	if (!option_text(app, OPT_NOTE)[0])
		return fail_with(app, ERROR_USAGE, "why", _("say why with --note"), NULL);
	if (!named(app, &ref) || !note_text(app, OPT_NOTE, &request.note) ||
	    !settle(app, METHOD_EDITION_WITHDRAW, &settled) ||
	    (!settled &&
	     !ask_name(app, _("Type the edition's code to withdraw it:"), app->words[0])))
		return false;
	request.plan = ref.plan;
	request.period = ref.period;
	request.number = ref.number;
	if (!edition_call(app, METHOD_EDITION_WITHDRAW, &request.base, settled, &reply))
		return false;
	reply_say(app, reply);
	return true;
}

/* ---- sentences */

static json_t *sentence_json(const Inap__V1__EditionSentence *sentence)
{
	json_t *one = json_object();

	json_put_number(one, "sentence", sentence->number);
	json_object_set_new(one, "report", json_report(sentence->report));
	json_put_text(one, "section", sentence->section);
	json_put_text(one, "text", sentence->text);
	json_put_text(one, "by", sentence->by);
	json_put_text(one, "at", sentence->at);
	return one;
}

static void sentence_put(struct app *app, struct view *view,
			 const Inap__V1__EditionSentence *sentence)
{
	view_number(view, sentence->number);
	view_code(view, report_id(app, sentence->report));
	view_word(view, sentence->section);
	view_code(view, sentence->by);
	view_text(view, sentence->text);
}

static struct view *sentences_view(struct app *app)
{
	const struct column columns[] = {
		{ "sentence", _("NUMBER"), COLUMN_NUMBER }, { "report", _("REPORT"), COLUMN_CODE },
		{ "section", _("SECTION"), COLUMN_CODE },   { "by", _("BY"), COLUMN_CODE },
		{ "text", _("SENTENCE"), COLUMN_TEXT },
	};
	struct column *kept = pool_alloc(&app->pool, sizeof columns);

	memcpy(kept, columns, sizeof columns);
	return view_new(app, kept, 5);
}

/* Those selected for a period. */
static bool sentences_list(struct app *app, const char *period)
{
	Inap__V1__EditionList request = INAP__V1__EDITION_LIST__INIT;
	const Inap__V1__EditionListReply *reply = NULL;
	struct view *view = sentences_view(app);
	json_t *list;

	if (!edition_parse(app, period, &request) || !edition_heads(app, &request, &reply))
		return false;
	list = json_array();
	for (size_t i = 0; i < reply->n_sentences; i++) {
		json_array_append_new(list, sentence_json(reply->sentences[i]));
		sentence_put(app, view, reply->sentences[i]);
	}
	out_json(app, list);
	if (reply->n_sentences > 0)
		out_view(app, view);
	else
		out_say(app, _("no sentence is selected"));
	return true;
}

static bool sentence_send(struct app *app, struct target *target, Inap__V1__EditionSelect *request)
{
	const Inap__V1__EditionReply *reply = NULL;
	struct write write = { .method = METHOD_EDITION_SENTENCE,
			       .request = &request->base,
			       .report = target->id,
			       .intent = target->intent };
	ProtobufCMessage *message = target->settled;
	struct view *view = sentences_view(app);
	json_t *answer;

	if (!message && !write_call(app, &write, &message))
		return false;
	reply = (const Inap__V1__EditionReply *)message;
	answer = sentence_json(reply->sentence);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	sentence_put(app, view, reply->sentence);
	out_view(app, view);
	return true;
}

/* What is selected, and that somebody vouches for it; with --remove the number of one. */
static bool selection_fill(struct app *app, Inap__V1__EditionSelect *request)
{
	const char *text;
	uint64_t number;

	if (app->options.given[OPT_REMOVE]) {
		if (!numbered_read(app, '\0', option_text(app, OPT_REMOVE), &number))
			return false;
		request->remove = (uint32_t)number;
		return true;
	}
	if (app->words_count < 3)
		return fail_with(app, ERROR_USAGE, "why",
				 _("say which section and which sentence of it"), NULL);
	text = text_clean(app, app->words[2]);
	if (!text)
		return fail_with(app, ERROR_BAD_TEXT, "field", "text", "why",
				 _("is not valid UTF-8"), NULL);
	request->section = app->words[1];
	request->text = pool_strdup(&app->pool, text);
	request->vouched = ask_yes(
		app, _("Do you vouch that this sentence names nobody and places nobody?"), true);
	return request->vouched;
}

bool cmd_edition_sentence(struct app *app)
{
	Inap__V1__EditionSelect request = INAP__V1__EDITION_SELECT__INIT;
	struct target target;

	if (!target_is_report(app->words[0]))
		return sentences_list(app, app->words[0]);
	if (!target_begin(app, app->words[0], METHOD_EDITION_SENTENCE, &target))
		return false;
	request.report = &target.ref;
	if (!target.settled && (!selection_fill(app, &request) ||
				!target_base(app, &target, NULL, &request.base_revision)))
		return false;
	return sentence_send(app, &target, &request);
}

bool cmd_edition_restate(struct app *app)
{
	if (app->words_count == 1)
		return move_plain(app, METHOD_EDITION_RESTATE);
	if (strcmp(app->words[1], "decline") == 0)
		return move_decline(app, METHOD_EDITION_RESTATE);
	return fail_with(app, ERROR_USAGE, "why", _("after the report write decline, or nothing"),
			 NULL);
}
