/* Rules: rule.list, rule.change. Everything about a change is judged in SQL. */
#include "server/domain/rule.h"

#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/rule.pb-c.h"
#include "sql/plan.h"
#include "sql/rule.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_CHANGE };

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
	rule->by_hand = row->by_hand;
	rule->retired = row->retired;
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

static enum step change_send(struct request *r)
{
	const Inap__V1__RuleChange *in = request_body(r);

	if (!*in->json == !*in->code) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "json", "why",
				    "a rule is added, or retired by its code", NULL);
	}
	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_rule_change(&r->unit, in->plan, in->code, in->json, in->note, r->user_id,
			(struct bytes){ r->key, sizeof r->key },
			(struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

static enum step change_reply(struct request *r)
{
	const Inap__V1__RuleChange *in = request_body(r);
	struct sql_rule_change_row row;
	Inap__V1__RuleChangeReply *reply;

	if (unit_rows(&r->unit, ENTRY_CHANGE) == 0) {
		return request_bug(r);
	}
	sql_rule_change_row(&r->unit, ENTRY_CHANGE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !row.receipt.data) {
		return arena_failed(&r->arena) ? request_full(r) : request_bug(r);
	}
	inap__v1__rule_change_reply__init(reply);
	reply->code = words(row.code);
	reply->retired = row.retired;
	reply->from = words(row.from);
	reply->dry_run = in->dry_run;
	if (!in->dry_run) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	return request_reply(r, &reply->base);
}

/** rule.change: a rule is added by hand, or retired. */
enum step rule_change(struct request *r)
{
	switch (r->at) {
	case START:
		return change_send(r);
	case SENT:
		return change_reply(r);
	default:
		return request_bug(r);
	}
}
