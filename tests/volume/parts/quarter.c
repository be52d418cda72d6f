/* One report, taken through its states. */
#include "tests/volume/parts/quarter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/method.h"
#include "tests/volume/parts/figures.h"

enum { WORDS_BYTES = 256, NUMBER_BYTES = 32, MONEY_BYTES = 32, SLIP = 7 };

enum actor { FOCAL, APPROVER, COORDINATOR, SECRETARIAT, ACTORS };

struct report {
	const struct run *run;
	const Inap__V1__ReportEntry *entry;
	struct talk *talks[ACTORS];
	struct tally *tally;
	Inap__V1__ReportShowReply *shown; /* as the focal point saw it last */
	Inap__V1__State state, goal;
	uint64_t revision;
	bool to_return;
	char note[WORDS_BYTES];
};

static uint64_t chance(const struct report *report, const char *what, uint64_t under)
{
	char words[WORDS_BYTES];

	snprintf(words, sizeof words, "%s|%s|%s", report->entry->report->entity,
		 report->entry->report->round, what);
	return figures_chance(report->run->seed, words, under);
}

static Inap__V1__State goal_of(const struct report *report)
{
	unsigned whole = 0, at;

	for (int state = 0; state < STATES; state++)
		whole += report->run->weight[state];
	at = (unsigned)chance(report, "goal", whole);
	for (int state = 0; state < STATES; state++) {
		if (at < report->run->weight[state])
			return (Inap__V1__State)state;
		at -= report->run->weight[state];
	}
	return INAP__V1__STATE__STATE_EXPECTED;
}

static struct talk *talk_of(struct report *report, enum actor actor)
{
	static const char *const roles[ACTORS] = { "focal_point", "approver", "coordinator",
						   "secretariat" };
	const Inap__V1__ReportEntry *entry = report->entry;
	const char *scope = entry->report->entity;

	if (actor == COORDINATOR)
		scope = entry->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_FEDERAL
				? "federal"
				: "kurdistan";
	else if (actor == SECRETARIAT)
		scope = "-";
	if (!report->talks[actor])
		report->talks[actor] = people_enter(
			&report->run->place, people_find(report->run->people, roles[actor], scope));
	return report->talks[actor];
}

static ProtobufCMessage *ask(struct report *report, enum actor actor, unsigned method,
			     const ProtobufCMessage *request)
{
	struct talk *talk = talk_of(report, actor);
	ProtobufCMessage *reply = talk ? talk_ask(talk, method, request) : NULL;

	if (!reply)
		fprintf(stderr, "volume: %s/%s stays at revision %" PRIu64 "\n",
			report->entry->report->entity, report->entry->report->round,
			report->revision);
	return reply;
}

/* Any request whose answer is a move's. */
static bool moved(struct report *report, enum actor actor, unsigned method,
		  const ProtobufCMessage *request)
{
	Inap__V1__ReportMoveReply *reply =
		(Inap__V1__ReportMoveReply *)ask(report, actor, method, request);

	if (!reply)
		return false;
	report->state = reply->to;
	report->revision = reply->revision;
	report->tally->revisions++;
	inap__v1__report_move_reply__free_unpacked(reply, NULL);
	return true;
}

static bool simple_move(struct report *report, enum actor actor, unsigned method)
{
	Inap__V1__ReportMove move = INAP__V1__REPORT_MOVE__INIT;

	move.report = report->entry->report;
	move.base_revision = report->revision;
	return moved(report, actor, method, &move.base);
}

static bool shown(struct report *report)
{
	Inap__V1__ReportShow show = INAP__V1__REPORT_SHOW__INIT;

	if (report->shown)
		inap__v1__report_show_reply__free_unpacked(report->shown, NULL);
	show.report = report->entry->report;
	report->shown =
		(Inap__V1__ReportShowReply *)ask(report, FOCAL, METHOD_REPORT_SHOW, &show.base);
	if (!report->shown)
		return false;
	report->state = report->shown->state;
	report->revision = report->shown->revision;
	return true;
}

/* ---- the focal point */

static bool saved(struct report *report, Inap__V1__CellValue **cells, size_t count)
{
	Inap__V1__ReportSave save = INAP__V1__REPORT_SAVE__INIT;
	Inap__V1__ReportSaveReply *reply;

	save.report = report->entry->report;
	save.base_revision = report->revision;
	save.cells = cells;
	save.n_cells = count;
	save.via = INAP__V1__VIA__VIA_IMPORT;
	save.note = report->note;
	reply = (Inap__V1__ReportSaveReply *)ask(report, FOCAL, METHOD_REPORT_SAVE, &save.base);
	if (!reply)
		return false;
	report->state = reply->state;
	report->revision = reply->revision;
	report->tally->revisions++;
	report->tally->values += reply->created + reply->updated;
	inap__v1__report_save_reply__free_unpacked(reply, NULL);
	return true;
}

/* The first total that is a plain number, by cell; what somebody gets wrong who gets one wrong. A
 * register has no number but 0. */
static Inap__V1__CellValue *slip_at(Inap__V1__CellValue **cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i]->value->kind_case == INAP__V1__VALUE__KIND_NUMBER &&
		    strcmp(cells[i]->value->number, "0") != 0 && !strchr(cells[i]->cell, ':') &&
		    !strchr(cells[i]->value->number, '.'))
			return cells[i];
	return NULL;
}

/* All figures, in as many saves as the run wants; of a draft that stays one, the first half. */
static bool typed(struct report *report)
{
	bool whole = report->goal != INAP__V1__STATE__STATE_DRAFT;
	struct figures *figures = figures_make(report->run->seed, report->shown);
	size_t count = 0, from = 0, to, saves = report->run->saves;
	Inap__V1__CellValue **cells = figures ? figures_cells(figures, &count) : NULL;
	Inap__V1__CellValue *slip = report->to_return && whole ? slip_at(cells, count) : NULL;
	char wrong[NUMBER_BYTES];
	bool good = figures != NULL;

	if (slip) {
		snprintf(wrong, sizeof wrong, "%llu",
			 strtoull(slip->value->number, NULL, 10) + SLIP);
		slip->value->number = wrong;
	}
	if (!whole)
		count = (count + 1) / 2;
	for (size_t i = 1; good && i <= saves; i++) {
		to = count * i / saves;
		good = to == from || saved(report, cells + from, to - from);
		from = to;
	}
	figures_free(figures);
	return good;
}

static bool told(struct report *report)
{
	Inap__V1__ReportNarrative request = INAP__V1__REPORT_NARRATIVE__INIT;
	Inap__V1__NarrativeText texts[2] = { INAP__V1__NARRATIVE_TEXT__INIT,
					     INAP__V1__NARRATIVE_TEXT__INIT };
	Inap__V1__NarrativeText *sections[] = { &texts[0], &texts[1] };

	texts[0].section = "results";
	texts[0].text = report->note;
	texts[1].section = "obstacles";
	texts[1].text = report->note;
	request.report = report->entry->report;
	request.base_revision = report->revision;
	request.sections = sections;
	request.n_sections = 2;
	return moved(report, FOCAL, METHOD_REPORT_NARRATIVE, &request.base);
}

/* How far an activity is: its own pace, from the year 2021 on. */
static bool activity_told(struct report *report, const Inap__V1__ReportActivityEntry *activity)
{
	Inap__V1__ReportActivity request = INAP__V1__REPORT_ACTIVITY__INIT;
	Inap__V1__ActivityStatus status = INAP__V1__ACTIVITY_STATUS__INIT;
	Inap__V1__BudgetLine line = INAP__V1__BUDGET_LINE__INIT, *lines[] = { &line };
	unsigned year = 0, quarter = 0;
	char percent[NUMBER_BYTES], planned[MONEY_BYTES], spent[MONEY_BYTES];
	uint64_t pace = 4 + figures_chance(report->run->seed, activity->code, 6), done, money;

	sscanf(report->entry->report->round, "%4uQ%u", &year, &quarter);
	done = pace * (year > 2020 ? (year - 2021) * 4 + quarter : 0);
	money = 100 + figures_chance(report->run->seed, activity->code, 900);
	snprintf(percent, sizeof percent, "%" PRIu64, done < 100 ? done : 100);
	snprintf(planned, sizeof planned, "%" PRIu64, money * 1000000);
	snprintf(spent, sizeof spent, "%" PRIu64, money * 1000000 * quarter / 4);
	status.activity = activity->code;
	status.status = done >= 100 ? "completed" : done == 0 ? "not_started" : "on_track";
	status.percent = percent;
	if (done > 0 && done < 100 && chance(report, activity->code, 6) == 0) {
		status.status = "delayed";
		status.delay = report->note;
	}
	line.source = "federal";
	if (report->entry->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN)
		line.source = "krg";
	line.planned = planned;
	line.spent = spent;
	status.budget = lines;
	status.n_budget = 1;
	request.report = report->entry->report;
	request.base_revision = report->revision;
	request.status = &status;
	return moved(report, FOCAL, METHOD_REPORT_ACTIVITY, &request.base);
}

static bool drafted(struct report *report)
{
	bool good = typed(report);

	if (!good || report->goal == INAP__V1__STATE__STATE_DRAFT)
		return good;
	good = told(report);
	for (size_t i = 0; good && i < report->shown->n_activities; i++)
		good = activity_told(report, report->shown->activities[i]);
	return good && simple_move(report, FOCAL, METHOD_REPORT_READY);
}

/* ---- the approver, and the way back */

static bool signed_off(struct report *report)
{
	Inap__V1__ReportSubmit submit = INAP__V1__REPORT_SUBMIT__INIT;
	char letter[NUMBER_BYTES];

	snprintf(letter, sizeof letter, "%" PRIu64, 1 + chance(report, "letter", 9000));
	submit.report = report->entry->report;
	submit.base_revision = report->revision;
	submit.note = report->note;
	submit.letter_number = letter;
	submit.letter_date = "2025-01-15";
	return moved(report, APPROVER, METHOD_REPORT_SUBMIT, &submit.base);
}

static bool returned(struct report *report)
{
	Inap__V1__ReviewPointAdd add = INAP__V1__REVIEW_POINT_ADD__INIT;
	Inap__V1__ReviewReturn back = INAP__V1__REVIEW_RETURN__INIT;
	struct figures *figures = figures_make(report->run->seed, report->shown);
	size_t count = 0;
	Inap__V1__CellValue **cells = figures ? figures_cells(figures, &count) : NULL;
	Inap__V1__CellValue *slip = cells ? slip_at(cells, count) : NULL;
	char target[WORDS_BYTES] = "report";
	bool good;

	if (slip)
		snprintf(target, sizeof target, "cell:%s", slip->cell);
	figures_free(figures);
	add.report = back.report = report->entry->report;
	add.base_revision = report->revision;
	add.target = target;
	add.text = "the total is not the sum of its parts; which is right?";
	add.code = "mismatch";
	good = moved(report, COORDINATOR, METHOD_REVIEW_POINT, &add.base);
	back.base_revision = report->revision;
	back.note = "one question";
	back.code = "mismatch";
	report->tally->returned += good;
	return good && moved(report, COORDINATOR, METHOD_REVIEW_RETURN, &back.base);
}

static bool answered(struct report *report, const Inap__V1__ReviewPoint *point)
{
	Inap__V1__ReportAnswer answer = INAP__V1__REPORT_ANSWER__INIT;

	answer.report = report->entry->report;
	answer.base_revision = report->revision;
	answer.point = point->point;
	answer.answer = strcmp(point->target, "report") == 0 ? "confirmed" : "corrected";
	answer.text = "counted again";
	return moved(report, FOCAL, METHOD_REPORT_ANSWER, &answer.base);
}

static bool corrected(struct report *report)
{
	struct figures *figures;
	size_t count = 0;
	Inap__V1__CellValue **cells;
	bool good = shown(report);

	figures = good ? figures_make(report->run->seed, report->shown) : NULL;
	cells = figures ? figures_cells(figures, &count) : NULL;
	good = figures && (count == 0 || saved(report, cells, count));
	for (size_t i = 0; good && i < report->shown->n_points; i++)
		if (strcmp(report->shown->points[i]->state, "open") == 0)
			good = answered(report, report->shown->points[i]);
	figures_free(figures);
	return good && signed_off(report);
}

/* ---- the whole */

static bool stepped(struct report *report)
{
	bool once = report->shown->n_points == 0 && report->to_return;

	switch (report->state) {
	case INAP__V1__STATE__STATE_EXPECTED:
	case INAP__V1__STATE__STATE_DRAFT:
		if (report->shown->n_asked == 0) {
			report->goal = report->state;
			return true;
		}
		if (!drafted(report))
			return false;
		return report->goal == INAP__V1__STATE__STATE_DRAFT || signed_off(report);
	case INAP__V1__STATE__STATE_SUBMITTED:
		if (once)
			return returned(report);
		if (report->goal == INAP__V1__STATE__STATE_IN_REVIEW)
			return simple_move(report, COORDINATOR, METHOD_REVIEW_CLAIM);
		return simple_move(report, COORDINATOR, METHOD_REVIEW_ENDORSE);
	case INAP__V1__STATE__STATE_IN_REVIEW:
		return once ? returned(report)
			    : simple_move(report, COORDINATOR, METHOD_REVIEW_ENDORSE);
	case INAP__V1__STATE__STATE_RETURNED:
		return corrected(report);
	case INAP__V1__STATE__STATE_ENDORSED:
		return simple_move(report, SECRETARIAT, METHOD_REVIEW_ACCEPT);
	default:
		return false;
	}
}

/* Whether it is as far as it shall go. */
static bool there(const struct report *report)
{
	static const int order[STATES] = { 0, 0, 1, 3, 4, 2, 5, 6 };

	/* What ends returned is submitted and in review on the way there. */
	if (report->goal == INAP__V1__STATE__STATE_RETURNED)
		return report->state == report->goal ||
		       report->state >= INAP__V1__STATE__STATE_ENDORSED;
	return order[report->state] >= order[report->goal];
}

bool quarter_fill(const struct run *run, const Inap__V1__ReportEntry *entry, struct tally *tally)
{
	struct report report = { .run = run, .entry = entry, .tally = tally };
	bool good = true;

	report.state = entry->state;
	report.goal = goal_of(&report);
	report.to_return = report.goal == INAP__V1__STATE__STATE_RETURNED ||
			   chance(&report, "return", 100) < RETURNED_PER_HUNDRED;
	snprintf(report.note, sizeof report.note, "made from seed %" PRIu64, run->seed);
	while (good && !there(&report))
		good = (report.shown || shown(&report)) && stepped(&report);
	if (report.shown)
		inap__v1__report_show_reply__free_unpacked(report.shown, NULL);
	for (size_t i = 0; i < ACTORS; i++)
		talk_close(report.talks[i]);
	tally->reports += good;
	tally->at[report.state]++;
	return good;
}
