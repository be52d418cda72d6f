/* Review points: shown as a thread, opened, taken back, and asked for. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/form/cell.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/words.h"

json_t *points_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list = json_array();

	for (size_t i = 0; i < show->n_points; i++) {
		const Inap__V1__ReviewPoint *point = show->points[i];
		json_t *one = json_object();

		json_put_number(one, "point", point->point);
		json_put_text(one, "target", point->target);
		json_put_text(one, "code", point->code);
		json_put_text(one, "text", point->text);
		json_put_text(one, "state", point->state);
		json_put_maybe(one, "answer", point->answer);
		json_put_maybe(one, "answer_text", point->answer_text);
		json_put_number(one, "turn", point->turn);
		json_put_number(one, "revision", point->revision);
		json_put_text(one, "by", point->by);
		json_put_text(one, "at", point->at);
		json_put_maybe(one, "answered_by", point->answered_by);
		json_put_maybe(one, "answered_at", point->answered_at);
		json_array_append_new(list, one);
	}
	return list;
}

/* cell:PR-1.3 and table:PR-1.3:sex are written as people write them. */
static const char *target_human(const char *target)
{
	static const char *const kinds[] = { "cell:", "table:" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(target, kinds[i], strlen(kinds[i])) == 0)
			return target + strlen(kinds[i]);
	return target;
}

void points_human(struct app *app, const Inap__V1__ReportShowReply *show)
{
	const struct column columns[] = {
		{ "point", _("POINT"), COLUMN_NUMBER }, { "turn", _("TURN"), COLUMN_NUMBER },
		{ "target", _("TARGET"), COLUMN_CODE }, { "code", _("CODE"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },   { "answer", _("ANSWER"), COLUMN_CODE },
		{ "by", _("BY"), COLUMN_CODE },         { "text", _("QUESTION"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, sizeof columns / sizeof *columns);

	for (size_t i = 0; i < show->n_points; i++) {
		const Inap__V1__ReviewPoint *point = show->points[i];

		view_number(view, point->point);
		view_number(view, point->turn);
		view_word(view, target_human(point->target));
		view_word(view, point->code);
		view_word(view, point->state);
		view_word(view, point->answer);
		view_code(view, point->answered_by[0] ? pool_printf(&app->pool, "%s, %s", point->by,
								    point->answered_by)
						      : point->by);
		view_text(view, point->answer_text[0] ? pool_printf(&app->pool, "%s -> %s",
								    point->text, point->answer_text)
						      : point->text);
	}
	out_side_view(app, _("Review points:"), view);
}

/* What is wrong, as a word; without one it is `unclear`. */
bool code_word(struct app *app, char **code)
{
	static const char *const words[] = { "unclear", "mismatch", "incomplete", "other" };
	const char *given = app->options.given[OPT_CODE] ? option_text(app, OPT_CODE) : words[0];

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], given) == 0) {
			*code = pool_strdup(&app->pool, given);
			return true;
		}
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("--code is one of {words}"), "words",
				  "unclear, mismatch, incomplete, other", NULL),
			 NULL);
}

static bool target_fail(struct app *app, const char *word)
{
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool,
				  _("'{word}' is no part of a report: write report, PR-1.3, "
				    "PR-1.3:sex=F, PR-1.3:sex for a table, activity:CODE or "
				    "narrative:SECTION"),
				  "word", word, NULL),
			 NULL);
}

/* The canonical code of a single cell as typed. */
static const char *cell_target(struct app *app, const char *word)
{
	struct cell cell;
	const char *rest;

	return cell_parse(app, word, &cell, &rest) && *rest == '\0' && !cell.wild
		       ? cell_code(app, &cell)
		       : NULL;
}

/* What a point is about, as the protocol names it. A cell's dimensions may come in any order. */
static bool point_target(struct app *app, const char *word, char **target)
{
	static const char *const kinds[] = { "report", "asked",     "cell:",
					     "table:", "activity:", "narrative:" };
	const char *cell;

	for (size_t i = 2; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(word, kinds[i], strlen(kinds[i])) == 0) {
			*target = pool_strdup(&app->pool, word);
			return word[strlen(kinds[i])] != '\0' || target_fail(app, word);
		}
	if (strcmp(word, kinds[0]) == 0 || strcmp(word, kinds[1]) == 0) {
		*target = pool_strdup(&app->pool, word);
		return true;
	}
	if (strchr(word, ':') && !strchr(word, '=')) {
		*target = pool_printf(&app->pool, "table:%s", word);
		return true;
	}
	cell = cell_target(app, word);
	if (!cell)
		return target_fail(app, word);
	*target = pool_printf(&app->pool, "cell:%s", cell);
	return true;
}

bool cmd_review_point(struct app *app)
{
	Inap__V1__ReviewPointAdd request = INAP__V1__REVIEW_POINT_ADD__INIT;
	struct target target;
	const struct move move = { METHOD_REVIEW_POINT, &request.base, &target };
	const char *text = text_clean(app, app->words_count > 2 ? app->words[2] : "");

	if (!point_target(app, app->words[1], &request.target) || !code_word(app, &request.code) ||
	    !target_begin(app, app->words[0], METHOD_REVIEW_POINT, &target))
		return false;
	request.report = &target.ref;
	request.text = pool_strdup(&app->pool, text ? text : "");
	if (!target.settled && !target_base(app, &target, NULL, &request.base_revision))
		return false;
	return move_finish(app, &move);
}

bool cmd_review_withdraw(struct app *app)
{
	Inap__V1__ReviewWithdraw request = INAP__V1__REVIEW_WITHDRAW__INIT;
	struct target target;
	const struct move move = { METHOD_REVIEW_WITHDRAW, &request.base, &target };

	if (!point_read(app, app->words[1], &request.point) ||
	    !note_text(app, OPT_NOTE, &request.note) ||
	    !target_begin(app, app->words[0], METHOD_REVIEW_WITHDRAW, &target))
		return false;
	request.report = &target.ref;
	if (!target.settled && !target_base(app, &target, NULL, &request.base_revision))
		return false;
	return move_finish(app, &move);
}

/* Cells (or, for a restatement, none: the whole report) and why, from whoever answers for them. */
static bool ask_cells(struct app *app, enum method_number method, bool whole)
{
	Inap__V1__ReportAskCells request = INAP__V1__REPORT_ASK_CELLS__INIT;
	struct target target;
	const struct move move = { method, &request.base, &target };
	int named = app->words_count > 0 && target_is_report(app->words[0]) ? 1 : 0;

	if (app->words_count <= named && !whole)
		return fail_with(app, ERROR_USAGE, "why", _("say which cells"), NULL);
	if (!option_text(app, OPT_NOTE)[0])
		return fail_with(app, ERROR_USAGE, "why", _("say why with --note"), NULL);
	request.cells = pool_alloc(&app->pool,
				   (size_t)(app->words_count - named + 1) * sizeof *request.cells);
	for (int i = named; i < app->words_count; i++) {
		const char *cell = cell_target(app, app->words[i]);

		if (!cell)
			return target_fail(app, app->words[i]);
		request.cells[request.n_cells++] = pool_strdup(&app->pool, cell);
	}
	if (!note_text(app, OPT_NOTE, &request.note) ||
	    !target_begin(app, named ? app->words[0] : NULL, method, &target))
		return false;
	request.report = &target.ref;
	if (!target.settled && !target_base(app, &target, NULL, &request.base_revision))
		return false;
	return move_finish(app, &move);
}

bool cmd_report_ask_cells(struct app *app)
{
	return ask_cells(app, METHOD_REPORT_ASK_CELLS, false);
}

bool cmd_report_ask_restatement(struct app *app)
{
	return ask_cells(app, METHOD_REPORT_ASK_RESTATEMENT, true);
}
