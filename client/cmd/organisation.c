/* inap organisation list, add, edit: organisations that take part, and whether they may be named.
 */
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/event.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

const Inap__V1__OrganisationListReply *organisations_read(struct app *app)
{
	Inap__V1__OrganisationList request = INAP__V1__ORGANISATION_LIST__INIT;
	ProtobufCMessage *message = NULL;

	if (!exchange_call(app, METHOD_ORGANISATION_LIST, &request.base, &message))
		return NULL;
	return (const Inap__V1__OrganisationListReply *)message;
}

static json_t *list_json(const Inap__V1__OrganisationListReply *reply)
{
	json_t *answer = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_organisations; i++) {
		const Inap__V1__Organisation *organisation = reply->organisations[i];
		json_t *one = json_object();

		json_put_number(one, "organisation", organisation->number);
		json_put_number(one, "version", organisation->version);
		json_object_set_new(one, "name", json_name(organisation->name));
		json_put_bool(one, "women_led", organisation->women_led);
		json_put_bool(one, "may_be_named", organisation->may_be_named);
		json_object_set_new(one, "places",
				    json_texts(organisation->places, organisation->n_places));
		json_put_number(one, "events", organisation->events);
		json_array_append_new(list, one);
	}
	json_object_set_new(answer, "organisations", list);
	json_put_number(answer, "women_led", reply->women_led);
	json_put_number(answer, "unnamed", reply->unnamed);
	return answer;
}

bool cmd_organisation_list(struct app *app)
{
	const struct column columns[] = {
		{ "organisation", _("ORGANISATION"), COLUMN_CODE },
		{ "women_led", _("LED BY WOMEN"), COLUMN_CODE },
		{ "may_be_named", _("MAY BE NAMED"), COLUMN_CODE },
		{ "places", _("PLACES"), COLUMN_CODE },
		{ "events", _("EVENTS"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 6);
	const Inap__V1__OrganisationListReply *reply = organisations_read(app);

	if (!reply)
		return false;
	for (size_t i = 0; i < reply->n_organisations; i++) {
		const Inap__V1__Organisation *one = reply->organisations[i];

		view_code(view, pool_printf(&app->pool, "O%llu", (unsigned long long)one->number));
		view_yes(view, one->women_led);
		view_yes(view, one->may_be_named);
		view_code(view, texts_join(app, one->places, one->n_places));
		view_number(view, one->events);
		view_name(view, one->name);
	}
	out_json(app, list_json(reply));
	out_view(app, view);
	out_say(app, sentence(&app->pool,
			      _("led by women: {women_led}; counted but not named: {unnamed}"),
			      "women_led", number_text(&app->pool, reply->women_led), "unnamed",
			      number_text(&app->pool, reply->unnamed), NULL));
	return true;
}

/* --women-led yes|no and the like. */
static bool yes_option(struct app *app, enum option_id id, protobuf_c_boolean *yes)
{
	const char *typed = option_text(app, id);

	if (!app->options.given[id])
		return true;
	*yes = strcmp(typed, "yes") == 0 || strcmp(typed, word("yes")) == 0;
	if (*yes || strcmp(typed, "no") == 0 || strcmp(typed, word("no")) == 0)
		return true;
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("{option} is one of {words}"), "option",
				  pool_printf(&app->pool, "--%s", option_row(id)->name), "words",
				  "yes, no", NULL),
			 NULL);
}

static bool organisation_options(struct app *app, Inap__V1__OrganisationWrite *request)
{
	Inap__V1__Name *name = request->name;

	codes_option(app, OPT_PLACES, &request->places, &request->n_places);
	request->dry_run = app->options.given[OPT_DRY_RUN];
	return yes_option(app, OPT_WOMEN_LED, &request->women_led) &&
	       yes_option(app, OPT_MAY_BE_NAMED, &request->may_be_named) &&
	       (!app->options.given[OPT_NAME] || note_text(app, OPT_NAME, &name->en)) &&
	       (!app->options.given[OPT_NAME_AR] || note_text(app, OPT_NAME_AR, &name->ar)) &&
	       (!app->options.given[OPT_NAME_CKB] || note_text(app, OPT_NAME_CKB, &name->ckb)) &&
	       note_text(app, OPT_NOTE, &request->note);
}

bool cmd_organisation_add(struct app *app)
{
	Inap__V1__OrganisationWrite request = INAP__V1__ORGANISATION_WRITE__INIT;
	Inap__V1__Name name = INAP__V1__NAME__INIT;

	if (!app->options.given[OPT_NAME] || !app->options.given[OPT_WOMEN_LED] ||
	    !app->options.given[OPT_MAY_BE_NAMED])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say its --name, and --women-led and --may-be-named, yes or no"),
				 NULL);
	request.name = &name;
	return organisation_options(app, &request) &&
	       numbered_write(app, METHOD_ORGANISATION_WRITE, &request.base, 'O');
}

bool cmd_organisation_edit(struct app *app)
{
	Inap__V1__OrganisationWrite request = INAP__V1__ORGANISATION_WRITE__INIT;
	const Inap__V1__OrganisationListReply *reply;
	const Inap__V1__Organisation *known = NULL;

	if (!numbered_read(app, 'O', app->words[0], &request.number) ||
	    !option_number(app, OPT_BASE, &request.base_version) ||
	    !(reply = organisations_read(app)))
		return false;
	for (size_t i = 0; i < reply->n_organisations; i++)
		if (reply->organisations[i]->number == request.number)
			known = reply->organisations[i];
	if (!known)
		return fail_with(app, ERROR_NOT_FOUND, "what", "organisation", "name",
				 app->words[0], NULL);
	if (!app->options.given[OPT_BASE])
		request.base_version = known->version;
	request.name = known->name;
	request.women_led = known->women_led;
	request.may_be_named = known->may_be_named;
	request.places = known->places;
	request.n_places = known->n_places;
	return organisation_options(app, &request) &&
	       numbered_write(app, METHOD_ORGANISATION_WRITE, &request.base, 'O');
}
