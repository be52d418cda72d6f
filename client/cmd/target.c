/* The report that a command is about. */
#include "client/cmd/target.h"

#include <ctype.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/value.h"
#include "client/pending.h"

bool target_is_report(const char *word)
{
	size_t slash = strcspn(word, "/");

	return word[slash] == '/' && strcspn(word, "= ") > slash;
}

static char *upper(struct app *app, const char *text, size_t length)
{
	char *copy = pool_strndup(&app->pool, text, length);

	for (char *at = copy; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return copy;
}

/* [PLAN:]ENTITY/ROUND */
static bool target_parse(struct app *app, const char *word, struct target *target)
{
	const char *colon = strchr(word, ':');
	const char *entity = colon ? colon + 1 : word;
	const char *slash = strchr(entity, '/');

	inap__v1__report_ref__init(&target->ref);
	target->settled = NULL;
	target->as_of = NULL;
	if (!slash || slash == entity || slash[1] == '\0' || colon == word) {
		const char *why =
			sentence(&app->pool, _("'{word}' is no report: write it like {example}"),
				 "word", word, "example", "FED-MOI/2024Q3", NULL);

		return fail_with(app, ERROR_USAGE, "why", why, NULL);
	}
	if (colon)
		target->ref.plan = upper(app, word, (size_t)(colon - word));
	target->ref.entity = upper(app, entity, (size_t)(slash - entity));
	target->ref.round = upper(app, slash + 1, strlen(slash + 1));
	target->id =
		colon ? pool_printf(&app->pool, "%s:%s/%s", target->ref.plan, target->ref.entity,
				    target->ref.round)
		      : pool_printf(&app->pool, "%s/%s", target->ref.entity, target->ref.round);
	return true;
}

/* Keeps the one report there is; a second one makes it none. */
static void only_one(const char **only, bool *several, const char *id)
{
	*several = *several || (*only && strcmp(*only, id) != 0);
	*only = id;
}

/* The one report that waits for this person, by `inap todo`. */
static bool only_todo(struct app *app, const char **only, bool *several)
{
	Inap__V1__Todo request = INAP__V1__TODO__INIT;
	const Inap__V1__TodoReply *reply;
	ProtobufCMessage *message = NULL;

	if (!exchange_call(app, METHOD_TODO_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__TodoReply *)message;
	for (size_t i = 0; i < reply->n_entries; i++)
		if (strcmp(reply->entries[i]->what, "consult") != 0) /* another's report */
			only_one(only, several, reply->entries[i]->report);
	return true;
}

/* Else the one that is not finished yet. Who may list no reports has none. */
static void only_open(struct app *app, const char **only, bool *several)
{
	Inap__V1__ReportList request = INAP__V1__REPORT_LIST__INIT;
	const Inap__V1__ReportListReply *reply;
	ProtobufCMessage *message = NULL;

	if (!exchange_call(app, METHOD_REPORT_LIST, &request.base, &message)) {
		failure_clear(&app->failure);
		return;
	}
	reply = (const Inap__V1__ReportListReply *)message;
	for (size_t i = 0; i < reply->n_reports; i++)
		if (reply->reports[i]->state != INAP__V1__STATE__STATE_ACCEPTED)
			only_one(only, several, report_id(app, reply->reports[i]->report));
}

static const char *target_guess(struct app *app)
{
	const char *only = NULL;
	bool several = false;

	if (!only_todo(app, &only, &several))
		return NULL;
	if (!only)
		only_open(app, &only, &several);
	if (only && !several)
		return only;
	fail_with(app, ERROR_USAGE, "why",
		  several ? _("several reports wait for you: say which")
			  : _("no report waits for you: say which"),
		  NULL);
	fail_next(app, N_("To see them:"), "inap report list");
	return NULL;
}

bool target_find(struct app *app, const char *word, struct target *target)
{
	if (!word && !(word = target_guess(app)))
		return false;
	return target_parse(app, word, target);
}

bool target_settle(struct app *app, struct target *target, enum method_number method,
		   const void *extra, size_t length)
{
	target->intent = intent_of(app, extra, length);
	return pending_settle(app, target->id, method, target->intent, &target->settled);
}

bool target_begin(struct app *app, const char *word, enum method_number method,
		  struct target *target)
{
	return target_find(app, word, target) && target_settle(app, target, method, "", 0);
}

bool target_show(struct app *app, const struct target *target, uint64_t revision,
		 Inap__V1__ReportShowReply **show)
{
	Inap__V1__ReportShow request = INAP__V1__REPORT_SHOW__INIT;
	Inap__V1__ReportRef ref = target->ref;
	ProtobufCMessage *message = NULL;

	request.report = &ref;
	if (revision > 0) {
		request.at_case = INAP__V1__REPORT_SHOW__AT_REVISION;
		request.revision = revision;
	} else if (target->as_of) {
		request.at_case = INAP__V1__REPORT_SHOW__AT_AS_OF;
		request.as_of = pool_strdup(&app->pool, target->as_of);
	}
	if (!exchange_call(app, METHOD_REPORT_SHOW, &request.base, &message))
		return false;
	*show = (Inap__V1__ReportShowReply *)message;
	return true;
}

void target_seen(struct app *app, const struct target *target, uint64_t revision)
{
	seen_put(app, target->id, revision);
}

bool target_may(const struct app *app)
{
	return (command_roles(app->command) & app->login.roles) != 0;
}

bool target_base(struct app *app, struct target *target, const Inap__V1__ReportShowReply *show,
		 uint64_t *base)
{
	Inap__V1__ReportShowReply *fetched = NULL;

	if (!option_number(app, OPT_BASE, base))
		return false;
	/* Who may not do it at all hears so from the server, and needs to see nothing before. */
	if (app->options.given[OPT_BASE] || !target_may(app) || seen_get(app, target->id, base))
		return true;
	if (!show && !target_show(app, target, 0, &fetched))
		return false;
	app->out.to_stderr = out_is_json(app);
	report_render(app, target, show ? show : fetched, true);
	app->out.to_stderr = false;
	target_seen(app, target, show ? show->revision : fetched->revision);
	return fail_with(app, ERROR_NOT_SEEN, "report", target->id, NULL);
}
