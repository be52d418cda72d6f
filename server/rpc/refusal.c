/* Refusals that SQL judged. */
#include "server/rpc/refusal.h"

#include <stdio.h>
#include <string.h>

enum { ERROR_NAME_BYTES = 32 };

/*
 * Does an argument after `last` begin here? Where the code's sentence has a place of this name that
 * was not filled yet: what a person wrote may hold a | and stays whole.
 */
static bool argument_begins(const struct error *error, const char *last, const char *text)
{
	char name[ERROR_NAME_BYTES], place[ERROR_NAME_BYTES + 2];
	size_t length = strcspn(text, "=|");

	if (text[length] != '=' || length >= sizeof name) {
		return false;
	}
	snprintf(name, sizeof name, "%.*s", (int)length, text);
	snprintf(place, sizeof place, "{%s}", name);
	return strstr(error_row(error->code)->text, place) && strcmp(name, last) != 0 &&
	       !error_argument(error, name);
}

enum step refusal_of(struct request *r, const char *fault)
{
	char *rest = arena_strdup(&r->arena, fault);
	enum error_code code = rest ? error_by_name(strsep(&rest, "|")) : ERROR_NONE;

	if (code == ERROR_NONE) {
		return request_bug(r);
	}
	error_set(&r->error, code, NULL);
	while (rest && r->error.count < ERROR_ARGUMENTS_MAX) {
		const char *name = strsep(&rest, "=");
		char *end = rest;

		while (end && (end = strchr(end, '|')) &&
		       !argument_begins(&r->error, name, end + 1)) {
			end++;
		}
		if (end) {
			*end++ = '\0';
		}
		error_argf(&r->error, name, "%s", rest ? rest : "");
		rest = end;
	}
	return STEP_DONE;
}
