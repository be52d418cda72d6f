/* inap entity edit: what a written order changes about an entity. */
#include "client/app.h"
#include "client/cmd/report.h"
#include "client/cmd/user.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/pending.h"
#include "inap/v1/office.pb-c.h"

static void edit_say(struct app *app, const Inap__V1__EntityEditReply *reply)
{
	const char *text =
		reply->single_signatory
			? _("{entity}: one person may type and sign, by order {number} of {date}")
			: _("{entity}: who types does not sign");
	json_t *answer = json_object();

	json_put_text(answer, "entity", reply->entity);
	json_put_bool(answer, "single_signatory", reply->single_signatory);
	json_object_set_new(answer, "order", json_order(reply->order_number, reply->order_date));
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app, sentence(&app->pool, text, "entity", reply->entity, "number",
			      reply->order_number, "date", reply->order_date, NULL));
}

bool cmd_entity_edit(struct app *app)
{
	Inap__V1__EntityEdit request = INAP__V1__ENTITY_EDIT__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;
	bool single = app->options.given[OPT_SINGLE_SIGNATORY];
	ProtobufCMessage *message = NULL;
	const char *date;

	if (single == app->options.given[OPT_TWO_SIGNATORIES])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say what it is to be: --single-signatory or --two-signatories"),
				 NULL);
	if (single && (!app->options.given[OPT_ORDER] || !app->options.given[OPT_ORDER_DATE]))
		return fail_with(app, ERROR_USAGE, "why",
				 _("name the written order with --order and --order-date"), NULL);
	if (!option_date(app, OPT_ORDER_DATE, &date) ||
	    !note_text(app, OPT_ORDER, &request.order_number) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	entity.entity = app->words[0];
	request.entity = &entity;
	request.single_signatory = single;
	request.order_date = pool_strdup(&app->pool, date);
	if (!plain_write(app, METHOD_ENTITY_EDIT, &request.base, intent_of(app, "", 0), &message))
		return false;
	edit_say(app, (const Inap__V1__EntityEditReply *)message);
	return true;
}
