/* inap report narrative: the report's words, section by section. */
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/narrative.h"
#include "client/form/sheet.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "proto/text.h"

static const char *const sections[] = { "results", "obstacles", "lessons", "support_needed",
					"next_quarter" };
enum { SECTIONS = sizeof sections / sizeof *sections, REQUIRED = 2 };

static const Inap__V1__NarrativeSection *section_of(const Inap__V1__ReportShowReply *show,
						    const char *section)
{
	for (size_t i = 0; i < show->n_narrative; i++)
		if (strcmp(show->narrative[i]->section, section) == 0)
			return show->narrative[i];
	return NULL;
}

json_t *narrative_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list = json_array();

	for (size_t i = 0; i < show->n_narrative; i++) {
		const Inap__V1__NarrativeSection *section = show->narrative[i];
		json_t *one = json_object();

		json_put_text(one, "section", section->section);
		json_put_text(one, "text", section->text);
		json_put_number(one, "revision", section->revision);
		json_put_text(one, "by", section->by);
		json_put_text(one, "at", section->at);
		json_array_append_new(list, one);
	}
	return list;
}

json_t *narrative_changes_json(const Inap__V1__ReportDiffReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_narrative; i++) {
		const Inap__V1__NarrativeChange *change = reply->narrative[i];
		json_t *one = json_object();

		json_put_text(one, "section", change->section);
		json_put_maybe(one, "before", change->before);
		json_put_maybe(one, "after", change->after);
		json_put_text(one, "by", change->by);
		json_put_text(one, "at", change->at);
		json_put_number(one, "revision", change->revision);
		json_array_append_new(list, one);
	}
	return list;
}

/* The columns of both: what is written, what changed. */
static struct view *narrative_view(struct app *app)
{
	struct column *columns = pool_alloc(&app->pool, 4 * sizeof *columns);

	columns[0] = (struct column){ "section", _("SECTION"), COLUMN_CODE };
	columns[1] = (struct column){ "revision", _("REVISION"), COLUMN_NUMBER };
	columns[2] = (struct column){ "by", _("BY"), COLUMN_CODE };
	columns[3] = (struct column){ "text", _("TEXT"), COLUMN_TEXT };
	return view_new(app, columns, 4);
}

/* One section, or NULL: all. */
static struct view *sections_view(struct app *app, const Inap__V1__ReportShowReply *show,
				  const char *only)
{
	struct view *view = narrative_view(app);

	for (size_t i = 0; i < show->n_narrative; i++) {
		const Inap__V1__NarrativeSection *section = show->narrative[i];

		if (only && strcmp(only, section->section) != 0)
			continue;
		view_word(view, section->section);
		view_number(view, section->revision);
		view_code(view, section->by);
		view_text(view, section->text);
	}
	return view;
}

void narrative_human(struct app *app, const Inap__V1__ReportShowReply *show)
{
	out_side_view(app, _("Narrative:"), sections_view(app, show, NULL));
}

void narrative_changes_human(struct app *app, const Inap__V1__ReportDiffReply *reply)
{
	struct view *view = narrative_view(app);

	for (size_t i = 0; i < reply->n_narrative; i++) {
		const Inap__V1__NarrativeChange *change = reply->narrative[i];

		view_word(view, change->section);
		view_number(view, change->revision);
		view_code(view, change->by);
		view_text(view, change->before[0] ? pool_printf(&app->pool, "%s -> %s",
								change->before, change->after)
						  : change->after);
	}
	out_side_view(app, _("Narrative:"), view);
}

/* The key of a section as a person writes it: next_quarter, next-quarter, or its name in the
 * language spoken. NULL: noted as a failure. */
static const char *section_read(struct app *app, const char *typed)
{
	char *key = pool_strdup(&app->pool, typed);
	const char *known = "";

	for (char *at = key; *at; at++)
		if (*at == '-' || *at == ' ')
			*at = '_';
	for (size_t i = 0; i < SECTIONS; i++)
		if (strcasecmp(sections[i], key) == 0 || strcmp(word(sections[i]), typed) == 0)
			return sections[i];
	for (size_t i = 0; i < SECTIONS; i++)
		known = pool_printf(&app->pool, "%s%s%s", known, known[0] ? ", " : "", sections[i]);
	fail_with(app, ERROR_USAGE, "why",
		  sentence(&app->pool, _("'{word}' is no section: {sections}"), "word", typed,
			   "sections", known, NULL),
		  NULL);
	return NULL;
}

static bool text_refuse(struct app *app, enum text_fault fault)
{
	return fail_with(app, ERROR_BAD_TEXT, "field", "text", "why", text_reason(fault), NULL);
}

/* The text as typed, or all of standard input for "-". */
static bool text_read(struct app *app, const char *typed, const char **text)
{
	size_t length = strlen(typed);

	if (strcmp(typed, "-") == 0 && !(typed = sheet_bytes(app, "-", &length)))
		return false;
	if (memchr(typed, '\0', length))
		return text_refuse(app, TEXT_NUL);
	*text = text_clean(app, pool_strndup(&app->pool, typed, length));
	return *text ? true : text_refuse(app, TEXT_UTF8);
}

static json_t *section_json(const Inap__V1__NarrativeSection *one, const char *section)
{
	json_t *answer = json_object();

	json_put_text(answer, "section", section);
	json_put_text(answer, "text", one ? one->text : "");
	json_put_number(answer, "revision", one ? one->revision : 0);
	return answer;
}

/* A section alone is read with its lines; all of them side by side. */
static bool narrative_show(struct app *app, const char *report, const char *section)
{
	Inap__V1__ReportShowReply *show = NULL;
	const Inap__V1__NarrativeSection *one;
	struct target target;
	json_t *answer;
	char *safe;

	if (!target_begin(app, report, 0, &target) || !target_show(app, &target, 0, &show))
		return false;
	one = section ? section_of(show, section) : NULL;
	answer = section ? section_json(one, section) : json_object();
	if (!section) {
		json_put_number(answer, "revision", show->revision);
		json_object_set_new(answer, "narrative", narrative_json(show));
	}
	json_put_text(answer, "report", target.id);
	out_json(app, answer);
	if (section ? !one : show->n_narrative == 0) {
		out_say(app, _("nothing is written yet"));
	} else if (one && out_is_human(app)) {
		safe = text_printable(one->text, true);
		out_say(app, safe ? safe : "");
		free(safe);
	} else {
		out_view(app, sections_view(app, show, section));
	}
	return true;
}

static bool narrative_send(struct app *app, struct target *target,
			   Inap__V1__ReportNarrative *request, Inap__V1__ReportMoveReply **reply)
{
	const struct move move = { METHOD_REPORT_NARRATIVE, &request->base, target };

	request->report = &target->ref;
	return move_send(app, &move, reply);
}

static bool narrative_write(struct app *app, const char *report, const char *section,
			    const char *typed)
{
	Inap__V1__ReportNarrative request = INAP__V1__REPORT_NARRATIVE__INIT;
	Inap__V1__NarrativeText one = INAP__V1__NARRATIVE_TEXT__INIT, *list[] = { &one };
	Inap__V1__ReportMoveReply *reply = NULL;
	struct target target;
	const char *text;

	if (!text_read(app, typed, &text) || !target_find(app, report, &target) ||
	    !target_settle(app, &target, METHOD_REPORT_NARRATIVE, text, strlen(text)))
		return false;
	one.section = pool_strdup(&app->pool, section);
	one.text = pool_strdup(&app->pool, text);
	request.sections = list;
	request.n_sections = 1;
	if (!target.settled && (!target_base(app, &target, NULL, &request.base_revision) ||
				!note_text(app, OPT_NOTE, &request.note)))
		return false;
	if (!narrative_send(app, &target, &request, &reply))
		return false;
	out_json(app, move_json(&target, reply));
	out_say(app, sentence(&app->pool,
			      text[0] ? _("{report}: {section} is written, revision {revision}")
				      : _("{report}: {section} is taken away, revision {revision}"),
			      "report", target.id, "section", word(section), "revision",
			      number_text(&app->pool, reply->revision), NULL));
	out_next(app, pool_printf(&app->pool, "inap report check %s", target.id));
	return true;
}

bool cmd_report_narrative(struct app *app)
{
	bool named = app->words_count > 0 && target_is_report(app->words[0]);
	int left = app->words_count - named;
	const char *report = named ? app->words[0] : NULL;
	const char *section = NULL;

	if (left > 2)
		return fail_with(app, ERROR_USAGE, "why",
				 _("put the text into quotes, or - and the text on standard input"),
				 NULL);
	if (left > 0 && !(section = section_read(app, app->words[named])))
		return false;
	if (left == 2)
		return narrative_write(app, report, section, app->words[named + 1]);
	return narrative_show(app, report, section);
}

/* ---- report nil */

size_t narrative_missing(const Inap__V1__ReportShowReply *show)
{
	size_t missing = 0;

	for (size_t i = 0; show && i < REQUIRED; i++)
		missing += section_of(show, sections[i]) == NULL;
	return missing;
}

bool narrative_nil(struct app *app, struct target *target, const Inap__V1__ReportShowReply *show,
		   uint64_t *base)
{
	const char *const texts[REQUIRED] = { _("No progress to report in this quarter."),
					      _("Nothing to report in this quarter.") };
	Inap__V1__ReportNarrative request = INAP__V1__REPORT_NARRATIVE__INIT;
	Inap__V1__NarrativeText written[REQUIRED], *list[REQUIRED];
	Inap__V1__ReportMoveReply *reply = NULL;

	for (size_t i = 0; i < REQUIRED; i++) {
		Inap__V1__NarrativeText *one = &written[request.n_sections];

		if (section_of(show, sections[i]))
			continue;
		inap__v1__narrative_text__init(one);
		one->section = pool_strdup(&app->pool, sections[i]);
		one->text = pool_strdup(&app->pool, texts[i]);
		list[request.n_sections++] = one;
	}
	request.sections = list;
	request.base_revision = *base;
	if (!note_text(app, OPT_NOTE, &request.note) ||
	    !narrative_send(app, target, &request, &reply))
		return false;
	*base = reply->revision;
	return true;
}
