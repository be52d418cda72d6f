/* Rules: rule.list. */
#include "server/domain/rule.h"

#include "server/rpc/words.h"
#include "inap/v1/rule.pb-c.h"
#include "sql/rule.h"

enum { START, SENT };

static bool rule_fill(struct request *r, const struct sql_rule_list_row *row, Inap__V1__Rule *rule)
{
	inap__v1__rule__init(rule);
	rule->code = words(row->code);
	rule->kind = words(row->kind);
	rule->severity = words(row->severity);
	rule->op = words(row->op);
	rule->left = words(row->left_text);
	rule->right = words(row->right_text);
	rule->missing = words(row->missing);
	rule->valid_from = words(row->valid_from);
	rule->valid_to = words(row->valid_to);
	rule->parameters = words(row->settings);
	if (!row->name_en) {
		return true;
	}
	rule->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	return rule->name != NULL;
}

static enum step rule_reply(struct request *r)
{
	const Inap__V1__RuleList *in = request_body(r);
	size_t n = unit_rows(&r->unit, 0);
	Inap__V1__RuleListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__Rule *rules = request_array(r, n + 1, sizeof *rules);

	if (n == 0) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name", in->plan, NULL);
	}
	if (!reply || !rules) {
		return request_full(r);
	}
	inap__v1__rule_list_reply__init(reply);
	reply->rules = request_array(r, n, sizeof *reply->rules);
	if (!reply->rules) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_rule_list_row row;

		sql_rule_list_row(&r->unit, 0, i, &row);
		if (row.quarter_bad) {
			return request_fail(r, ERROR_BAD_ARGUMENT, "field", "round", "why",
					    "write a quarter, 2024Q3", NULL);
		}
		if (!row.code) {
			continue;
		}
		if (!rule_fill(r, &row, &rules[i])) {
			return request_full(r);
		}
		reply->rules[reply->n_rules++] = &rules[i];
	}
	return request_reply(r, &reply->base);
}

/** rule.list: the rules of a plan, now or in a quarter. */
enum step rule_list(struct request *r)
{
	const Inap__V1__RuleList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_rule_list(&r->unit, in->plan, in->round);
		return request_send(r, SENT);
	case SENT:
		return rule_reply(r);
	default:
		return request_bug(r);
	}
}
