/* national.lights: how far the nation came, with everything that a light is made of. */
#include "server/domain/target.h"

#include <string.h>

#include "proto/enums.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/target.pb-c.h"
#include "sql/national.h"
#include "sql/target.h"

enum { START, SENT };
enum { ENTRY_HEAD, ENTRY_LIGHTS, ENTRY_LABELS };

/* What is counted from; NULL for a state that is no minimum. */
static const char *lights_state(Inap__V1__State state)
{
	if (state == INAP__V1__STATE__STATE_UNSPECIFIED) {
		return "accepted";
	}
	return state == INAP__V1__STATE__STATE_SUBMITTED ||
			       state == INAP__V1__STATE__STATE_ENDORSED ||
			       state == INAP__V1__STATE__STATE_ACCEPTED
		       ? proto_enum_text(&inap__v1__state__descriptor, (int)state)
		       : NULL;
}

static Inap__V1__Jurisdiction side_of(const char *word)
{
	return (Inap__V1__Jurisdiction)proto_enum_value(&inap__v1__jurisdiction__descriptor, word);
}

/* The target that the light is of; NULL at the arena's cap. */
static Inap__V1__Target *light_target(struct request *r, const struct sql_light_list_row *row)
{
	Inap__V1__Target *target = request_alloc(r, sizeof *target);

	if (!target) {
		return NULL;
	}
	inap__v1__target__init(target);
	target->cell = words(row->cell);
	target->entity = words(row->entity);
	target->jurisdiction = side_of(row->jurisdiction);
	target->period = words(row->target_period);
	target->kind = words(row->target_kind);
	target->number = words(row->target_number);
	target->tolerance = words(row->target_tolerance);
	target->baseline = words(row->baseline);
	target->revision = (uint32_t)row->target_revision;
	target->current = true;
	return target;
}

static void light_words(const struct sql_light_list_row *row, Inap__V1__Light *light)
{
	light->indicator = words(row->indicator);
	light->cell = words(row->cell);
	light->jurisdiction = side_of(row->jurisdiction);
	light->entity = words(row->entity);
	light->period = words(row->period);
	light->percent = words(row->percent);
	light->hidden = row->hidden;
	light->formula = words(row->formula);
	light->progress = words(row->progress);
	light->light = words(row->light);
	light->why = words(row->why);
	light->set_light = words(row->set_light);
	light->set_reason = words(row->set_reason);
	light->set_by = words(row->set_by);
	light->set_at = words(row->set_at);
	light->set_revision = (uint64_t)row->set_revision;
	light->rate = words(row->rate);
	light->weight_missing = words(row->weight_missing);
	light->before_percent = words(row->before_percent);
}

static bool light_fill(struct request *r, const struct sql_light_list_row *row,
		       Inap__V1__Light *light)
{
	inap__v1__light__init(light);
	light_words(row, light);
	if (!row->hidden) {
		light->value = value_make(r, row->kind, row->number, row->denominator, NULL);
	}
	light->before =
		value_make(r, row->before_kind, row->before_number, row->before_denominator, NULL);
	if (row->target_kind && !(light->target = light_target(r, row))) {
		return false;
	}
	return words_split(r, row->missing, &light->missing, &light->n_missing) &&
	       words_split(r, row->gaps, &light->gaps, &light->n_gaps) &&
	       words_split(r, row->counted, &light->counted, &light->n_counted);
}

static bool lights_make(struct request *r, Inap__V1__NationalLightsReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_LIGHTS);
	Inap__V1__Light *lights = request_array(r, n + 1, sizeof *lights);

	reply->lights = request_array(r, n + 1, sizeof *reply->lights);
	if (!lights || !reply->lights) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_light_list_row row;

		sql_light_list_row(&r->unit, ENTRY_LIGHTS, i, &row);
		if (!light_fill(r, &row, &lights[i])) {
			return false;
		}
		reply->lights[reply->n_lights++] = &lights[i];
	}
	return true;
}

static bool labels_make(struct request *r, Inap__V1__NationalLightsReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_LABELS);
	Inap__V1__NationalLabel *labels = request_array(r, n + 1, sizeof *labels);

	reply->indicators = request_array(r, n + 1, sizeof *reply->indicators);
	if (!labels || !reply->indicators) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_national_labels_row row;

		sql_national_labels_row(&r->unit, ENTRY_LABELS, i, &row);
		inap__v1__national_label__init(&labels[i]);
		labels[i].code = words(row.code);
		labels[i].name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
		labels[i].pillar = words(row.pillar);
		reply->indicators[reply->n_indicators++] = &labels[i];
	}
	return true;
}

/* Does the caller see no side, or wants what everybody sees and reviews one side only? */
static bool lights_closed(const Inap__V1__NationalLights *in, const struct sql_light_head_row *head)
{
	return (!head->federal && !head->kurdistan) || (in->for_everybody && !head->iraq);
}

/* Refuses what is not there for this caller; false if it is. */
static bool lights_refused(struct request *r, const struct sql_light_head_row *head)
{
	const Inap__V1__NationalLights *in = request_body(r);
	const char *what = NULL;
	const char *name = "";
	bool side = in->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_FEDERAL ? head->federal
		    : in->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN
			    ? head->kurdistan
		    : in->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ ? head->iraq
										    : true;

	if (!head->plan) {
		what = "plan";
		name = *in->plan ? in->plan : "current";
	} else if (!head->round) {
		what = "round";
		name = *in->round ? in->round : "open";
	} else if (lights_closed(in, head)) {
		request_fail(r, ERROR_FORBIDDEN, "action", r->method->name, NULL);
		return true;
	} else if (!side) {
		what = "jurisdiction";
		name = proto_enum_text(&inap__v1__jurisdiction__descriptor, (int)in->jurisdiction);
	} else if (!head->pillar_there) {
		what = "pillar";
		name = in->pillar;
	} else if (*in->indicator && unit_rows(&r->unit, ENTRY_LABELS) == 0) {
		what = "indicator";
		name = in->indicator;
	}
	if (what) {
		request_fail(r, ERROR_NOT_FOUND, "what", what, "name", name, NULL);
	}
	return what != NULL;
}

static enum step lights_send(struct request *r)
{
	const Inap__V1__NationalLights *in = request_body(r);
	const char *state = lights_state(in->min_state);
	const char *side =
		proto_enum_text(&inap__v1__jurisdiction__descriptor, (int)in->jurisdiction);
	/* Of the system itself (0) is the nation's protected view. */
	int64_t reader = in->for_everybody ? 0 : r->user_id;

	if (!state || (in->for_everybody && strcmp(state, "accepted") != 0)) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "min_state", "why",
				    in->for_everybody ? "what everybody sees is accepted"
						      : "it is submitted, endorsed or accepted",
				    NULL);
	}
	sql_light_head(&r->unit, in->plan, in->round, r->user_id, state, in->pillar);
	sql_light_list(&r->unit, in->plan, in->round, reader, state, side ? side : "",
		       in->indicator, in->pillar);
	sql_national_labels(&r->unit, in->plan, in->indicator);
	return request_send(r, SENT);
}

static enum step lights_reply(struct request *r)
{
	const Inap__V1__NationalLights *in = request_body(r);
	struct sql_light_head_row head;
	Inap__V1__NationalLightsReply *reply;

	sql_light_head_row(&r->unit, ENTRY_HEAD, 0, &head);
	if (lights_refused(r, &head)) {
		return STEP_DONE;
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__national_lights_reply__init(reply);
	reply->plan = words(head.plan);
	reply->round = words(head.round);
	reply->as_of = words(head.as_of);
	reply->green = words(head.green);
	reply->amber = words(head.amber);
	reply->missing = words(head.missing);
	reply->min_state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor,
							     lights_state(in->min_state));
	if (!lights_make(r, reply) || !labels_make(r, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** national.lights: the lights at the end of a round's quarter. */
enum step national_lights(struct request *r)
{
	switch (r->at) {
	case START:
		return lights_send(r);
	case SENT:
		return lights_reply(r);
	default:
		return request_bug(r);
	}
}
