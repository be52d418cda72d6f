/* Values, grants and reports as text. */
#include "client/out/value.h"

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/view.h"
#include "client/words.h"

const char *value_machine(struct app *app, const Inap__V1__Value *value)
{
	switch (value ? value->kind_case : INAP__V1__VALUE__KIND__NOT_SET) {
	case INAP__V1__VALUE__KIND_NUMBER:
		return value->number;
	case INAP__V1__VALUE__KIND_YES_NO:
		return value->yes_no ? "yes" : "no";
	case INAP__V1__VALUE__KIND_TEXT:
		return value->text;
	case INAP__V1__VALUE__KIND_RATIO:
		return pool_printf(&app->pool, "%s/%s", value->ratio->numerator,
				   value->ratio->denominator);
	case INAP__V1__VALUE__KIND_NUMERATOR:
		return pool_printf(&app->pool, "%s/", value->numerator);
	case INAP__V1__VALUE__KIND_DENOMINATOR:
		return pool_printf(&app->pool, "/%s", value->denominator);
	case INAP__V1__VALUE__KIND_BLANK:
		return pool_printf(&app->pool, "@%s",
				   enum_key(&inap__v1__blank__descriptor, (int)value->blank));
	default:
		return "";
	}
}

const char *value_human(struct app *app, const Inap__V1__Value *value)
{
	switch (value ? value->kind_case : INAP__V1__VALUE__KIND__NOT_SET) {
	case INAP__V1__VALUE__KIND_YES_NO:
		return word(value->yes_no ? "yes" : "no");
	case INAP__V1__VALUE__KIND_TEXT:
		return value->text;
	case INAP__V1__VALUE__KIND_BLANK:
		return enum_word(&inap__v1__blank__descriptor, (int)value->blank);
	case INAP__V1__VALUE__KIND__NOT_SET:
	case INAP__V1__VALUE__KIND_CLEARED:
		return "-";
	default:
		return digits_shape(&app->pool, value_machine(app, value));
	}
}

void view_value(struct view *view, const Inap__V1__Value *value)
{
	view_both(view, value_human(view->app, value), value_machine(view->app, value));
}

const char *grant_scope(const Inap__V1__Grant *grant)
{
	if (grant->entity && grant->entity[0])
		return grant->entity;
	if (grant->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED)
		return "national";
	return enum_key(&inap__v1__jurisdiction__descriptor, (int)grant->jurisdiction);
}

void view_light(struct view *view, const char *light, const char *why, const char *set)
{
	struct pool *pool = &view->app->pool;

	if (set[0])
		view_both(view,
			  sentence(pool, _("{light}, set by hand: {other}"), "light", word(light),
				   "other", word(set), NULL),
			  set);
	else if (why[0])
		view_both(view, pool_printf(pool, "%s: %s", word(light), word(why)), light);
	else
		view_word(view, light);
}

const char *signature_text(struct app *app, const Inap__V1__Signature *signature)
{
	const char *text = signature->basis <= INAP__V1__BASIS__BASIS_OWN ? _("{user}")
			   : signature->order_number[0]
				   ? _("{user}, {basis}, order {number} of {date}")
				   : _("{user}, {basis}");

	text = sentence(&app->pool, text, "user", signature->by, "basis",
			enum_key(&inap__v1__basis__descriptor, (int)signature->basis), "number",
			signature->order_number, "date", signature->order_date, NULL);
	if (!signature->single_number[0])
		return text;
	return pool_printf(&app->pool, "%s; %s", text,
			   sentence(&app->pool, _("single signatory, order {number} of {date}"),
				    "number", signature->single_number, "date",
				    signature->single_date, NULL));
}

const char *grants_text(struct app *app, Inap__V1__Grant *const *grants, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++) {
		const char *role = enum_word(&inap__v1__role__descriptor, (int)grants[i]->role);
		const char *scope = grant_scope(grants[i]);

		if (scope[0])
			role = sentence(&app->pool, _("{role} {scope}"), "role", role, "scope",
					grants[i]->entity[0] ? scope : word(scope), NULL);
		text = pool_printf(&app->pool, "%s%s%s", text, i ? ", " : "", role);
	}
	return text;
}

const char *report_id(struct app *app, const Inap__V1__ReportRef *report)
{
	if (!report)
		return "";
	return pool_printf(&app->pool, "%s/%s", report->entity, report->round);
}

const char *texts_join(struct app *app, char *const *texts, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = pool_printf(&app->pool, "%s%s%s", text, i ? ", " : "", texts[i]);
	return text;
}
