/* What went wrong: noting it, from here or from the server. */
#include "client/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"

bool fail_with(struct app *app, enum error_code code, ...)
{
	struct failure *failure = &app->failure;
	va_list pairs;
	const char *name;

	*failure = (struct failure){
		.set = true, .code = code, .name = error_row(code)->name, .trace = ""
	};
	va_start(pairs, code);
	while ((name = va_arg(pairs, const char *)) != NULL) {
		const char *value = va_arg(pairs, const char *);

		if (failure->places_count == FAILURE_PLACES_MAX)
			break;
		failure->places[failure->places_count++] =
			(struct place){ name, pool_strdup(&app->pool, value) };
	}
	va_end(pairs);
	return false;
}

static struct place *places_of(struct app *app, Inap__V1__Argument **arguments, size_t count)
{
	struct place *places = pool_alloc(&app->pool, (count + 1) * sizeof *places);

	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){ arguments[i]->name, arguments[i]->value };
	return places;
}

struct failure_field field_of_wire(struct app *app, const Inap__V1__FieldError *wire)
{
	return (struct failure_field){
		.path = wire->path,
		.code = wire->code,
		.cell = wire->cell,
		.column = wire->column,
		.message = wire->message,
		.row = wire->row,
		.places = places_of(app, wire->arguments, wire->n_arguments),
		.places_count = wire->n_arguments,
	};
}

bool fail_wire(struct app *app, const Inap__V1__Error *error, const uint8_t *trace)
{
	struct failure *failure = &app->failure;
	char *hex = pool_alloc(&app->pool, 33);

	for (int i = 0; i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned)trace[i]);
	*failure = (struct failure){
		.set = true,
		.code = error_by_name(error->code),
		.name = error->code,
		.revision = error->revision,
		.wire = error,
		.trace = hex,
	};
	for (size_t i = 0; i < error->n_arguments && i < FAILURE_PLACES_MAX; i++)
		failure->places[failure->places_count++] =
			(struct place){ error->arguments[i]->name, error->arguments[i]->value };
	failure->fields = pool_alloc(&app->pool, (error->n_fields + 1) * sizeof *failure->fields);
	for (size_t i = 0; i < error->n_fields; i++)
		failure->fields[failure->fields_count++] = field_of_wire(app, error->fields[i]);
	return false;
}

void fail_field(struct app *app, const struct failure_field *field)
{
	struct failure *failure = &app->failure;
	struct failure_field *fields =
		pool_alloc(&app->pool, (failure->fields_count + 1) * sizeof *fields);

	if (failure->fields_count > 0)
		memcpy(fields, failure->fields, failure->fields_count * sizeof *fields);
	fields[failure->fields_count++] = *field;
	failure->fields = fields;
}

static int row_order(const void *a, const void *b)
{
	const struct failure_field *one = a, *other = b;

	if (one->row != other->row)
		return one->row < other->row ? -1 : 1;
	return strcmp(one->path, other->path);
}

void fail_sort(struct app *app)
{
	if (app->failure.fields_count > 1)
		qsort(app->failure.fields, app->failure.fields_count, sizeof *app->failure.fields,
		      row_order);
}

void fail_next(struct app *app, const char *label, const char *command)
{
	app->failure.next_label = label;
	app->failure.next = command;
}

int failure_exit(const struct failure *failure)
{
	if (!failure->set)
		return 0;
	return failure->code == ERROR_NONE ? 1 : error_row(failure->code)->exit;
}

void failure_clear(struct failure *failure)
{
	*failure = (struct failure){ .set = false };
}
