/* Small pieces of replies. */
#include "server/rpc/words.h"

#include "server/rpc/session.h"

Inap__V1__Name *words_name(struct request *r, const char *en, const char *ar, const char *ckb)
{
	Inap__V1__Name *name = request_alloc(r, sizeof *name);

	if (name) {
		inap__v1__name__init(name);
		name->en = words(en);
		name->ar = words(ar);
		name->ckb = words(ckb);
	}
	return name;
}

bool words_split(struct request *r, const char *text, char ***list, size_t *count)
{
	char *rest = arena_strdup(&r->arena, words(text));
	size_t commas = 0;

	for (const char *at = words(text); *at; at++) {
		commas += *at == ',';
	}
	*count = 0;
	*list = request_array(r, commas + 1, sizeof **list);
	if (!rest || !*list) {
		return false;
	}
	if (*rest) {
		(*list)[(*count)++] = rest;
	}
	for (; *rest; rest++) {
		if (*rest == ',') {
			*rest = '\0';
			(*list)[(*count)++] = rest + 1;
		}
	}
	return true;
}

const char *words_report(struct request *r)
{
	const char *id = arena_printf(&r->arena, "%s/%s", r->reach->entity, r->round);

	return id ? id : r->round;
}

enum step words_no_report(struct request *r)
{
	return request_fail(r, ERROR_NOT_FOUND, "what", "report", "name", words_report(r), NULL);
}

enum step words_no_revision(struct request *r, uint64_t revision, const char *day)
{
	const char *report = words_report(r);
	const char *name =
		*day ? arena_printf(&r->arena, "%s@%s", report, day)
		     : arena_printf(&r->arena, "%s@%llu", report, (unsigned long long)revision);

	return request_fail(r, ERROR_NOT_FOUND, "what", "revision", "name", name, NULL);
}

Inap__V1__ReportRef *words_ref(struct request *r, const char *plan, const char *entity,
			       const char *round)
{
	Inap__V1__ReportRef *ref = request_alloc(r, sizeof *ref);

	if (ref) {
		inap__v1__report_ref__init(ref);
		ref->plan = words(plan);
		ref->entity = words(entity);
		ref->round = words(round);
	}
	return ref;
}

Inap__V1__Argument *words_argument(struct request *r, const char *name, const char *value)
{
	Inap__V1__Argument *argument = request_alloc(r, sizeof *argument);

	if (argument) {
		inap__v1__argument__init(argument);
		argument->name = words(name);
		argument->value = words(value);
	}
	return argument;
}

Inap__V1__Argument **words_problem(struct request *r, const struct words_problem *problem,
				   size_t *count)
{
	const char *unanswered = arena_printf(&r->arena, "%lld", (long long)problem->unanswered);
	const char *asked = arena_printf(&r->arena, "%lld", (long long)problem->asked);
	const char *const places[][2] = {
		{ "cell", problem->cell },
		{ "count", problem->asked ? unanswered : NULL },
		{ "total", problem->asked ? asked : NULL },
		{ "name", problem->names[0] },
		{ "name_ar", problem->names[1] },
		{ "name_ckb", problem->names[2] },
		{ "op", problem->op },
		{ "left", problem->terms[0] },
		{ "right", problem->terms[1] },
		{ "left_value", problem->values[0] },
		{ "right_value", problem->values[1] },
	};
	enum { PLACES = sizeof places / sizeof *places };
	Inap__V1__Argument **arguments = request_array(r, PLACES, sizeof *arguments);

	*count = 0;
	if (!arguments || !unanswered || !asked) {
		return NULL;
	}
	for (size_t i = 0; i < PLACES; i++) {
		if (!places[i][1]) {
			continue;
		}
		arguments[*count] = words_argument(r, places[i][0], places[i][1]);
		if (!arguments[(*count)++]) {
			*count = 0;
			return NULL;
		}
	}
	return arguments;
}
