/* inap report submit: the summary, the question, the signature. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

enum { PROBLEMS_SHOWN = 10 };

/* What the approver signs. */
struct summary {
	Inap__V1__ReportShowReply *show;
	Inap__V1__ReportCheckReply *check;
	Inap__V1__ReportDiffReply *diff; /* NULL: nothing to compare with */
	size_t answered;
	size_t blanks[8]; /* by Blank */
};

static bool summary_read(struct app *app, struct target *target, struct summary *summary)
{
	Inap__V1__ReportCheck check = INAP__V1__REPORT_CHECK__INIT;
	Inap__V1__ReportDiff diff = INAP__V1__REPORT_DIFF__INIT;
	ProtobufCMessage *message = NULL;

	*summary = (struct summary){ .show = NULL };
	check.report = diff.report = &target->ref;
	if (!target_show(app, target, 0, &summary->show) ||
	    !exchange_call(app, METHOD_REPORT_CHECK, &check.base, &message))
		return false;
	summary->check = (Inap__V1__ReportCheckReply *)message;
	/* Only a resubmission has something before it. */
	if (summary->show->submitted_at[0] &&
	    exchange_call(app, METHOD_REPORT_DIFF, &diff.base, &message))
		summary->diff = (Inap__V1__ReportDiffReply *)message;
	failure_clear(&app->failure);
	for (size_t i = 0; i < summary->show->n_asked; i++)
		summary->answered += report_has(summary->show, summary->show->asked[i]->cell);
	for (size_t i = 0; i < summary->show->n_values; i++) {
		const Inap__V1__Value *value = summary->show->values[i]->value;

		if (value && value->kind_case == INAP__V1__VALUE__KIND_BLANK && value->blank < 8)
			summary->blanks[value->blank]++;
	}
	return true;
}

/* Withheld values come into force by this signature, so each is listed. */
static void withheld_say(struct app *app, const struct summary *summary)
{
	for (size_t i = 0; i < summary->show->n_values; i++) {
		const Inap__V1__ReportValue *value = summary->show->values[i];

		if (value->value && value->value->kind_case == INAP__V1__VALUE__KIND_BLANK &&
		    value->value->blank == INAP__V1__BLANK__BLANK_WITHHELD)
			out_say(app, sentence(&app->pool, _("  withheld by your signature: {cell}"),
					      "cell", value->cell, NULL));
	}
}

static void changes_say(struct app *app, const struct summary *summary)
{
	struct pool *pool = &app->pool;

	if (!summary->diff || summary->diff->n_changes == 0)
		return;
	out_say(app, sentence(pool, _("  changed since revision {revision}:"), "revision",
			      number_text(pool, summary->diff->from), NULL));
	for (size_t i = 0; i < summary->diff->n_changes; i++) {
		const Inap__V1__CellChange *change = summary->diff->changes[i];

		out_say(app, sentence(pool, "    {cell}  {before} -> {after}", "cell", change->cell,
				      "before", value_human(app, change->before), "after",
				      value_human(app, change->after), NULL));
	}
}

/* Of the problems all that is explained, for that is signed too, and the first of the others. */
static void problems_say(struct app *app, const struct target *target,
			 const struct summary *summary)
{
	size_t open = 0;

	for (size_t i = 0; i < summary->check->n_problems; i++) {
		const Inap__V1__Problem *problem = summary->check->problems[i];

		open += !problem->explained;
		if (problem->explained || open <= PROBLEMS_SHOWN)
			out_say(app, sentence(&app->pool, "  {weight}: {problem}", "weight",
					      word(problem->severity), "problem",
					      problem_text(app, problem), NULL));
	}
	if (open > 0)
		out_say(app,
			sentence(&app->pool,
				 _("  {count} problems; to see them: inap report check {report}"),
				 "count", number_text(&app->pool, open), "report", target->id,
				 NULL));
}

static void summary_say(struct app *app, const struct target *target, const struct summary *summary)
{
	struct pool *pool = &app->pool;
	const struct {
		Inap__V1__Blank blank;
		const char *text;
	} lines[] = {
		{ INAP__V1__BLANK__BLANK_NOT_AVAILABLE, _("  {count} not available") },
		{ INAP__V1__BLANK__BLANK_NOT_COLLECTED, _("  {count} not collected") },
		{ INAP__V1__BLANK__BLANK_NOT_APPLICABLE, _("  {count} not applicable") },
		{ INAP__V1__BLANK__BLANK_WITHHELD, _("  {count} withheld") },
	};

	out_say(app, sentence(pool, _("{report}  revision {revision}  {name}"), "report",
			      target->id, "revision", number_text(pool, summary->show->revision),
			      "name", name_text(summary->show->name), NULL));
	out_say(app, sentence(pool, _("  {answered} of {asked} cells answered"), "answered",
			      number_text(pool, summary->answered), "asked",
			      number_text(pool, summary->show->n_asked), NULL));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (summary->blanks[lines[i].blank] > 0)
			out_say(app,
				sentence(pool, lines[i].text, "count",
					 number_text(pool, summary->blanks[lines[i].blank]), NULL));
	withheld_say(app, summary);
	changes_say(app, summary);
	problems_say(app, target, summary);
}

/* Does something want an explanation, and nothing but that stand in the way? */
static bool explanation_missing(const struct summary *summary)
{
	bool missing = false;

	for (size_t i = 0; i < summary->check->n_problems; i++) {
		const Inap__V1__Problem *problem = summary->check->problems[i];

		if (strcmp(problem->severity, "BLOCK") == 0)
			return false;
		missing |= !problem->explained && strcmp(problem->severity, "EXPLAIN") == 0;
	}
	return missing;
}

/* What wants an explanation and has none is asked for, where somebody can be asked. */
static bool explanation_ask(struct app *app, const struct summary *summary,
			    Inap__V1__ReportSubmit *request)
{
	const char *typed;

	if (request->note[0] || app->options.given[OPT_YES] || !ask_possible(app) ||
	    !explanation_missing(summary))
		return true;
	typed = ask_line(app, _("Why is that so?"), OPT_NOTE);
	if (!typed)
		return false;
	typed = text_clean(app, typed);
	if (!typed)
		return fail_with(app, ERROR_BAD_TEXT, "field", "note", "why",
				 _("is not valid UTF-8"), NULL);
	request->note = pool_strdup(&app->pool, typed);
	return true;
}

/* What is asked when the signature is given. */
static bool signature_ask(struct app *app, struct target *target, Inap__V1__ReportSubmit *request)
{
	struct summary summary;

	if (!target_may(app))
		return true;
	if (app->options.given[OPT_YES] && !app->options.given[OPT_DRY_RUN] && out_is_json(app))
		return true; /* nobody reads the summary */
	if (!summary_read(app, target, &summary))
		return false;
	summary_say(app, target, &summary);
	if (app->options.given[OPT_DRY_RUN])
		return true;
	if (summary.show->revision != request->base_revision)
		return true; /* refused as stale by the server, with what changed */
	return explanation_ask(app, &summary, request) && ask_yes(app, _("Sign and submit?"), true);
}

static bool dry_run_end(struct app *app, struct target *target)
{
	json_t *answer = json_object();

	json_put_text(answer, "report", target->id);
	json_put_bool(answer, "dry_run", true);
	out_json(app, answer);
	out_say(app, _("nothing was submitted"));
	return true;
}

bool cmd_report_submit(struct app *app)
{
	Inap__V1__ReportSubmit request = INAP__V1__REPORT_SUBMIT__INIT;
	Inap__V1__ReportMoveReply *reply = NULL;
	struct target target;
	const char *date;
	const struct move move = { METHOD_REPORT_SUBMIT, &request.base, &target };

	if (!option_date(app, OPT_LETTER_DATE, &date) ||
	    !target_begin(app, app->words_count ? app->words[0] : NULL, METHOD_REPORT_SUBMIT,
			  &target))
		return false;
	request.report = &target.ref;
	request.letter_date = pool_strdup(&app->pool, date);
	if (!note_text(app, OPT_LETTER, &request.letter_number) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	if (!target.settled && (!target_base(app, &target, NULL, &request.base_revision) ||
				!signature_ask(app, &target, &request)))
		return false;
	if (app->options.given[OPT_DRY_RUN] && !target.settled)
		return dry_run_end(app, &target);
	if (!move_send(app, &move, &reply))
		return false;
	out_json(app, move_json(&target, reply));
	move_say(app, &target, reply);
	return true;
}
