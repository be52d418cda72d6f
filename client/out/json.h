/* Pieces of the promised JSON (CLI.md 1.3): keys are English and fixed, dates ISO 8601, figures
 * text. */
#ifndef INAP_CLIENT_OUT_JSON_H
#define INAP_CLIENT_OUT_JSON_H

#include <stdbool.h>

#include <jansson.h>

#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"

/** A text member; NULL is "". */
void json_put_text(json_t *object, const char *key, const char *text);
/** A text member, null where there is none. */
void json_put_maybe(json_t *object, const char *key, const char *text);
void json_put_number(json_t *object, const char *key, unsigned long long number);
void json_put_bool(json_t *object, const char *key, bool yes);
/** "value", or "numerator" and "denominator", or "blank"; nothing where there is no value. */
void json_put_value(json_t *object, const Inap__V1__Value *value);
/** The three languages of a name, as {"en","ar","ckb"}. */
json_t *json_name(const Inap__V1__Name *name);
json_t *json_actions(const Inap__V1__Action *actions, size_t count);
json_t *json_changes(Inap__V1__CellChange *const *changes, size_t count);
json_t *json_grants(Inap__V1__Grant *const *grants, size_t count);
/** Who signed, and by what right; null for NULL. */
json_t *json_signature(const Inap__V1__Signature *signature);
/** A written order as {"number","date"}; null where there is none. */
json_t *json_order(const char *number, const char *date);
json_t *json_texts(char *const *texts, size_t count);
/** "FED-MOI/2024Q3"; with the plan in front only where the reference has one that was asked for. */
json_t *json_report(const Inap__V1__ReportRef *report);

#endif
