/* What a person may see of a failure: a code and its named arguments. */
#include "server/base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Takes a half UTF-8 sequence off the end of a text that was cut. */
static void error_trim(char *value, size_t length)
{
	size_t start = length;
	size_t want = 1;

	while (start > 0 && ((unsigned char)value[start - 1] & 0xc0) == 0x80) {
		start--;
	}
	if (start > 0) {
		unsigned char lead = (unsigned char)value[start - 1];

		want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
		if (length - (start - 1) < want) {
			value[start - 1] = '\0';
		}
	}
}

static void error_copy(char *value, const char *text)
{
	size_t length = strlen(text);

	if (length < ERROR_VALUE_BYTES) {
		memcpy(value, text, length + 1);
		return;
	}
	memcpy(value, text, ERROR_VALUE_BYTES - 1);
	value[ERROR_VALUE_BYTES - 1] = '\0';
	error_trim(value, ERROR_VALUE_BYTES - 1);
}

static struct error_argument *error_next(struct error *error, const char *name)
{
	struct error_argument *argument;

	assert(error->count < ERROR_ARGUMENTS_MAX);
	argument = &error->arguments[error->count++];
	argument->name = name;
	return argument;
}

bool error_set(struct error *error, enum error_code code, ...)
{
	va_list list;
	const char *name;

	error->code = code;
	error->count = 0;
	va_start(list, code);
	while ((name = va_arg(list, const char *)) != NULL) {
		const char *value = va_arg(list, const char *);

		error_copy(error_next(error, name)->value, value ? value : "");
	}
	va_end(list);
	return false;
}

__attribute__((format(printf, 3, 0))) static void
error_format(struct error *error, const char *name, const char *format, va_list list)
{
	struct error_argument *argument = error_next(error, name);
	int length = vsnprintf(argument->value, ERROR_VALUE_BYTES, format, list);

	assert(length >= 0);
	if (length >= ERROR_VALUE_BYTES) {
		error_trim(argument->value, ERROR_VALUE_BYTES - 1);
	}
}

void error_argf(struct error *error, const char *name, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	error_format(error, name, format, list);
	va_end(list);
}

bool error_why(struct error *error, const char *format, ...)
{
	va_list list;

	error->code = ERROR_INTERNAL;
	error->count = 0;
	va_start(list, format);
	error_format(error, "why", format, list);
	va_end(list);
	return false;
}

const char *error_argument(const struct error *error, const char *name)
{
	for (unsigned i = 0; i < error->count; i++) {
		if (strcmp(error->arguments[i].name, name) == 0) {
			return error->arguments[i].value;
		}
	}
	return NULL;
}
