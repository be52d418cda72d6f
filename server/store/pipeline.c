/* Units into libpq's pipeline, and their results out of it. */
#include "server/store/pgconn.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/store/sqlstate.h"

/* The store's own statement, first in every unit: what the session may touch (row-level security
 * reads it). */
static const char context_name[] = "inap_context";
static const char context_text[] =
	"SELECT set_config('inap.read', $1, true), set_config('inap.write', $2, true)";

static struct pgconn_slot *slot_at(struct pgconn *c, unsigned i)
{
	return &c->slots[(c->head + i) % c->config.depth];
}

static struct pgconn_slot *slot_push(struct pgconn *c, enum slot_kind kind)
{
	struct pgconn_slot *slot;

	assert(c->count < c->config.depth);
	slot = slot_at(c, c->count++);
	memset(slot, 0, sizeof *slot);
	slot->kind = kind;
	return slot;
}

/* Its results so far are void: it failed, or it is sent again. */
static void drop_results(struct unit *unit)
{
	for (unsigned i = 0; i < unit->count; i++) {
		PQclear(unit->entries[i].result);
		unit->entries[i].result = NULL;
	}
}

/* Unlike PQexec these only queue; results are read like all others. */
static bool send_command(struct pgconn *c, const char *text)
{
	return PQsendQueryParams(c->pg, text, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

static bool send_sync(struct pgconn *c)
{
	c->dirty = true;
	c->syncs++;
	return PQpipelineSync(c->pg) == 1;
}

static bool in_lane(const struct statement *statement, const char *lane)
{
	size_t length = strlen(lane);
	const char *at = statement->lanes;

	while (at != NULL) {
		if (strncmp(at, lane, length) == 0 && (at[length] == ',' || at[length] == '\0'))
			return true;
		at = strchr(at, ',');
		if (at != NULL)
			at++;
	}
	return false;
}

void pipeline_setup(struct pgconn *c)
{
	const struct statement *const *s = c->config.statements;
	bool sent = PQsetnonblocking(c->pg, 1) == 0 && PQenterPipelineMode(c->pg) == 1;

	c->head = c->count = 0;
	slot_push(c, SLOT_SETUP);
	/* Asked first: on another schema the statements fail too, and that would say less. */
	if (c->config.schema_version != NULL)
		sent = sent && send_command(c, "SELECT inap.schema_version()");
	sent = sent && PQsendPrepare(c->pg, context_name, context_text, 0, NULL) == 1;
	for (; sent && *s != NULL; s++)
		if (in_lane(*s, c->config.lane))
			sent = PQsendPrepare(c->pg, (*s)->name, (*s)->text, 0, NULL) == 1;
	if (!sent || !send_sync(c)) {
		pgconn_lose(c, PQerrorMessage(c->pg));
		return;
	}
	pgconn_flush(c);
}

static bool send_context(struct pgconn *c, const struct unit *unit)
{
	const char *const values[] = { unit->context_read, unit->context_write };

	return PQsendQueryPrepared(c->pg, context_name, 2, values, NULL, NULL, 0) == 1;
}

static bool send_entry(struct pgconn *c, const struct unit_entry *entry)
{
	const char *values[UNIT_PARAMETERS_MAX];
	int lengths[UNIT_PARAMETERS_MAX];
	int formats[UNIT_PARAMETERS_MAX];
	unsigned count = entry->statement->parameters;

	for (unsigned i = 0; i < count; i++) {
		values[i] = entry->parameters[i].value;
		lengths[i] = entry->parameters[i].length;
		formats[i] = entry->parameters[i].binary ? 1 : 0;
	}
	return PQsendQueryPrepared(c->pg, entry->statement->name, (int)count, values, lengths,
				   formats, 0) == 1;
}

void pgconn_send(struct pgconn *c, struct unit *unit)
{
	struct pgconn_slot *slot;
	bool sent;

	assert(pgconn_room(c));
	slot = slot_push(c, SLOT_UNIT);
	slot->unit = unit;
	slot->dry = unit->dry;
	slot->first = unit->dry ? 2 : 1;
	c->barrier = unit->dry;
	c->units++;
	unit->sent_us = clock_us();
	sent = !unit->dry || send_command(c, "BEGIN");
	sent = sent && send_context(c, unit);
	for (unsigned i = 0; sent && i < unit->count; i++)
		sent = send_entry(c, &unit->entries[i]);
	if (unit->dry)
		sent = sent && send_command(c, "ROLLBACK");
	if (!sent || !send_sync(c))
		pgconn_lose(c, PQerrorMessage(c->pg));
}

/* The schema's version, first result of the setup. */
static void check_schema(struct pgconn *c, const PGresult *result)
{
	const char *has = "";

	if (PQntuples(result) == 1)
		has = PQgetvalue(result, 0, 0);
	if (c->setup_error.code != ERROR_NONE || strcmp(has, c->config.schema_version) == 0)
		return;
	error_why(&c->setup_error,
		  "the database has schema '%s', this inapd knows '%s': run `sqitch deploy`", has,
		  c->config.schema_version);
}

static void setup_failed(struct pgconn *c, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	bool first = slot_at(c, 0)->step == 0;

	if (c->setup_error.code != ERROR_NONE)
		return;
	if (c->config.schema_version != NULL && first)
		error_why(&c->setup_error,
			  "the database has no schema of inap (%s: %s), this inapd knows '%s': "
			  "run `sqitch deploy`",
			  state, message, c->config.schema_version);
	else
		error_why(&c->setup_error, "a statement does not fit the database (%s: %s)", state,
			  message);
}

static void unit_failed(struct pgconn_slot *slot, const PGresult *result)
{
	struct unit *unit = slot->unit;
	unsigned entry = slot->step - slot->first;
	struct sqlstate_report report = {
		.state = PQresultErrorField(result, PG_DIAG_SQLSTATE),
		.message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
		.detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL),
		.table = PQresultErrorField(result, PG_DIAG_TABLE_NAME),
		.constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME),
	};

	if (slot->step >= slot->first && entry < unit->count)
		report.statement = unit->entries[entry].statement->name;
	if (sqlstate_action(report.state) == SQLSTATE_AGAIN && !unit->resent)
		slot->again = true;
	sqlstate_set(unit, &report);
}

/* The first failure of what was sent up to a Sync; false if it took the connection with it. */
static bool take_failure(struct pgconn *c, struct pgconn_slot *slot, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (sqlstate_action(state) == SQLSTATE_LOST) {
		pgconn_lose(c, PQresultErrorMessage(result));
		return false;
	}
	if (slot->kind == SLOT_SETUP)
		setup_failed(c, result);
	else if (slot->unit != NULL && !slot->failed)
		unit_failed(slot, result);
	slot->failed = true;
	return true;
}

/* Keeps a result that belongs to an entry; frees any other. */
static void take_rows(struct pgconn *c, struct pgconn_slot *slot, PGresult *result)
{
	unsigned entry = slot->step - slot->first;

	if (slot->kind == SLOT_SETUP && slot->step == 0 && c->config.schema_version != NULL)
		check_schema(c, result);
	if (slot->unit != NULL && slot->step >= slot->first && entry < slot->unit->count) {
		assert(slot->unit->entries[entry].result == NULL);
		slot->unit->entries[entry].result = result;
		return;
	}
	PQclear(result);
}

/* A failed dry run leaves its transaction open and failed: that must go before anything else is
 * sent. */
static void repair(struct pgconn *c)
{
	slot_push(c, SLOT_ROLLBACK);
	c->barrier = true;
	if (!send_command(c, "ROLLBACK") || !send_sync(c))
		pgconn_lose(c, PQerrorMessage(c->pg));
}

/* All results up to a Sync are here. The callbacks come last: they may do anything, even close the
 * pool. */
static void slot_ended(struct pgconn *c)
{
	struct pgconn_slot slot = *slot_at(c, 0);
	struct unit *unit = slot.unit;

	c->head = (c->head + 1) % c->config.depth;
	c->count--;
	if (slot.kind == SLOT_SETUP) {
		pgconn_prepared(c);
		return;
	}
	if (slot.dry || slot.kind == SLOT_ROLLBACK)
		c->barrier = false;
	if (slot.dry && slot.failed)
		repair(c);
	if (unit == NULL)
		return;
	unit->done_us = clock_us();
	unit->outcome = slot.failed ? UNIT_FAILED : UNIT_DONE;
	if (slot.failed)
		drop_results(unit);
	if (slot.again) {
		unit->resent = true;
		unit->sent_us = 0; /* it is known that nothing took effect */
		memset(&unit->error, 0, sizeof unit->error);
		memset(unit->sqlstate, 0, sizeof unit->sqlstate);
		c->config.again(c, unit);
	} else {
		c->config.finished(c, unit);
	}
}

void pipeline_read(struct pgconn *c)
{
	const PGconn *pg = c->pg;
	unsigned empty = 0;

	/* An empty result ends each statement's; a second one in a row means that there is no more.
	 */
	while (c->pg == pg && c->count > 0 && empty < 2 && PQisBusy(c->pg) == 0) {
		PGresult *result = PQgetResult(c->pg);
		struct pgconn_slot *slot = slot_at(c, 0);

		if (result == NULL) {
			empty++;
			continue;
		}
		empty = 0;
		if (c->doubt) {
			PQclear(result);
			pgconn_lose(c, "a standby did not confirm");
			return;
		}
		switch (PQresultStatus(result)) {
		case PGRES_PIPELINE_SYNC:
			PQclear(result);
			slot_ended(c);
			continue;
		case PGRES_TUPLES_OK:
		case PGRES_COMMAND_OK:
			take_rows(c, slot, result);
			break;
		case PGRES_PIPELINE_ABORTED:
			PQclear(result);
			break;
		default:
			if (!take_failure(c, slot, result)) {
				PQclear(result);
				return;
			}
			PQclear(result);
		}
		slot->step++;
	}
}

void pipeline_take(struct pgconn *c, struct list_node *list)
{
	for (unsigned i = 0; i < c->count; i++) {
		struct unit *unit = slot_at(c, i)->unit;

		if (unit == NULL)
			continue;
		drop_results(unit);
		list_push_back(list, &unit->node);
	}
	c->head = c->count = 0;
	c->barrier = c->dirty = false;
}

void pgconn_expire(struct pgconn *c, int64_t now_ms)
{
	struct list_node expired;
	bool running = false;

	list_init(&expired);
	for (unsigned i = 0; i < c->count; i++) {
		struct pgconn_slot *slot = slot_at(c, i);
		struct unit *unit = slot->unit;

		if (unit == NULL || unit->deadline_ms > now_ms)
			continue;
		/* The first is the one that runs: its socket is closed, never cancelled, never
		 * waited for. */
		running = running || i == 0;
		slot->unit = NULL;
		drop_results(unit);
		list_push_back(&expired, &unit->node);
	}
	if (running)
		pgconn_lose(c, "a unit outlived its deadline");
	while (!list_empty(&expired)) {
		struct unit *unit = LIST_OWNER(list_pop_front(&expired), struct unit, node);

		unit_expired(unit, true);
		c->config.finished(c, unit);
	}
}

bool unit_doubtful(const struct unit *unit)
{
	return unit->sent_us != 0 && !unit->dry && (unit->write || unit->once);
}

static void unit_end(struct unit *unit, enum error_code code)
{
	unit->done_us = clock_us();
	unit->outcome = UNIT_FAILED;
	if (unit_doubtful(unit)) {
		unit->outcome = UNIT_UNKNOWN;
		code = ERROR_OUTCOME_UNKNOWN;
	}
	error_set(&unit->error, code, NULL);
}

void unit_expired(struct unit *unit, bool reachable)
{
	unit_end(unit, reachable ? ERROR_DEADLINE : ERROR_UNAVAILABLE);
	if (unit->error.code == ERROR_DEADLINE)
		error_argf(&unit->error, "ms", "%" PRId64,
			   unit->deadline_ms - unit->queued_us / 1000);
}

void unit_abandoned(struct unit *unit)
{
	unit_end(unit, ERROR_SHUTTING_DOWN);
	if (unit->error.code == ERROR_SHUTTING_DOWN)
		error_argf(&unit->error, "seconds", "5");
}
