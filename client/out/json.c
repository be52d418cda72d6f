/* Pieces of the promised JSON. */
#include "client/out/json.h"

#include "client/out/value.h"
#include "client/words.h"

void json_put_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, json_string(text ? text : ""));
}

void json_put_maybe(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, text && text[0] ? json_string(text) : json_null());
}

void json_put_number(json_t *object, const char *key, unsigned long long number)
{
	json_object_set_new(object, key, json_integer((json_int_t)number));
}

void json_put_bool(json_t *object, const char *key, bool yes)
{
	json_object_set_new(object, key, json_boolean(yes));
}

void json_put_value(json_t *object, const Inap__V1__Value *value)
{
	switch (value ? value->kind_case : INAP__V1__VALUE__KIND__NOT_SET) {
	case INAP__V1__VALUE__KIND_NUMBER:
		json_put_text(object, "value", value->number);
		break;
	case INAP__V1__VALUE__KIND_YES_NO:
		json_put_text(object, "value", value->yes_no ? "yes" : "no");
		break;
	case INAP__V1__VALUE__KIND_TEXT:
		json_put_text(object, "value", value->text);
		break;
	case INAP__V1__VALUE__KIND_RATIO:
		json_put_text(object, "numerator", value->ratio->numerator);
		json_put_text(object, "denominator", value->ratio->denominator);
		break;
	case INAP__V1__VALUE__KIND_NUMERATOR:
		json_put_text(object, "numerator", value->numerator);
		break;
	case INAP__V1__VALUE__KIND_DENOMINATOR:
		json_put_text(object, "denominator", value->denominator);
		break;
	case INAP__V1__VALUE__KIND_BLANK:
		json_put_text(object, "blank",
			      enum_key(&inap__v1__blank__descriptor, (int)value->blank));
		break;
	default:
		break;
	}
}

json_t *json_name(const Inap__V1__Name *name)
{
	json_t *object = json_object();

	json_put_text(object, "en", name ? name->en : "");
	json_put_maybe(object, "ar", name ? name->ar : "");
	json_put_maybe(object, "ckb", name ? name->ckb : "");
	return object;
}

json_t *json_actions(const Inap__V1__Action *actions, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(enum_key(&inap__v1__action__descriptor,
								 (int)actions[i])));
	return list;
}

static void json_put_change(json_t *object, const char *key, const Inap__V1__Value *value)
{
	json_t *inner = json_object();

	json_put_value(inner, value);
	if (json_object_size(inner) > 0) {
		json_object_set_new(object, key, inner);
		return;
	}
	json_decref(inner);
	json_object_set_new(object, key, json_null());
}

json_t *json_changes(Inap__V1__CellChange *const *changes, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		json_put_text(one, "cell", changes[i]->cell);
		json_put_change(one, "before", changes[i]->before);
		json_put_change(one, "after", changes[i]->after);
		json_put_text(one, "before_note", changes[i]->before_note);
		json_put_text(one, "note", changes[i]->note);
		json_put_maybe(one, "before_expected_on", changes[i]->before_expected_on);
		json_put_maybe(one, "expected_on", changes[i]->expected_on);
		json_put_text(one, "by", changes[i]->by);
		json_put_text(one, "at", changes[i]->at);
		json_put_text(one, "via",
			      enum_key(&inap__v1__via__descriptor, (int)changes[i]->via));
		json_put_maybe(one, "reason", changes[i]->reason);
		json_put_number(one, "revision", changes[i]->revision);
		json_put_bool(one, "yours", changes[i]->yours);
		if (changes[i]->yours)
			json_put_change(one, "mine", changes[i]->mine);
		json_array_append_new(list, one);
	}
	return list;
}

json_t *json_grants(Inap__V1__Grant *const *grants, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const Inap__V1__Grant *grant = grants[i];
		json_t *one = json_object();

		json_put_text(one, "role", enum_key(&inap__v1__role__descriptor, (int)grant->role));
		json_put_text(one, "scope", grant_scope(grant));
		json_put_maybe(one, "from", grant->from);
		json_put_maybe(one, "to", grant->to);
		json_put_text(one, "basis",
			      enum_key(&inap__v1__basis__descriptor, (int)grant->basis));
		json_array_append_new(list, one);
	}
	return list;
}

json_t *json_signature(const Inap__V1__Signature *signature)
{
	json_t *one;

	if (!signature)
		return json_null();
	one = json_object();
	json_put_text(one, "by", signature->by);
	json_put_text(one, "at", signature->at);
	json_put_maybe(one, "basis", enum_key(&inap__v1__basis__descriptor, (int)signature->basis));
	json_object_set_new(one, "order",
			    json_order(signature->order_number, signature->order_date));
	json_object_set_new(one, "single_signatory",
			    json_order(signature->single_number, signature->single_date));
	return one;
}

json_t *json_order(const char *number, const char *date)
{
	json_t *order;

	if (!number[0])
		return json_null();
	order = json_object();
	json_put_text(order, "number", number);
	json_put_maybe(order, "date", date);
	return order;
}

json_t *json_texts(char *const *texts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(texts[i]));
	return list;
}

json_t *json_report(const Inap__V1__ReportRef *report)
{
	return json_sprintf("%s/%s", report ? report->entity : "", report ? report->round : "");
}
