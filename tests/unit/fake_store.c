/* The store without a server: see fake_store.h. */
#include "tests/unit/fake_store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

struct unit *fake_unit;
bool fake_busy;

static const char *const lane_names[] = { "none", "write", "read", "bulk", "auth" };

static bool in_lane(const struct statement *statement, const char *lane)
{
	char *lanes = strdup(statement->lanes);
	bool found = false;

	assert(lanes != NULL);
	for (char *rest = lanes, *word; !found && (word = strsep(&rest, ",")) != NULL;)
		found = strcmp(word, lane) == 0;
	free(lanes);
	return found;
}

void fake_sent(const struct unit *unit, char *out, size_t size)
{
	size_t used = 0;

	assert(size > 0);
	out[0] = '\0';
	for (unsigned i = 0; i < unit->count; i++) {
		const struct statement *statement = unit->entries[i].statement;
		int n = snprintf(out + used, size - used, "%s%s", i > 0 ? " " : "",
				 statement->name);

		if (!in_lane(statement, lane_names[unit->lane])) {
			fprintf(stderr, "statement '%s' is not prepared on lane '%s'\n",
				statement->name, lane_names[unit->lane]);
			abort();
		}
		assert(n > 0 && (size_t)n < size - used);
		used += (size_t)n;
	}
}

static PGresult *result_new(const struct statement *statement)
{
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc *columns = calloc(statement->columns + 1, sizeof *columns);

	assert(result != NULL && columns != NULL);
	for (unsigned i = 0; i < statement->columns; i++)
		columns[i].name = (char *)(uintptr_t)statement->names_out[i];
	if (statement->columns > 0 && !PQsetResultAttrs(result, (int)statement->columns, columns))
		abort();
	free(columns);
	return result;
}

static int column_of(const PGresult *result, const char *statement, const char *name)
{
	for (int i = 0; i < PQnfields(result); i++)
		if (strcmp(PQfname(result, i), name) == 0)
			return i;
	fprintf(stderr, "statement '%s' has no column '%s'\n", statement, name);
	abort();
}

/* Takes text up to one of the ends, backslashes undone, into out; returns where it stopped. */
static const char *word(const char *at, const char *ends, char *out)
{
	for (; *at != '\0' && strchr(ends, *at) == NULL; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		*out++ = *at;
	}
	*out = '\0';
	return at;
}

/* One row, up to ';' or the end; returns where it stopped. */
static const char *row_add(PGresult *result, const char *statement, const char *at)
{
	size_t size = strlen(at) + 1;
	char *name = malloc(size), *value = malloc(size);
	int row = PQntuples(result), given = 0;

	assert(name != NULL && value != NULL);
	while (*at != '\0' && *at != ';') {
		int column;

		at = word(at, "=", name);
		assert(*at == '=');
		at = word(at + 1, ",;", value);
		column = column_of(result, statement, name);
		if (!PQsetvalue(result, row, column, strcmp(value, "NULL") == 0 ? NULL : value,
				strcmp(value, "NULL") == 0 ? -1 : (int)strlen(value)))
			abort();
		given++;
		if (*at == ',')
			at++;
	}
	if (given != PQnfields(result)) {
		fprintf(stderr, "statement '%s' has %d columns, the row names %d\n", statement,
			PQnfields(result), given);
		abort();
	}
	free(name);
	free(value);
	return at;
}

void fake_rows(struct unit *unit, unsigned entry, const char *rows)
{
	const struct statement *statement;
	PGresult *result;

	assert(entry < unit->count);
	statement = unit->entries[entry].statement;
	result = result_new(statement);
	while (*rows != '\0') {
		rows = row_add(result, statement->name, rows);
		if (*rows == ';')
			rows++;
	}
	PQclear(unit->entries[entry].result);
	unit->entries[entry].result = result;
}

const char *fake_parameter(const struct unit *unit, unsigned entry, unsigned parameter)
{
	assert(entry < unit->count);
	assert(parameter < unit->entries[entry].statement->parameters);
	return unit->entries[entry].parameters[parameter].value;
}

bool fake_send(struct pool *pool, struct unit *unit)
{
	(void)pool;
	if (fake_busy)
		return error_set(&unit->error, ERROR_BUSY, "seconds", "1", NULL);
	assert(fake_unit == NULL);
	fake_unit = unit;
	return true;
}

static void end(enum unit_outcome outcome)
{
	struct unit *unit = fake_unit;

	assert(unit != NULL);
	fake_unit = NULL;
	unit->outcome = outcome;
	unit->done(unit);
}

void fake_done(void)
{
	assert(fake_unit != NULL);
	for (unsigned i = 0; i < fake_unit->count; i++)
		if (fake_unit->entries[i].result == NULL)
			fake_rows(fake_unit, i, "");
	end(UNIT_DONE);
}

void fake_fail(enum unit_outcome outcome, enum error_code code)
{
	assert(fake_unit != NULL);
	error_set(&fake_unit->error, code, NULL);
	end(outcome);
}
