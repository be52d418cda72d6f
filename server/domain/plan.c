/* Plans: plan.import, plan.list, plan.show. Everything about a plan file is judged in SQL. */
#include "server/domain/plan.h"

#include "proto/unpack.h"
#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/plan.pb-c.h"
#include "sql/plan.h"

enum { START, SENT };

/* ---- plan.import */

enum { ENTRY_LOCK, ENTRY_IMPORT, ENTRY_SUMMARY, ENTRY_CHANGES, ENTRY_COUNTS, ENTRY_WARNINGS };

static enum step import_send(struct request *r)
{
	const Inap__V1__PlanImport *in = request_body(r);
	struct bytes key = { r->key, sizeof r->key };
	struct bytes hash = { r->body_hash, sizeof r->body_hash };

	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_plan_import(&r->unit, in->json, in->code, r->user_id, key, hash);
	sql_plan_import_summary(&r->unit, key);
	sql_plan_import_changes(&r->unit, key);
	sql_plan_import_counts(&r->unit, key);
	sql_plan_import_warnings(&r->unit, key);
	return request_send(r, SENT);
}

static bool import_changes(struct request *r, Inap__V1__PlanImportReply *reply)
{
	size_t rows = unit_rows(&r->unit, ENTRY_CHANGES);
	size_t n = rows < UNPACK_REPEATED_MAX ? rows : UNPACK_REPEATED_MAX;
	Inap__V1__PlanChange *changes = request_array(r, n + 1, sizeof *changes);

	reply->changes = request_array(r, n + 1, sizeof *reply->changes);
	if (!changes || !reply->changes) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_plan_import_changes_row row;

		sql_plan_import_changes_row(&r->unit, ENTRY_CHANGES, i, &row);
		inap__v1__plan_change__init(&changes[i]);
		changes[i].kind = words(row.kind);
		changes[i].code = words(row.code);
		changes[i].action = words(row.action);
		changes[i].fields = words(row.fields);
		reply->changes[i] = &changes[i];
	}
	reply->n_changes = n;
	return true;
}

static bool import_counts(struct request *r, Inap__V1__PlanImportReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_COUNTS);
	Inap__V1__PlanCount *counts = request_array(r, n + 1, sizeof *counts);

	reply->counts = request_array(r, n + 1, sizeof *reply->counts);
	if (!counts || !reply->counts) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_plan_import_counts_row row;

		sql_plan_import_counts_row(&r->unit, ENTRY_COUNTS, i, &row);
		inap__v1__plan_count__init(&counts[i]);
		counts[i].kind = words(row.kind);
		counts[i].count = (uint32_t)row.count;
		reply->counts[i] = &counts[i];
	}
	reply->n_counts = n;
	return true;
}

static bool import_warnings(struct request *r, Inap__V1__PlanImportReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_WARNINGS);

	reply->warnings = request_array(r, n + 1, sizeof *reply->warnings);
	if (!reply->warnings) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_plan_import_warnings_row row;

		sql_plan_import_warnings_row(&r->unit, ENTRY_WARNINGS, i, &row);
		reply->warnings[i] = words(row.warning);
	}
	reply->n_warnings = n;
	return true;
}

static enum step import_reply(struct request *r)
{
	const Inap__V1__PlanImport *in = request_body(r);
	struct sql_plan_import_row done;
	struct sql_plan_import_summary_row summary;
	Inap__V1__PlanImportReply *reply;

	if (unit_rows(&r->unit, ENTRY_IMPORT) == 0) {
		return request_bug(r);
	}
	sql_plan_import_row(&r->unit, ENTRY_IMPORT, 0, &done);
	if (done.fault) {
		return refusal_of(r, done.fault);
	}
	if (unit_rows(&r->unit, ENTRY_SUMMARY) == 0 || !done.receipt.data) {
		return arena_failed(&r->arena) ? request_full(r) : request_bug(r);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__plan_import_reply__init(reply);
	sql_plan_import_summary_row(&r->unit, ENTRY_SUMMARY, 0, &summary);
	reply->added = (uint32_t)summary.added;
	reply->changed = (uint32_t)summary.changed;
	reply->closed = (uint32_t)summary.closed;
	reply->unchanged = (uint32_t)summary.unchanged;
	reply->dry_run = in->dry_run;
	if (!in->dry_run) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)done.receipt.data;
		reply->receipt.len = done.receipt.length;
	}
	if (!import_changes(r, reply) || !import_counts(r, reply) || !import_warnings(r, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** plan.import: a plan file becomes reference data, or says what it would change. */
enum step plan_import(struct request *r)
{
	switch (r->at) {
	case START:
		return import_send(r);
	case SENT:
		return import_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- plan.list and plan.show */

enum { ENTRY_PLAN, ENTRY_RESULTS };

static bool plan_fill(struct request *r, size_t i, Inap__V1__Plan *plan)
{
	struct sql_plan_list_row row;

	sql_plan_list_row(&r->unit, ENTRY_PLAN, i, &row);
	inap__v1__plan__init(plan);
	plan->code = words(row.code);
	plan->name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
	plan->starts_on = words(row.starts_on);
	plan->ends_on = words(row.ends_on);
	plan->state = words(row.state);
	plan->current = row.current;
	return plan->name != NULL;
}

static enum step list_reply(struct request *r)
{
	size_t n = unit_rows(&r->unit, ENTRY_PLAN);
	Inap__V1__PlanListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__Plan *plans = request_array(r, n + 1, sizeof *plans);

	if (!reply || !plans) {
		return request_full(r);
	}
	inap__v1__plan_list_reply__init(reply);
	reply->plans = request_array(r, n + 1, sizeof *reply->plans);
	if (!reply->plans) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		if (!plan_fill(r, i, &plans[i])) {
			return request_full(r);
		}
		reply->plans[i] = &plans[i];
	}
	reply->n_plans = n;
	return request_reply(r, &reply->base);
}

/** plan.list: the plans there are, newest first. */
enum step plan_list(struct request *r)
{
	switch (r->at) {
	case START:
		sql_plan_list(&r->unit, "", true);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

static bool show_results(struct request *r, Inap__V1__Plan *plan)
{
	size_t n = unit_rows(&r->unit, ENTRY_RESULTS);
	Inap__V1__Result *results = request_array(r, n + 1, sizeof *results);

	plan->results = request_array(r, n + 1, sizeof *plan->results);
	if (!results || !plan->results) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_plan_results_row row;

		sql_plan_results_row(&r->unit, ENTRY_RESULTS, i, &row);
		inap__v1__result__init(&results[i]);
		results[i].code = words(row.code);
		results[i].kind = words(row.kind);
		results[i].name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
		results[i].parent = words(row.parent);
		results[i].lead = words(row.lead);
		plan->results[i] = &results[i];
	}
	plan->n_results = n;
	return !arena_failed(&r->arena);
}

static enum step show_reply(struct request *r)
{
	const Inap__V1__PlanShow *in = request_body(r);
	Inap__V1__Plan *plan;

	if (unit_rows(&r->unit, ENTRY_PLAN) == 0) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name",
				    *in->plan ? in->plan : "current", NULL);
	}
	plan = request_alloc(r, sizeof *plan);
	if (!plan || !plan_fill(r, 0, plan) || !show_results(r, plan)) {
		return request_full(r);
	}
	return request_reply(r, &plan->base);
}

/** plan.show: one plan with its chain. */
enum step plan_show(struct request *r)
{
	const Inap__V1__PlanShow *in = request_body(r);

	switch (r->at) {
	case START:
		sql_plan_list(&r->unit, in->plan, false);
		sql_plan_results(&r->unit, in->plan);
		return request_send(r, SENT);
	case SENT:
		return show_reply(r);
	default:
		return request_bug(r);
	}
}
