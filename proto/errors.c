/* The table of refusals behind errors.h: the rows of errors.def. */
#include "proto/errors.h"

#include <assert.h>
#include <string.h>

static const struct error_row rows[ERROR_COUNT] = {
	[ERROR_NONE] = { .name = "NONE", .exit = 0, .retry = false, .text = "" },
#define ERROR(name_, exit_, retry_, text_)                                                         \
	[ERROR_##name_] = { .name = #name_, .exit = (exit_), .retry = (retry_), .text = text_ },
#include "proto/errors.def"
#undef ERROR
};

const struct error_row *error_row(enum error_code code)
{
	assert((unsigned)code < ERROR_COUNT);
	return &rows[code];
}

enum error_code error_by_name(const char *name)
{
	for (unsigned code = ERROR_NONE + 1; code < ERROR_COUNT; code++)
		if (strcmp(rows[code].name, name) == 0)
			return (enum error_code)code;
	return ERROR_NONE;
}
