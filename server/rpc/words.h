/**
 * Small pieces of replies: names in three languages, strings that are never NULL, refusals in
 * common.
 *
 * Ownership  in the request's arena, or borrowed from its results.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_WORDS_H
#define INAP_RPC_WORDS_H

#include "server/rpc/request.h"

/** For a member of a reply: SQL null becomes "". protobuf-c's members are not const; nothing writes
 * to them. */
static inline char *words(const char *text)
{
	return (char *)(uintptr_t)(text ? text : "");
}

/** "2024Q4,2024S2" as a list of *count words; SQL null and "" are an empty one. False at the
 * arena's cap. */
bool words_split(struct request *r, const char *text, char ***list, size_t *count)
	__attribute__((warn_unused_result));
/** A Name in the arena, NULL at its cap. */
Inap__V1__Name *words_name(struct request *r, const char *en, const char *ar, const char *ckb);
/** "FED-MOI/2024Q3" of the report that the request names. */
const char *words_report(struct request *r);
/** Refuses: no such report. */
enum step words_no_report(struct request *r);
/** Refuses: no such revision of the report, or none of that day ("": by number), for the caller. */
enum step words_no_revision(struct request *r, uint64_t revision, const char *day);
/** A ReportRef of the report that the request names, NULL at the arena's cap. */
Inap__V1__ReportRef *words_ref(struct request *r, const char *plan, const char *entity,
			       const char *round);
/** A named place of a sentence, NULL at the arena's cap. */
Inap__V1__Argument *words_argument(struct request *r, const char *name, const char *value);

/** What the sentences of problems name; NULL and unset: not this problem's. */
struct words_problem {
	const char *cell;
	int64_t unanswered, asked;
	const char *names[3]; /* of the rule, in en, ar, ckb */
	const char *op;
	const char *terms[2], *values[2]; /* left and right */
};
/** Their places: cell; of answers count and total; of a rule name (name_ar, name_ckb), op, left,
 * right, left_value, right_value. NULL at the arena's cap. */
Inap__V1__Argument **words_problem(struct request *r, const struct words_problem *problem,
				   size_t *count);

#endif
