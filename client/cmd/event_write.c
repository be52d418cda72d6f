/* inap event add, edit, minutes, decide, done: what is not said again stays as it is. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/event.h"
#include "client/cmd/report.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/pending.h"

enum { ORGANISATIONS_MAX = 1000 };

static bool given(const struct app *app, enum option_id id)
{
	return app->options.given[id];
}

void codes_option(struct app *app, enum option_id id, char ***list, size_t *count)
{
	if (given(app, id))
		*list = activity_words(app, option_text(app, id), count);
}

/* Who wrote on an old version is shown where the present one stands. */
static bool stale_look(struct app *app, char letter)
{
	if (app->failure.code == ERROR_STALE_REVISION)
		fail_next(app, N_("To see it as it is now:"),
			  letter == 'O'
				  ? "inap organisation list"
				  : pool_printf(&app->pool, "inap event show %s", app->words[0]));
	return false;
}

bool numbered_write(struct app *app, enum method_number method, const ProtobufCMessage *request,
		    char letter)
{
	const struct write write = { .method = method,
				     .request = request,
				     .report = "",
				     .intent = intent_of(app, "", 0),
				     .dry_run = given(app, OPT_DRY_RUN) };
	ProtobufCMessage *message = NULL;
	const Inap__V1__EventReply *reply;
	const char *name;
	json_t *answer;

	if (!pending_settle(app, "", method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return stale_look(app, letter);
	reply = (const Inap__V1__EventReply *)message;
	answer = json_object();
	json_put_number(answer, letter == 'E' ? "event" : "organisation", reply->number);
	json_put_number(answer, "version", reply->version);
	if (reply->decision > 0)
		json_put_number(answer, "decision", reply->decision);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	json_put_bool(answer, "replayed", reply->replayed);
	json_put_bool(answer, "dry_run", reply->dry_run);
	out_json(app, answer);
	name = pool_printf(&app->pool, "%c%llu", letter, (unsigned long long)reply->number);
	if (reply->decision > 0)
		name = pool_printf(&app->pool, "%s/%llu", name,
				   (unsigned long long)reply->decision);
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
	else
		out_say(app,
			sentence(&app->pool, _("{name} is written. Receipt {receipt}."), "name",
				 name, "receipt", receipt_text(app, &reply->receipt), NULL));
	return true;
}

static bool day_option(struct app *app, enum option_id id, char **day)
{
	const char *typed = "";

	if (!given(app, id))
		return true;
	if (option_text(app, id)[0] && !option_date(app, id, &typed))
		return false;
	*day = pool_strdup(&app->pool, typed);
	return true;
}

static bool words_option(struct app *app, enum option_id id, char **text)
{
	return !given(app, id) || note_text(app, id, text);
}

/* A count in any digits, or nothing, which takes it away. */
static void count_option(struct app *app, enum option_id id, char **count)
{
	if (given(app, id))
		*count = pool_strdup(&app->pool, digits_latin(app, option_text(app, id)));
}

/* O3,O7 as numbers. */
static bool organisations_option(struct app *app, Inap__V1__EventBody *event)
{
	char *text = pool_strdup(&app->pool, option_text(app, OPT_ORGANISATIONS)), *rest = NULL;

	if (!given(app, OPT_ORGANISATIONS))
		return true;
	event->organisations =
		pool_alloc(&app->pool, ORGANISATIONS_MAX * sizeof *event->organisations);
	event->n_organisations = 0;
	for (char *one = strtok_r(text, ", ", &rest); one; one = strtok_r(NULL, ", ", &rest)) {
		if (event->n_organisations == ORGANISATIONS_MAX)
			return fail_with(app, ERROR_TOO_LARGE, "what", "--organisations", "limit",
					 number_text(&app->pool, ORGANISATIONS_MAX), NULL);
		if (!numbered_read(app, 'O', one, &event->organisations[event->n_organisations++]))
			return false;
	}
	return true;
}

/* What the options say of an event, laid over what it is. */
static bool event_options(struct app *app, Inap__V1__EventBody *event)
{
	codes_option(app, OPT_PLACES, &event->places, &event->n_places);
	codes_option(app, OPT_PRESENT, &event->present, &event->n_present);
	codes_option(app, OPT_INDICATORS, &event->indicators, &event->n_indicators);
	codes_option(app, OPT_ACTIVITIES, &event->activities, &event->n_activities);
	count_option(app, OPT_WOMEN, &event->women);
	count_option(app, OPT_MEN, &event->men);
	if (given(app, OPT_ORGANISER))
		event->organiser = activity_code(app, option_text(app, OPT_ORGANISER));
	if (given(app, OPT_CONFINED))
		event->confined = true;
	if (given(app, OPT_NOT_CONFINED))
		event->confined = false;
	return words_option(app, OPT_TITLE, &event->title) &&
	       day_option(app, OPT_START, &event->held_on) &&
	       day_option(app, OPT_END, &event->ends_on) &&
	       words_option(app, OPT_TECHNICAL, &event->technical) &&
	       words_option(app, OPT_OPERATIONAL, &event->operational) &&
	       words_option(app, OPT_FINANCIAL, &event->financial) &&
	       organisations_option(app, event);
}

/* field_visit as it may be typed: field-visit, Field visit. */
static char *kind_typed(struct app *app, const char *typed)
{
	char *kind = pool_strdup(&app->pool, typed);

	for (char *at = kind; *at; at++)
		*at = *at == '-' || *at == ' ' ? '_' : (char)tolower((unsigned char)*at);
	return kind;
}

bool cmd_event_add(struct app *app)
{
	Inap__V1__EventWrite request = INAP__V1__EVENT_WRITE__INIT;
	Inap__V1__EventBody event = INAP__V1__EVENT_BODY__INIT;

	if (!given(app, OPT_TITLE) || !given(app, OPT_START) || !given(app, OPT_ORGANISER))
		return fail_with(app, ERROR_USAGE, "why",
				 _("say what it was with --title, when with --start and who held "
				   "it with --organiser"),
				 NULL);
	event.kind = kind_typed(app, app->words[0]);
	if (!event_options(app, &event) || !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.event = &event;
	request.dry_run = given(app, OPT_DRY_RUN);
	return numbered_write(app, METHOD_EVENT_WRITE, &request.base, 'E');
}

/* The event to be changed, as it is; what is written names the version that was read, or --base. */
static bool edit_begin(struct app *app, Inap__V1__EventWrite *request)
{
	const Inap__V1__Event *event;

	if (!numbered_read(app, 'E', app->words[0], &request->number) ||
	    !(event = event_read(app, request->number)) ||
	    !option_number(app, OPT_BASE, &request->base_version) ||
	    !note_text(app, OPT_NOTE, &request->note))
		return false;
	if (!given(app, OPT_BASE))
		request->base_version = event->version;
	request->event = event->event;
	request->dry_run = given(app, OPT_DRY_RUN);
	return true;
}

bool cmd_event_edit(struct app *app)
{
	Inap__V1__EventWrite request = INAP__V1__EVENT_WRITE__INIT;

	if (!edit_begin(app, &request) || !event_options(app, request.event))
		return false;
	if (given(app, OPT_KIND))
		request.event->kind = kind_typed(app, option_text(app, OPT_KIND));
	return numbered_write(app, METHOD_EVENT_WRITE, &request.base, 'E');
}

bool cmd_event_minutes(struct app *app)
{
	Inap__V1__EventWrite request = INAP__V1__EVENT_WRITE__INIT;

	if (!given(app, OPT_LETTER) || !given(app, OPT_LETTER_DATE))
		return fail_with(app, ERROR_USAGE, "why",
				 _("say which minutes with --letter and --letter-date"), NULL);
	if (!edit_begin(app, &request) || !words_option(app, OPT_LETTER, &request.event->minutes) ||
	    !day_option(app, OPT_LETTER_DATE, &request.event->minutes_on))
		return false;
	return numbered_write(app, METHOD_EVENT_WRITE, &request.base, 'E');
}

bool cmd_event_decide(struct app *app)
{
	Inap__V1__EventDecide request = INAP__V1__EVENT_DECIDE__INIT;
	const Inap__V1__Event *event = NULL;
	const char *due, *text = text_clean(app, app->words[1]);

	if (!given(app, OPT_OWNER) || !given(app, OPT_DUE))
		return fail_with(app, ERROR_USAGE, "why",
				 _("say by whom with --owner and until when with --due"), NULL);
	if (!text)
		return fail_with(app, ERROR_BAD_TEXT, "field", "text", "why",
				 _("is not valid UTF-8"), NULL);
	if (!option_date(app, OPT_DUE, &due) ||
	    !numbered_read(app, 'E', app->words[0], &request.number) ||
	    !option_number(app, OPT_BASE, &request.base_version) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	if (!given(app, OPT_BASE)) {
		if (!(event = event_read(app, request.number)))
			return false;
		request.base_version = event->version;
	}
	request.text = pool_strdup(&app->pool, text);
	request.owner = activity_code(app, option_text(app, OPT_OWNER));
	request.due_on = pool_strdup(&app->pool, due);
	request.dry_run = given(app, OPT_DRY_RUN);
	return numbered_write(app, METHOD_EVENT_DECIDE, &request.base, 'E');
}

bool cmd_event_done(struct app *app)
{
	Inap__V1__EventDone request = INAP__V1__EVENT_DONE__INIT;

	if (!numbered_read(app, 'E', app->words[0], &request.number) ||
	    !numbered_read(app, '\0', app->words[1], &request.decision) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.dry_run = given(app, OPT_DRY_RUN);
	return numbered_write(app, METHOD_EVENT_DONE, &request.base, 'E');
}
