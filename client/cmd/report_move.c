/* Moves of a report: what all have in common, and the entity's own: ready, hand-back, withdraw,
 * answer. */
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/pending.h"
#include "client/words.h"

const char *receipt_text(struct app *app, const ProtobufCBinaryData *receipt)
{
	if (receipt->len < 4)
		return "";
	return pool_printf(&app->pool, "%02X%02X-%02X%02X", receipt->data[0], receipt->data[1],
			   receipt->data[2], receipt->data[3]);
}

json_t *receipt_json(const ProtobufCBinaryData *receipt)
{
	char hex[129] = "";

	for (size_t i = 0; i < receipt->len && i < 64; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned)receipt->data[i]);
	return json_string(hex);
}

bool note_text(struct app *app, enum option_id id, char **note)
{
	const char *clean = text_clean(app, option_text(app, id));

	if (!clean)
		return fail_with(app, ERROR_BAD_TEXT, "field", option_row(id)->name, "why",
				 _("is not valid UTF-8"), NULL);
	*note = pool_strdup(&app->pool, clean);
	return true;
}

bool move_send(struct app *app, const struct move *move, Inap__V1__ReportMoveReply **reply)
{
	const struct write write = { .method = move->method,
				     .request = move->request,
				     .report = move->target->id,
				     .intent = move->target->intent };
	ProtobufCMessage *message = move->target->settled;

	if (!message && !write_call(app, &write, &message))
		return false;
	*reply = (Inap__V1__ReportMoveReply *)message;
	target_seen(app, move->target, (*reply)->revision);
	return true;
}

json_t *move_json(const struct target *target, const Inap__V1__ReportMoveReply *reply)
{
	json_t *answer = json_object();
	json_t *points = json_array();

	for (size_t i = 0; i < reply->n_points; i++)
		json_array_append_new(points, json_integer((json_int_t)reply->points[i]));
	json_put_text(answer, "report", target->id);
	json_put_text(answer, "from", enum_key(&inap__v1__state__descriptor, (int)reply->from));
	json_put_text(answer, "to", enum_key(&inap__v1__state__descriptor, (int)reply->to));
	json_put_number(answer, "revision", reply->revision);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	json_put_bool(answer, "replayed", reply->replayed);
	json_object_set_new(answer, "actions", json_actions(reply->actions, reply->n_actions));
	json_object_set_new(answer, "points", points);
	return answer;
}

/* "2, 3" */
static const char *points_text(struct app *app, const Inap__V1__ReportMoveReply *reply)
{
	const char *text = "";

	for (size_t i = 0; i < reply->n_points; i++)
		text = pool_printf(&app->pool, "%s%s%s", text, i > 0 ? ", " : "",
				   number_text(&app->pool, reply->points[i]));
	return text;
}

void move_say(struct app *app, const struct target *target, const Inap__V1__ReportMoveReply *reply)
{
	const char *to = enum_key(&inap__v1__state__descriptor, (int)reply->to);
	const char *from = enum_key(&inap__v1__state__descriptor, (int)reply->from);
	const char *receipt = receipt_text(app, &reply->receipt);
	const char *text =
		reply->to == reply->from
			? _("{report} stays {state}, revision {revision}. Receipt {receipt}.")
			: _("{report} is now {state} (was {from}). Receipt {receipt}.");

	out_say(app, sentence(&app->pool, text, "report", target->id, "state", to, "from", from,
			      "revision", number_text(&app->pool, reply->revision), "receipt",
			      receipt, NULL));
	if (reply->n_points > 0)
		out_say(app, sentence(&app->pool, _("  review points: {points}"), "points",
				      points_text(app, reply), NULL));
	out_next(app, pool_printf(&app->pool, "inap report history %s", target->id));
}

bool move_finish(struct app *app, const struct move *move)
{
	Inap__V1__ReportMoveReply *reply = NULL;

	if (!move_send(app, move, &reply))
		return false;
	out_json(app, move_json(move->target, reply));
	move_say(app, move->target, reply);
	return true;
}

/* A step back without a reason helps nobody. */
static bool note_needed(struct app *app)
{
	if (option_text(app, OPT_NOTE)[0])
		return true;
	return fail_with(app, ERROR_USAGE, "why", _("say why with --note"), NULL);
}

static bool plain_send(struct app *app, enum method_number method, bool decline)
{
	Inap__V1__ReportMove request = INAP__V1__REPORT_MOVE__INIT;
	struct target target;
	const struct move move = { method, &request.base, &target };

	if (!target_begin(app, app->words_count ? app->words[0] : NULL, method, &target))
		return false;
	request.report = &target.ref;
	request.decline = decline;
	if (!target.settled && (!target_base(app, &target, NULL, &request.base_revision) ||
				!note_text(app, OPT_NOTE, &request.note)))
		return false;
	return move_finish(app, &move);
}

bool move_plain(struct app *app, enum method_number method)
{
	return plain_send(app, method, false);
}

bool move_decline(struct app *app, enum method_number method)
{
	return note_needed(app) && plain_send(app, method, true);
}

bool cmd_report_ready(struct app *app)
{
	return move_plain(app, METHOD_REPORT_READY);
}

bool cmd_report_hand_back(struct app *app)
{
	return note_needed(app) && move_plain(app, METHOD_REPORT_HAND_BACK);
}

bool cmd_report_contest(struct app *app)
{
	return note_needed(app) && move_plain(app, METHOD_REPORT_CONTEST);
}

bool cmd_report_withdraw(struct app *app)
{
	return note_needed(app) && move_plain(app, METHOD_REPORT_WITHDRAW);
}

bool point_read(struct app *app, const char *word, uint64_t *point)
{
	char *end = NULL;

	*point = strtoull(word, &end, 10);
	if (*word && *end == '\0' && *point > 0)
		return true;
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("'{word}' is no number of a review point"), "word",
				  word, NULL),
			 NULL);
}

bool cmd_report_answer(struct app *app)
{
	Inap__V1__ReportAnswer request = INAP__V1__REPORT_ANSWER__INIT;
	bool named = target_is_report(app->words[0]);
	const char *text = app->words_count > named + 1 ? app->words[named + 1] : "";
	static char corrected[] = "corrected", confirmed[] = "confirmed";
	struct target target;
	const struct move move = { METHOD_REPORT_ANSWER, &request.base, &target };

	if (app->words_count <= named)
		return fail_with(app, ERROR_USAGE, "why", _("say which point"), NULL);
	if (app->options.given[OPT_CONFIRMED] && !text[0])
		return fail_with(app, ERROR_USAGE, "why", _("say why the value is confirmed"),
				 NULL);
	if (!point_read(app, app->words[named], &request.point) ||
	    !target_begin(app, named ? app->words[0] : NULL, METHOD_REPORT_ANSWER, &target))
		return false;
	request.report = &target.ref;
	request.answer = app->options.given[OPT_CONFIRMED] ? confirmed : corrected;
	text = text_clean(app, text);
	request.text = pool_strdup(&app->pool, text);
	if (!target.settled && !target_base(app, &target, NULL, &request.base_revision))
		return false;
	return move_finish(app, &move);
}
