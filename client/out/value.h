/* Values, grants and reports as text. */
#ifndef INAP_CLIENT_OUT_VALUE_H
#define INAP_CLIENT_OUT_VALUE_H

#include "inap/v1/common.pb-c.h"
#include "inap/v1/office.pb-c.h"
#include "inap/v1/session.pb-c.h"

struct app;
struct view;

/** As it is typed: 12, 12/40, yes, @not_available; "" for none. */
const char *value_machine(struct app *app, const Inap__V1__Value *value);
/** As a person reads it. */
const char *value_human(struct app *app, const Inap__V1__Value *value);
/** Adds both as a cell. */
void view_value(struct view *view, const Inap__V1__Value *value);
/** Adds a light: why it is grey, or beside it the one set by hand. */
void view_light(struct view *view, const char *light, const char *why, const char *set);
/** "moi-deputy, acting, order 118 of 2024-09-01": who signed, and by what right. */
const char *signature_text(struct app *app, const Inap__V1__Signature *signature);
/** What a grant is for: an entity's code, a jurisdiction's key, or "national". */
const char *grant_scope(const Inap__V1__Grant *grant);
/** Grants for people: "focal point FED-MOI, approver FED-MOI". */
const char *grants_text(struct app *app, Inap__V1__Grant *const *grants, size_t count);
/** "FED-MOI/2024Q3" */
const char *report_id(struct app *app, const Inap__V1__ReportRef *report);
/** Texts joined by a comma and a blank. */
const char *texts_join(struct app *app, char *const *texts, size_t count);

#endif
