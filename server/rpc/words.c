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

Inap__V1__Argument **words_problem(struct request *r, const char *cell, int64_t unanswered,
				   int64_t asked)
{
	const char *count = arena_printf(&r->arena, "%lld", (long long)unanswered);
	const char *total = arena_printf(&r->arena, "%lld", (long long)asked);
	Inap__V1__Argument **arguments = request_array(r, WORDS_PROBLEM, sizeof *arguments);

	if (!arguments) {
		return NULL;
	}
	arguments[0] = words_argument(r, "cell", cell);
	arguments[1] = words_argument(r, "count", count);
	arguments[2] = words_argument(r, "total", total);
	return arguments[0] && arguments[1] && arguments[2] ? arguments : NULL;
}
