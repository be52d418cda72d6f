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
