/* Events and organisations: event.list, event.write, event.decide, event.done, organisation.list,
 * organisation.write. */
#include "server/domain/event.h"

#include <stdlib.h>

#include "server/rpc/refusal.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/event.pb-c.h"
#include "sql/event.h"
#include "sql/plan.h"

enum { START, SENT };
enum { ENTRY_SCOPE, ENTRY_LIST, ENTRY_DECISIONS, ENTRY_ORGANISATIONS };
enum { ENTRY_LOCK, ENTRY_WRITE };
enum { ENTRY_NAMED, ENTRY_COUNT };

static struct bytes event_key(const struct request *r)
{
	return (struct bytes){ r->key, sizeof r->key };
}

static struct bytes event_body_hash(const struct request *r)
{
	return (struct bytes){ r->body_hash, sizeof r->body_hash };
}

static const char *texts_array(struct request *r, char *const *texts, size_t count)
{
	struct array array;

	array_begin(&array, &r->arena);
	for (size_t i = 0; i < count; i++) {
		array_add_text(&array, texts[i]);
	}
	return array_end(&array);
}

/* A day in a request; one that is wanted must be there. */
static bool day_good(struct request *r, const char *field, const char *text, bool wanted)
{
	if (!*text) {
		return !wanted || error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field, "why",
					    "is missing", NULL);
	}
	return date_valid(text) || error_set(&r->error, ERROR_DATE_BAD, "text", text, NULL);
}

/* ---- the list */

/* What was asked for that is not there, or not for the caller. */
static enum step list_refused(struct request *r, const struct sql_event_scope_row *there)
{
	const Inap__V1__EventList *in = request_body(r);

	if (!there->plan_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name",
				    *in->plan ? in->plan : "current", NULL);
	}
	if (!there->entity_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "entity", "name", in->entity, NULL);
	}
	error_set(&r->error, ERROR_NOT_FOUND, "what", "event", NULL);
	error_argf(&r->error, "name", "E%llu", (unsigned long long)in->number);
	return request_refuse(r);
}

/* "3,7" as numbers. */
static bool numbers_split(struct request *r, const char *text, uint64_t **list, size_t *count)
{
	char **words_of;

	if (!words_split(r, text, &words_of, count)) {
		return false;
	}
	*list = request_array(r, *count + 1, sizeof **list);
	for (size_t i = 0; *list && i < *count; i++) {
		(*list)[i] = strtoull(words_of[i], NULL, 10);
	}
	return *list != NULL;
}

static const char *count_text(struct request *r, int64_t count, bool null)
{
	return null ? "" : arena_printf(&r->arena, "%lld", (long long)count);
}

static bool body_fill(struct request *r, const struct sql_event_list_row *row,
		      Inap__V1__EventBody *body)
{
	inap__v1__event_body__init(body);
	body->kind = words(row->kind);
	body->title = words(row->title);
	body->held_on = words(row->held_on);
	body->ends_on = words(row->ends_on);
	body->organiser = words(row->organiser);
	body->technical = words(row->technical);
	body->operational = words(row->operational);
	body->financial = words(row->financial);
	body->women = words(count_text(r, row->women, row->women_null));
	body->men = words(count_text(r, row->men, row->men_null));
	body->minutes = words(row->minutes);
	body->minutes_on = words(row->minutes_on);
	body->confined = row->confined;
	return words_split(r, row->places, &body->places, &body->n_places) &&
	       words_split(r, row->present, &body->present, &body->n_present) &&
	       words_split(r, row->indicators, &body->indicators, &body->n_indicators) &&
	       words_split(r, row->activities, &body->activities, &body->n_activities) &&
	       numbers_split(r, row->organisations, &body->organisations, &body->n_organisations);
}

/* Decisions of the listed events; each goes to its event. */
static bool decisions_fill(struct request *r, Inap__V1__EventListReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_DECISIONS);
	Inap__V1__EventDecision *decisions = request_array(r, n + 1, sizeof *decisions);
	Inap__V1__EventDecision **places = request_array(r, n + 1, sizeof *places);

	for (size_t i = 0; decisions && places && i < n; i++) {
		struct sql_event_decisions_row row;

		sql_event_decisions_row(&r->unit, ENTRY_DECISIONS, i, &row);
		inap__v1__event_decision__init(&decisions[i]);
		decisions[i].decision = (uint64_t)row.decision;
		decisions[i].text = words(row.words);
		decisions[i].owner = words(row.owner);
		decisions[i].due_on = words(row.due_on);
		decisions[i].done_on = words(row.done_on);
		decisions[i].done_by = words(row.done_by);
		decisions[i].done_note = words(row.done_note);
		places[i] = &decisions[i];
		for (size_t j = 0; j < reply->n_events; j++) {
			if (reply->events[j]->number == (uint64_t)row.number) {
				Inap__V1__Event *event = reply->events[j];

				event->decisions =
					event->n_decisions ? event->decisions : &places[i];
				event->n_decisions++;
			}
		}
	}
	return decisions && places;
}

static bool organisations_fill(struct request *r, unsigned entry, Inap__V1__Organisation ***list,
			       size_t *count)
{
	size_t n = unit_rows(&r->unit, entry);
	Inap__V1__Organisation *organisations = request_array(r, n + 1, sizeof *organisations);

	*list = request_array(r, n + 1, sizeof **list);
	for (size_t i = 0; organisations && *list && i < n; i++) {
		struct sql_organisation_list_row row;
		Inap__V1__Organisation *one = &organisations[i];

		sql_organisation_list_row(&r->unit, entry, i, &row);
		inap__v1__organisation__init(one);
		one->number = (uint64_t)row.number;
		one->version = (uint64_t)row.version;
		one->name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
		one->women_led = row.women_led;
		one->may_be_named = row.may_be_named;
		one->events = (uint32_t)row.events;
		if (!one->name || !words_split(r, row.places, &one->places, &one->n_places)) {
			return false;
		}
		(*list)[i] = one;
	}
	*count = n;
	return organisations && *list;
}

static enum step list_reply(struct request *r)
{
	size_t n = unit_rows(&r->unit, ENTRY_LIST);
	Inap__V1__EventListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__Event *events = request_array(r, n + 1, sizeof *events);
	Inap__V1__EventBody *bodies = request_array(r, n + 1, sizeof *bodies);
	struct sql_event_scope_row there;

	sql_event_scope_row(&r->unit, ENTRY_SCOPE, 0, &there);
	if (!there.plan_there || !there.entity_there || !there.number_there) {
		return list_refused(r, &there);
	}
	if (!reply || !events || !bodies) {
		return request_full(r);
	}
	inap__v1__event_list_reply__init(reply);
	reply->events = request_array(r, n + 1, sizeof *reply->events);
	for (size_t i = 0; reply->events && i < n; i++) {
		struct sql_event_list_row row;

		sql_event_list_row(&r->unit, ENTRY_LIST, i, &row);
		if (!body_fill(r, &row, &bodies[i])) {
			return request_full(r);
		}
		inap__v1__event__init(&events[i]);
		events[i].number = (uint64_t)row.number;
		events[i].version = (uint64_t)row.version;
		events[i].plan = words(row.plan);
		events[i].event = &bodies[i];
		events[i].women_led = (uint32_t)row.women_led;
		events[i].unnamed = (uint32_t)row.unnamed;
		events[i].by = words(row.by);
		reply->events[reply->n_events++] = &events[i];
	}
	if (!reply->events || !decisions_fill(r, reply) ||
	    !organisations_fill(r, ENTRY_ORGANISATIONS, &reply->organisations,
				&reply->n_organisations)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

static enum step list_send(struct request *r)
{
	const Inap__V1__EventList *in = request_body(r);

	if (!day_good(r, "from", in->from, false) || !day_good(r, "to", in->to, false)) {
		return request_refuse(r);
	}
	sql_event_scope(&r->unit, in->plan, in->entity, (int64_t)in->number, r->user_id);
	sql_event_list(&r->unit, in->plan, (int64_t)in->number, in->kind, in->entity, in->from,
		       in->to, r->user_id);
	sql_event_decisions(&r->unit, in->plan, (int64_t)in->number, r->user_id);
	sql_organisation_list(&r->unit, r->user_id);
	return request_send(r, SENT);
}

/** event.list: events that the caller may read, with their decisions. */
enum step event_list(struct request *r)
{
	switch (r->at) {
	case START:
		return list_send(r);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step organisations_reply(struct request *r)
{
	Inap__V1__OrganisationListReply *reply = request_alloc(r, sizeof *reply);
	struct sql_organisation_count_row counts;

	if (!reply) {
		return request_full(r);
	}
	inap__v1__organisation_list_reply__init(reply);
	sql_organisation_count_row(&r->unit, ENTRY_COUNT, 0, &counts);
	reply->women_led = (uint32_t)counts.women_led;
	reply->unnamed = (uint32_t)counts.unnamed;
	if (!organisations_fill(r, ENTRY_NAMED, &reply->organisations, &reply->n_organisations)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** organisation.list: organisations that the caller may be told of; the others are counted. */
enum step organisation_list(struct request *r)
{
	switch (r->at) {
	case START:
		sql_organisation_list(&r->unit, r->user_id);
		sql_organisation_count(&r->unit, r->user_id);
		return request_send(r, SENT);
	case SENT:
		return organisations_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- writes */

/* What every write answers with. */
struct written {
	const char *fault;
	int64_t number, version, decision;
	struct bytes receipt;
	bool replayed;
};

static enum step written_reply(struct request *r, const struct written *written)
{
	Inap__V1__EventReply *reply;

	if (written->fault) {
		return refusal_of(r, written->fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !written->receipt.data) {
		return reply ? request_bug(r) : request_full(r);
	}
	inap__v1__event_reply__init(reply);
	reply->number = (uint64_t)written->number;
	reply->version = (uint64_t)written->version;
	reply->decision = (uint64_t)written->decision;
	reply->replayed = written->replayed;
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)written->receipt.data;
		reply->receipt.len = written->receipt.length;
	}
	return request_reply(r, &reply->base);
}

static enum step write_send(struct request *r)
{
	const Inap__V1__EventWrite *in = request_body(r);
	const Inap__V1__EventBody *event = in->event;
	struct array organisations;

	if (!event) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "event", "why", "is missing",
				    NULL);
	}
	if (!day_good(r, "held_on", event->held_on, true) ||
	    !day_good(r, "ends_on", event->ends_on, false) ||
	    !day_good(r, "minutes_on", event->minutes_on, false)) {
		return request_refuse(r);
	}
	array_begin(&organisations, &r->arena);
	for (size_t i = 0; i < event->n_organisations; i++) {
		array_add_bigint(&organisations, (int64_t)event->organisations[i]);
	}
	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_event_write(&r->unit, in->plan, (int64_t)in->number, (int64_t)in->base_version,
			event->kind, event->title, event->held_on, event->ends_on,
			texts_array(r, event->places, event->n_places), event->organiser,
			event->technical, event->operational, event->financial,
			texts_array(r, event->present, event->n_present), array_end(&organisations),
			event->women, event->men, event->minutes, event->minutes_on,
			event->confined, texts_array(r, event->indicators, event->n_indicators),
			texts_array(r, event->activities, event->n_activities), in->note,
			r->user_id, event_key(r), event_body_hash(r));
	return request_send(r, SENT);
}

static enum step write_reply(struct request *r)
{
	struct sql_event_write_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_event_write_row(&r->unit, ENTRY_WRITE, 0, &row);
	return written_reply(r, &(struct written){ .fault = row.fault,
						   .number = row.number,
						   .version = row.version,
						   .receipt = row.receipt,
						   .replayed = row.replayed });
}

/** event.write: the Secretariat enters an event, or changes one that it was shown. */
enum step event_write(struct request *r)
{
	switch (r->at) {
	case START:
		return write_send(r);
	case SENT:
		return write_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step decide_send(struct request *r)
{
	const Inap__V1__EventDecide *in = request_body(r);

	if (!day_good(r, "due_on", in->due_on, true)) {
		return request_refuse(r);
	}
	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_event_decide(&r->unit, (int64_t)in->number, (int64_t)in->base_version, in->text,
			 in->owner, in->due_on, in->note, r->user_id, event_key(r),
			 event_body_hash(r));
	return request_send(r, SENT);
}

static enum step decide_reply(struct request *r)
{
	const Inap__V1__EventDecide *in = request_body(r);
	struct sql_event_decide_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_event_decide_row(&r->unit, ENTRY_WRITE, 0, &row);
	return written_reply(r, &(struct written){ row.fault, (int64_t)in->number, row.version,
						   row.decision, row.receipt, row.replayed });
}

/** event.decide: what an event decided waits for its owner until it is done. */
enum step event_decide(struct request *r)
{
	switch (r->at) {
	case START:
		return decide_send(r);
	case SENT:
		return decide_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step done_send(struct request *r)
{
	const Inap__V1__EventDone *in = request_body(r);

	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_event_done(&r->unit, (int64_t)in->number, (int64_t)in->decision, in->note, r->user_id,
		       event_key(r), event_body_hash(r));
	return request_send(r, SENT);
}

static enum step done_reply(struct request *r)
{
	const Inap__V1__EventDone *in = request_body(r);
	struct sql_event_done_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_event_done_row(&r->unit, ENTRY_WRITE, 0, &row);
	return written_reply(r,
			     &(struct written){ row.fault, (int64_t)in->number, row.version,
						(int64_t)in->decision, row.receipt, row.replayed });
}

/** event.done: a decision is carried out, and waits for nobody any more. */
enum step event_done(struct request *r)
{
	switch (r->at) {
	case START:
		return done_send(r);
	case SENT:
		return done_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step organisation_send(struct request *r)
{
	const Inap__V1__OrganisationWrite *in = request_body(r);

	if (!in->name) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "name", "why",
				    "the English name is missing", NULL);
	}
	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_organisation_write(&r->unit, (int64_t)in->number, (int64_t)in->base_version,
			       in->name->en, in->name->ar, in->name->ckb, in->women_led,
			       in->may_be_named, texts_array(r, in->places, in->n_places), in->note,
			       r->user_id, event_key(r), event_body_hash(r));
	return request_send(r, SENT);
}

static enum step organisation_reply(struct request *r)
{
	struct sql_organisation_write_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_organisation_write_row(&r->unit, ENTRY_WRITE, 0, &row);
	return written_reply(r, &(struct written){ .fault = row.fault,
						   .number = row.number,
						   .version = row.version,
						   .receipt = row.receipt,
						   .replayed = row.replayed });
}

/** organisation.write: an organisation, whether women lead it, and whether it may be named. */
enum step organisation_write(struct request *r)
{
	switch (r->at) {
	case START:
		return organisation_send(r);
	case SENT:
		return organisation_reply(r);
	default:
		return request_bug(r);
	}
}
