/* Refusals that SQL judged. */
#include "server/rpc/refusal.h"

#include <string.h>

enum step refusal_of(struct request *r, const char *fault)
{
	char *rest = arena_strdup(&r->arena, fault);
	enum error_code code = rest ? error_by_name(strsep(&rest, "|")) : ERROR_NONE;

	if (code == ERROR_NONE) {
		return request_bug(r);
	}
	error_set(&r->error, code, NULL);
	while (rest && r->error.count < ERROR_ARGUMENTS_MAX) {
		char *value = strsep(&rest, "|");
		const char *name = strsep(&value, "=");

		error_argf(&r->error, name, "%s", value ? value : "");
	}
	return STEP_DONE;
}
