/* Filling a unit with statements and reading the rows of its results. */
#include "server/store/unit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "server/store/parameter.h"

void unit_init(struct unit *unit, struct arena *arena, enum method_lane lane)
{
	memset(unit, 0, sizeof *unit);
	unit->arena = arena;
	unit->lane = lane;
	unit->context_read = "{}";
	unit->context_write = "{}";
}

void unit_add(struct unit *unit, const struct statement *statement, struct parameter *parameters)
{
	struct unit_entry *entry;

	assert(statement->parameters == 0 || parameters != NULL);
	if (unit->count == UNIT_STATEMENTS_MAX) {
		unit->broken = true;
		return;
	}
	entry = &unit->entries[unit->count++];
	entry->statement = statement;
	entry->parameters = parameters;
	entry->result = NULL;
}

void unit_reset(struct unit *unit)
{
	for (unsigned i = 0; i < unit->count; i++)
		PQclear(unit->entries[i].result);
	memset(unit->entries, 0, sizeof unit->entries);
	unit->count = 0;
	unit->broken = false;
	unit->resent = false;
	unit->outcome = UNIT_DONE;
	memset(&unit->error, 0, sizeof unit->error);
	memset(unit->sqlstate, 0, sizeof unit->sqlstate);
	unit->queued_us = unit->sent_us = unit->done_us = 0;
}

struct parameter *parameter_array(struct unit *unit, unsigned count)
{
	struct parameter *parameters;

	assert(count <= UNIT_PARAMETERS_MAX);
	parameters = arena_array(unit->arena, count, sizeof *parameters);
	if (parameters == NULL)
		unit->broken = true;
	return parameters;
}

void parameter_bigint(struct unit *unit, struct parameter *parameter, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%" PRId64, value);
	parameter_text(unit, parameter, digits);
}

void parameter_integer(struct unit *unit, struct parameter *parameter, int32_t value)
{
	parameter_bigint(unit, parameter, value);
}

void parameter_boolean(struct unit *unit, struct parameter *parameter, bool value)
{
	(void)unit;
	parameter->value = value ? "t" : "f";
}

void parameter_text(struct unit *unit, struct parameter *parameter, const char *value)
{
	if (value == NULL)
		return;
	parameter->value = arena_strdup(unit->arena, value);
	if (parameter->value == NULL)
		unit->broken = true;
}

void parameter_bytea(struct unit *unit, struct parameter *parameter, struct bytes value)
{
	assert(value.length <= INT32_MAX);
	parameter->binary = true;
	if (value.data == NULL)
		return;
	/* One byte more, so that an empty value is not taken for SQL null. */
	char *copy = arena_alloc(unit->arena, value.length + 1);

	if (copy == NULL) {
		unit->broken = true;
		return;
	}
	memcpy(copy, value.data, value.length);
	parameter->value = copy;
	parameter->length = (int)value.length;
}

static const PGresult *result_of(const struct unit *unit, unsigned entry)
{
	assert(entry < unit->count);
	assert(unit->entries[entry].result != NULL);
	return unit->entries[entry].result;
}

/* The value of a column, which must be there; NULL for SQL null. */
static const char *value_of(const struct unit *unit, unsigned entry, size_t row, unsigned column)
{
	const PGresult *result = result_of(unit, entry);

	assert(row < (size_t)PQntuples(result));
	assert(column < (unsigned)PQnfields(result));
	if (PQgetisnull(result, (int)row, (int)column))
		return NULL;
	return PQgetvalue(result, (int)row, (int)column);
}

size_t unit_rows(const struct unit *unit, unsigned entry)
{
	return (size_t)PQntuples(result_of(unit, entry));
}

bool unit_null(const struct unit *unit, unsigned entry, size_t row, unsigned column)
{
	return value_of(unit, entry, row, column) == NULL;
}

const char *unit_text(const struct unit *unit, unsigned entry, size_t row, unsigned column)
{
	return value_of(unit, entry, row, column);
}

int64_t unit_bigint(const struct unit *unit, unsigned entry, size_t row, unsigned column)
{
	const char *text = value_of(unit, entry, row, column);

	return text == NULL ? 0 : strtoll(text, NULL, 10);
}

bool unit_boolean(const struct unit *unit, unsigned entry, size_t row, unsigned column)
{
	const char *text = value_of(unit, entry, row, column);

	return text != NULL && text[0] == 't';
}

static unsigned nibble(char c)
{
	assert((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

struct bytes unit_bytea(struct unit *unit, unsigned entry, size_t row, unsigned column)
{
	const char *text = value_of(unit, entry, row, column);
	struct bytes bytes = { NULL, 0 };
	uint8_t *data;

	if (text == NULL)
		return bytes;
	/* bytea_output is hex, PostgreSQL's default; the pool sets it at connect. */
	assert(text[0] == '\\' && text[1] == 'x');
	text += 2;
	bytes.length = strlen(text) / 2;
	data = arena_alloc(unit->arena, bytes.length + 1);
	if (data == NULL) {
		unit->broken = true;
		bytes.length = 0;
		return bytes;
	}
	for (size_t i = 0; i < bytes.length; i++)
		data[i] = (uint8_t)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
	bytes.data = data;
	return bytes;
}
