/* The words of the protocol in the person's language (FIELD.md section 0 has the terms). */
#include "client/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "client/command.h"
#include "client/i18n.h"
#include "client/reason.h"
#include "proto/enums.h"

/* A key and how it is said. */
struct word_row {
	const char *key;
	const char *text;
};

static const struct word_row rows[] = {
	/* states of a report */
	{ "expected", N_("expected") },
	{ "draft", N_("draft") },
	{ "submitted", N_("submitted") },
	{ "in_review", N_("in review") },
	{ "returned", N_("returned") },
	{ "endorsed", N_("endorsed") },
	{ "accepted", N_("accepted") },
	/* what is done to one */
	{ "save", N_("save") },
	{ "ready", N_("ready") },
	{ "hand_back", N_("hand back") },
	{ "submit", N_("submit") },
	{ "withdraw", N_("withdraw") },
	{ "claim", N_("claim") },
	{ "release", N_("release") },
	{ "point", N_("point") },
	{ "return", N_("return") },
	{ "endorse", N_("endorse") },
	{ "accept", N_("accept") },
	{ "send_back", N_("send back") },
	{ "answer", N_("answer") },
	{ "ask_cells", N_("ask for cells") },
	{ "withdraw_point", N_("take a point back") },
	{ "contest", N_("contest") },
	{ "fill", N_("fill in") },
	{ "sign", N_("sign and submit") },
	{ "review", N_("review") },
	/* jurisdictions, roles, basis */
	{ "federal", N_("federal") },
	{ "kurdistan", N_("Kurdistan") },
	{ "iraq", N_("Iraq") },
	{ "national", N_("national") },
	{ "focal_point", N_("focal point") },
	{ "approver", N_("approver") },
	{ "coordinator", N_("coordinator") },
	{ "secretariat", N_("secretariat") },
	{ "national_team", N_("national team") },
	{ "observer", N_("observer") },
	{ "admin", N_("admin") },
	{ "auditor", N_("auditor") },
	{ "own", N_("own") },
	{ "acting", N_("acting") },
	{ "delegated", N_("delegated") },
	/* blanks and doors */
	{ "not_applicable", N_("not applicable") },
	{ "not_collected", N_("not collected") },
	{ "withheld", N_("withheld") },
	{ "not_available", N_("not available") },
	{ "excused", N_("excused") },
	{ "unanswered", N_("unanswered") },
	{ "set", N_("typed") },
	{ "import", N_("file") },
	{ "desk", N_("desk") },
	{ "confirm", N_("confirmed unchanged") },
	/* indicators */
	{ "count", N_("count") },
	{ "percent", N_("percent") },
	{ "yes_no", N_("yes or no") },
	{ "iqd", N_("Iraqi dinar") },
	{ "decimal", N_("decimal") },
	{ "text", N_("text") },
	{ "names", N_("names, one a line") },
	{ "number", N_("number") },
	{ "ratio", N_("ratio") },
	/* what a cell takes, where something else was given */
	{ "takes count", N_("a whole number, as in 12") },
	{ "takes percent", N_("a percentage from 0 to 100, as in 12.5") },
	{ "takes yes_no", N_("yes or no") },
	{ "takes iqd", N_("whole Iraqi dinars, as in 1500000") },
	{ "takes decimal", N_("a number, as in 12.5") },
	{ "takes text", N_("words") },
	{ "takes names", N_("names, one a line, or 0 for none") },
	{ "takes ratio", N_("a numerator and a denominator, as in 12/40") },
	{ "takes numerator", N_("the numerator alone, as in 12") },
	{ "takes denominator", N_("the denominator alone, as in 40") },
	{ "blank", N_("blank") },
	{ "yes", N_("yes") },
	{ "no", N_("no") },
	{ "up", N_("up") },
	{ "down", N_("down") },
	{ "none", N_("none") },
	{ "quarterly", N_("quarterly") },
	{ "semiannual", N_("every half-year") },
	{ "annual", N_("yearly") },
	{ "survey", N_("survey") },
	{ "in_period", N_("in the period") },
	{ "at_period_end", N_("at the period's end") },
	{ "cumulative_since_start", N_("cumulative since the start") },
	{ "year_to_date", N_("year to date") },
	{ "parts", N_("parts, added") },
	{ "one", N_("one reporter") },
	{ "register", N_("register") },
	{ "derived", N_("derived") },
	{ "each", N_("each, listed") },
	{ "sum", N_("sum") },
	{ "last", N_("last") },
	{ "persons", N_("persons") },
	{ "places", N_("places") },
	{ "staff", N_("staff") },
	{ "money", N_("money") },
	{ "whole", N_("whole") },
	{ "numerator", N_("numerator") },
	{ "denominator", N_("denominator") },
	{ "consulted", N_("consulted") },
	{ "outcome", N_("outcome") },
	{ "output", N_("output") },
	{ "pillar", N_("pillar") },
	{ "area", N_("area") },
	{ "activity", N_("activity") },
	{ "lead", N_("lead") },
	{ "contributor", N_("contributor") },
	{ "not_started", N_("not started") },
	{ "on_track", N_("on track") },
	{ "delayed", N_("delayed") },
	{ "completed", N_("completed") },
	{ "cancelled", N_("cancelled") },
	{ "proposed", N_("proposed") },
	{ "agreed", N_("agreed") },
	{ "krg", N_("Kurdistan Regional Government") },
	{ "un", N_("United Nations") },
	{ "donor", N_("donor") },
	{ "status", N_("status") },
	{ "begins", N_("begins") },
	{ "ends", N_("ends") },
	{ "partners", N_("partners") },
	{ "delay", N_("reason of the delay") },
	{ "new_date", N_("new date") },
	{ "budget", N_("budget") },
	{ "no_budget_line", N_("no budget line") },
	{ "in_kind", N_("in kind") },
	{ "governorate", N_("governorate") },
	{ "source of a budget", N_("source of a budget") },
	{ "contributors", N_("contributors") },
	/* the narrative and what points and problems name of it */
	{ "narrative", N_("narrative") },
	{ "section", N_("section") },
	{ "results", N_("results") },
	{ "obstacles", N_("obstacles") },
	{ "lessons", N_("lessons") },
	{ "support_needed", N_("support needed") },
	{ "next_quarter", N_("next quarter") },
	{ "narrative:results", N_("narrative: results") },
	{ "narrative:obstacles", N_("narrative: obstacles") },
	{ "narrative:lessons", N_("narrative: lessons") },
	{ "narrative:support_needed", N_("narrative: support needed") },
	{ "narrative:next_quarter", N_("narrative: next quarter") },
	/* plans, rounds, changes of a plan */
	{ "active", N_("active") },
	{ "suspended", N_("suspended") },
	{ "current", N_("the current plan") },
	{ "closed", N_("closed") },
	{ "planned", N_("planned") },
	{ "open", N_("open") },
	{ "not_open", N_("not open yet") },
	{ "add", N_("add") },
	{ "change", N_("change") },
	{ "close", N_("close") },
	{ "reopen", N_("reopen") },
	{ "plan", N_("plan") },
	{ "indicator", N_("indicator") },
	{ "dimension", N_("dimension") },
	{ "category", N_("category") },
	{ "table", N_("table") },
	{ "cell", N_("cell") },
	{ "entity", N_("entity") },
	{ "assignment", N_("assignment") },
	{ "round", N_("round") },
	{ "report", N_("report") },
	{ "revision", N_("revision") },
	{ "user", N_("user") },
	{ "role", N_("role") },
	{ "grant", N_("grant") },
	{ "session", N_("session") },
	{ "result", N_("result") },
	{ "review point", N_("review point") },
	{ "indicator_table", N_("table") },
	{ "form_cell", N_("asked cell") },
	{ "target", N_("target") },
	{ "rule", N_("rule") },
	/* kinds of entities */
	{ "authority", N_("authority") },
	{ "reporting", N_("reporting entities") },
	{ "ministry", N_("ministry") },
	{ "commission", N_("commission") },
	{ "agency", N_("agency") },
	/* what was done, beside the actions above */
	{ "hand-back", N_("hand back") },
	{ "send-back", N_("send back") },
	{ "ask-cells", N_("ask for cells") },
	{ "ask-restatement", N_("ask for a restatement") },
	{ "ask_restatement", N_("ask for a restatement") },
	{ "restate", N_("restate") },
	{ "decline-restatement", N_("decline a restatement") },
	{ "decline_restatement", N_("decline a restatement") },
	{ "restatement", N_("restatement") },
	/* editions */
	{ "edition", N_("edition") },
	{ "published", N_("published") },
	{ "dropped", N_("dropped") },
	{ "sentence", N_("sentence") },
	{ "accepted report", N_("accepted report") },
	{ "published edition of its rounds", N_("published edition of its rounds") },
	/* what was done, the rest */
	{ "withdraw-point", N_("take a point back") },
	{ "disable", N_("disable") },
	{ "enable", N_("enable") },
	{ "reset", N_("reset") },
	{ "revoke", N_("revoke") },
	{ "delegate", N_("delegate") },
	{ "extend", N_("extend") },
	{ "receive", N_("receive") },
	{ "outage", N_("outage") },
	{ "excuse", N_("excuse") },
	{ "excuse-end", N_("end of the excuse") },
	{ "extension", N_("extension") },
	{ "extension-add", N_("extension given") },
	{ "extension-revoke", N_("extension revoked") },
	/* due dates and extensions */
	{ "extended", N_("extended") },
	{ "live", N_("in force") },
	{ "over", N_("over") },
	{ "revoked", N_("revoked") },
	{ "previous", N_("in the round before") },
	/* rules by hand */
	{ "added", N_("added") },
	{ "retired", N_("retired") },
	/* review points */
	{ "asked", N_("asked for") },
	{ "asked table", N_("asked table") },
	{ "narrative section", N_("narrative section") },
	{ "target of a review point", N_("part of a report") },
	{ "answered", N_("answered") },
	{ "settled", N_("settled") },
	{ "withdrawn", N_("withdrawn") },
	{ "corrected", N_("corrected") },
	{ "confirmed", N_("confirmed") },
	{ "contested", N_("contested") },
	{ "unclear", N_("unclear") },
	{ "mismatch", N_("mismatch") },
	{ "incomplete", N_("incomplete") },
	{ "other", N_("other") },
	/* evidence */
	{ "attach", N_("attach evidence") },
	{ "detach", N_("take off evidence") },
	{ "keep", N_("keep evidence") },
	{ "evidence", N_("evidence") },
	{ "file", N_("file") },
	{ "minutes", N_("minutes") },
	{ "order", N_("order") },
	{ "list", N_("list") },
	{ "letter", N_("letter") },
	{ "photo", N_("photo") },
	{ "scan", N_("scan") },
	{ "reference", N_("reference") },
	{ "bytes", N_("bytes") },
	{ "type", N_("type") },
	/* events and verification */
	{ "consultation", N_("consultation") },
	{ "workshop", N_("workshop") },
	{ "field_visit", N_("field visit") },
	{ "validation", N_("validation") },
	{ "national_team_meeting", N_("National Team meeting") },
	{ "support", N_("support") },
	{ "event", N_("event") },
	{ "kind of event", N_("kind of event") },
	{ "decision", N_("decision") },
	{ "organisation", N_("organisation") },
	{ "cell of a sample", N_("cell of a sample") },
	{ "differs", N_("differs") },
	{ "not_found", N_("not found") },
	{ "done", N_("done") },
	{ "handover", N_("handover") },
	{ "late", N_("late") },
	{ "due", N_("due") },
	{ "verify", N_("verify") },
	/* problems of a report */
	{ "BLOCK", N_("blocks") },
	{ "EXPLAIN", N_("explain") },
	{ "WARN", N_("look at") },
	{ "all_or_none", N_("all or none") },
	{ "only_one", N_("only one") },
	{ "outlier", N_("outlier") },
	{ "year_ratio", N_("against last year") },
	{ "fall", N_("falling value") },
	/* fields of requests and of plan files, columns of a file */
	{ "home", N_("home entity") },
	{ "name", N_("name") },
	{ "note", N_("note") },
	{ "value", N_("value") },
	{ "cell, value", N_("cell, value") },
	{ "cells", N_("cells") },
	{ "unit", N_("unit") },
	{ "tables", N_("tables") },
	{ "combine", N_("way of adding up") },
	{ "multiplier", N_("multiplier") },
	{ "frequency", N_("frequency") },
	{ "direction", N_("direction") },
	{ "until", N_("last day") },
	{ "to", N_("last day") },
	{ "from", N_("first day") },
	{ "opens_on", N_("opening date") },
	{ "due_on", N_("due date") },
	{ "yearly_due_on", N_("due date of yearly figures") },
	{ "from_at", N_("beginning of the outage") },
	{ "to_at", N_("end of the outage") },
	{ "closes_on", N_("closing date") },
	{ "surveys", N_("surveys") },
	{ "basis", N_("basis") },
	{ "part", N_("part") },
	{ "covers", N_("covered categories") },
	{ "order_number", N_("number of the order") },
	{ "period", N_("period") },
	{ "kind", N_("kind") },
	{ "light", N_("light") },
	{ "baseline", N_("baseline") },
	{ "tolerance", N_("tolerance") },
	{ "code", N_("code") },
	{ "days", N_("days") },
	{ "title", N_("title") },
	{ "women", N_("women") },
	{ "minutes_on", N_("date of the minutes") },
	{ "seen_on", N_("day of the visit") },
	{ "size", N_("number of cells") },
	{ "order_date", N_("date of the order") },
	{ "letter_number", N_("number of the letter") },
	{ "letter_date", N_("date of the letter") },
	{ "otp", N_("one-time code") },
	{ "token", N_("token of the login") },
	{ "min_state", N_("lowest state") },
	{ "starts_on", N_("the plan's first day") },
	{ "ends_on", N_("the plan's last day") },
	{ "valid_from", N_("valid from") },
	{ "command", N_("command") },
	/* what a total is */
	{ "contacts", N_("participations or service contacts, not persons") },
	{ "not_computed", N_("not computed") },
	{ "events", N_("events") },
	{ "editions", N_("editions") },
	{ "formula", N_("formula") },
	{ "contested_by", N_("contested by") },
	{ "pair", N_("pair") },
	{ "reach", N_("to be reached") },
	{ "floor", N_("floor") },
	{ "ceiling", N_("ceiling") },
	{ "maintain", N_("to be maintained") },
	{ "green", N_("green") },
	{ "amber", N_("amber") },
	{ "red", N_("red") },
	{ "grey", N_("grey") },
	{ "no_target", N_("no target") },
	{ "no_milestone", N_("no milestone yet") },
	{ "no_direction", N_("more is neither better nor worse") },
	{ "no_figure", N_("no figure") },
	{ "no_formula", N_("not comparable with its target") },
	{ "reporter_missing", N_("its reporter is missing") },
	{ "gaps", N_("periods are missing") },
	{ "no_figure_of", N_("no figure of") },
	{ "weight_missing", N_("share of the last total that is missing") },
	{ "listed", N_("listed, not combined") },
	/* writes that were left behind, where their verb says something else or nothing */
	{ "activity.agree", N_("agreement to an activity") },
	{ "edition.comment", N_("remark") },
	{ "edition.confirm", N_("confirmation of an edition") },
	{ "edition.propose", N_("proposal of an edition") },
	{ "entity.edit", N_("change") },
	{ "entity.succeed", N_("succession") },
	{ "event.decide", N_("decision") },
	{ "event.done", N_("carrying out of a decision") },
	{ "event.write", N_("event") },
	{ "evidence.chunk", N_("attach evidence") },
	{ "light.override", N_("light set by hand") },
	{ "organisation.write", N_("organisation") },
	{ "plan.current", N_("choice of the current plan") },
	{ "plan.resume", N_("resumption of a plan") },
	{ "plan.suspend", N_("suspension of a plan") },
	{ "report.consult", N_("answer") },
	{ "round.extend-one", N_("extend") },
	{ "round.remind", N_("reminder") },
	{ "target.set", N_("target") },
	{ "verify.record", N_("verification") },
	{ "verify.sample", N_("sample") },
};

static const struct word_row *row_find(const char *key)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].key, key) == 0)
			return &rows[i];
	return NULL;
}

const char *word(const char *key)
{
	const struct word_row *row = row_find(key);

	return row ? _(row->text) : key;
}

const char *enum_key(const ProtobufCEnumDescriptor *descriptor, int value)
{
	const char *key = proto_enum_text(descriptor, value);

	return key ? key : "";
}

const char *enum_word(const ProtobufCEnumDescriptor *descriptor, int value)
{
	return word(enum_key(descriptor, value));
}

static bool is_one_of(const char *place, const char *const *places, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(places[i], place) == 0)
			return true;
	return false;
}

/* Places that hold the server's own sentences, never what somebody typed. */
static bool place_holds_reasons(const char *place)
{
	static const char *const places[] = { "why", "what", "hint", "lock", "place", "found" };

	return is_one_of(place, places, sizeof places / sizeof *places);
}

/* Places that hold a word or a reason rather than somebody's name or code. */
static bool place_holds_words(const char *place)
{
	static const char *const places[] = { "why",   "what",    "hint",         "unit",
					      "state", "action",  "expected",     "given",
					      "role",  "other",   "lock",         "field",
					      "from",  "missing", "jurisdiction", "place",
					      "cell",  "found" };

	return is_one_of(place, places, sizeof places / sizeof *places);
}

/* A field of a field is known by its last name: grant.role. */
static const struct word_row *field_find(const char *value)
{
	const char *dot = strrchr(value, '.');

	return row_find(dot ? dot + 1 : value);
}

/* A method is said as the help of the command that is for it. */
static const char *method_said(const char *method)
{
	size_t count, length = strlen(method);
	const struct command *commands = command_all(&count);

	for (size_t i = 0; i < count; i++)
		if (strcspn(commands[i].methods, " ") == length &&
		    strncmp(commands[i].methods, method, length) == 0)
			return _(commands[i].help);
	return method;
}

const char *word_in_place(struct pool *pool, const char *place, const char *value)
{
	const struct word_row *row;
	const char *said;

	if (!place_holds_words(place) || !value[0])
		return value;
	said = place_holds_reasons(place) ? reason_said(pool, value) : NULL;
	if (said)
		return said;
	if (strcmp(place, "place") == 0)
		return value; /* where in a file: "names" there is no unit */
	if (strcmp(place, "action") == 0 && strchr(value, '.'))
		return method_said(value);
	row = strcmp(place, "field") == 0 ? field_find(value) : row_find(value);
	if (strcmp(place, "expected") == 0) {
		const struct word_row *takes = row_find(pool_printf(pool, "takes %s", value));

		row = takes ? takes : row;
	}
	return row ? _(row->text) : value;
}
