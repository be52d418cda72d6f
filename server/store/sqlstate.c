/* The table of SQLSTATEs, and errors made of it. */
#include "server/store/sqlstate.h"

#include <stdio.h>
#include <string.h>

#include "server/base/log.h"

/* A row holds for every state that begins with its prefix; the first that fits counts. */
struct row {
	const char *prefix;
	enum error_code code;
	enum sqlstate_action action;
	bool ours; /* our own fault: logged as an error */
};

static const struct row rows[] = {
	{ "40001", ERROR_BUSY, SQLSTATE_AGAIN, false },    /* serialization_failure */
	{ "40P01", ERROR_BUSY, SQLSTATE_AGAIN, false },    /* deadlock_detected */
	{ "40", ERROR_UNAVAILABLE, SQLSTATE_FAIL, true },  /* transaction rolled back */
	{ "57014", ERROR_DEADLINE, SQLSTATE_FAIL, false }, /* statement_timeout */
	{ "57P", ERROR_UNAVAILABLE, SQLSTATE_LOST,
	  false }, /* shutdown, crash, cannot connect now */
	{ "25P03", ERROR_UNAVAILABLE, SQLSTATE_LOST,
	  true }, /* idle_in_transaction_session_timeout */
	{ "25006", ERROR_UNAVAILABLE, SQLSTATE_LOST, false }, /* a demoted server: read only */
	{ "08", ERROR_UNAVAILABLE, SQLSTATE_LOST, false },    /* connection exceptions */
	{ "53", ERROR_UNAVAILABLE, SQLSTATE_FAIL, true },     /* no disk, memory, connections */
	{ "58", ERROR_UNAVAILABLE, SQLSTATE_FAIL, true }, /* input or output of the server failed */
	{ "55P03", ERROR_BUSY, SQLSTATE_FAIL, false },    /* lock_timeout */
	{ "23505", ERROR_EXISTS, SQLSTATE_FAIL, false },  /* unique_violation */
	{ "", ERROR_INTERNAL, SQLSTATE_FAIL, true },      /* all else is a bug of ours */
};

static const struct row *row_of(const char *state)
{
	const struct row *row = rows;

	while (strncmp(state, row->prefix, strlen(row->prefix)) != 0)
		row++;
	return row;
}

enum sqlstate_action sqlstate_action(const char *state)
{
	return state == NULL ? SQLSTATE_LOST : row_of(state)->action;
}

/* %7C and %25 back to what they stand for, in place. */
static void percent_decode(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		if (strncmp(from, "%7C", 3) == 0 || strncmp(from, "%25", 3) == 0) {
			*to++ = from[1] == '7' ? '|' : '%';
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

/* code|name=value|name=value. False where it names no error of errors.def. */
static bool set_raised(struct unit *unit, const char *detail)
{
	char *rest = arena_strdup(unit->arena, detail);
	const char *word;
	enum error_code code;

	if (rest == NULL)
		return false;
	word = strsep(&rest, "|");
	code = error_by_name(word);
	if (code == ERROR_NONE)
		return false;
	error_set(&unit->error, code, NULL);
	while (rest != NULL && unit->error.count < ERROR_ARGUMENTS_MAX) {
		char *value = strsep(&rest, "|");
		const char *name = strsep(&value, "=");

		if (value == NULL)
			return false;
		percent_decode(value);
		error_argf(&unit->error, name, "%s", value);
	}
	return true;
}

/* "Key (name)=(x) already exists." gives x. */
static void set_exists(struct unit *unit, const struct sqlstate_report *report)
{
	const char *from = report->detail == NULL ? NULL : strstr(report->detail, ")=(");
	const char *to = from == NULL ? NULL : strrchr(from, ')');

	if (report->constraint != NULL && strncmp(report->constraint, "log_", 4) == 0) {
		error_set(&unit->error, ERROR_KEY_REUSED, NULL);
		return;
	}
	error_set(&unit->error, ERROR_EXISTS, "what", report->table == NULL ? "row" : report->table,
		  NULL);
	if (to == NULL)
		error_argf(&unit->error, "name", "?");
	else
		error_argf(&unit->error, "name", "%.*s", (int)(to - from - 3), from + 3);
}

/* Messages of classes 22 and 23 quote the value that was refused: never logged. */
static void log_report(const struct sqlstate_report *report, const char *state)
{
	bool quotes = strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0;
	struct log_line line;

	log_begin(&line, LOG_LEVEL_ERROR, "statement_failed");
	log_text(&line, "sqlstate", state);
	if (report->statement != NULL)
		log_text(&line, "statement", report->statement);
	if (report->constraint != NULL)
		log_text(&line, "constraint", report->constraint);
	if (report->message != NULL && !quotes)
		log_text(&line, "why", report->message);
	log_end(&line);
}

void sqlstate_set(struct unit *unit, const struct sqlstate_report *report)
{
	const char *state = report->state == NULL ? "08006" : report->state;
	const struct row *row = row_of(state);

	snprintf(unit->sqlstate, sizeof unit->sqlstate, "%s", state);
	if (strncmp(state, "IN", 2) == 0 && report->detail != NULL &&
	    set_raised(unit, report->detail))
		return;
	if (row->ours)
		log_report(report, state);
	switch (row->code) {
	case ERROR_EXISTS:
		set_exists(unit, report);
		break;
	case ERROR_BUSY:
		error_set(&unit->error, ERROR_BUSY, "seconds", "1", NULL);
		break;
	case ERROR_DEADLINE:
		error_set(&unit->error, ERROR_DEADLINE, NULL);
		error_argf(&unit->error, "ms", "%lld",
			   (long long)(unit->deadline_ms - unit->queued_us / 1000));
		break;
	default:
		error_set(&unit->error, row->code, NULL);
	}
}
