/* Values between wire and database. */
#include "server/rpc/value.h"

#include <stdio.h>
#include <string.h>

#include "proto/number.h"

static const char *const value_names[] = {
	"cleared",        "number",        "yes",       "no",
	"text",           "ratio",         "numerator", "denominator",
	"not_applicable", "not_collected", "withheld",  "not_available",
};

static bool value_number(const char *text, const char **out, const char **bad)
{
	if (!number_valid(text)) {
		*bad = text;
		return false;
	}
	*out = text;
	return true;
}

static bool value_ratio(const Inap__V1__Ratio *ratio, struct value_parts *parts, const char **bad)
{
	return value_number(ratio->numerator, &parts->number, bad) &&
	       value_number(ratio->denominator, &parts->denominator, bad);
}

bool value_read(const Inap__V1__Value *value, struct value_parts *parts, const char **bad)
{
	*parts = (struct value_parts){ 0 };
	*bad = "";
	switch (value ? value->kind_case : INAP__V1__VALUE__KIND__NOT_SET) {
	case INAP__V1__VALUE__KIND_NUMBER:
		parts->kind = VALUE_NUMBER;
		return value_number(value->number, &parts->number, bad);
	case INAP__V1__VALUE__KIND_YES_NO:
		parts->kind = value->yes_no ? VALUE_YES : VALUE_NO;
		return true;
	case INAP__V1__VALUE__KIND_TEXT:
		parts->kind = VALUE_TEXT;
		parts->text = value->text;
		return true;
	case INAP__V1__VALUE__KIND_RATIO:
		parts->kind = VALUE_RATIO;
		return value_ratio(value->ratio, parts, bad);
	case INAP__V1__VALUE__KIND_NUMERATOR:
		parts->kind = VALUE_NUMERATOR;
		return value_number(value->numerator, &parts->number, bad);
	case INAP__V1__VALUE__KIND_DENOMINATOR:
		parts->kind = VALUE_DENOMINATOR;
		return value_number(value->denominator, &parts->denominator, bad);
	case INAP__V1__VALUE__KIND_BLANK:
		parts->kind = (enum value_kind)(VALUE_NOT_APPLICABLE + (int)value->blank - 1);
		return value->blank != INAP__V1__BLANK__BLANK_UNSPECIFIED;
	case INAP__V1__VALUE__KIND_CLEARED:
		parts->kind = VALUE_CLEARED;
		return true;
	default:
		return false;
	}
}

static bool value_fill_ratio(struct request *r, Inap__V1__Value *value, char *number,
			     char *denominator)
{
	Inap__V1__Ratio *ratio = request_alloc(r, sizeof *ratio);

	if (!ratio) {
		return false;
	}
	inap__v1__ratio__init(ratio);
	ratio->numerator = number;
	ratio->denominator = denominator;
	value->kind_case = INAP__V1__VALUE__KIND_RATIO;
	value->ratio = ratio;
	return true;
}

/* Results of statements are constant for us; protobuf-c's members are not. */
static char *value_text(const char *text)
{
	return (char *)(uintptr_t)(text ? text : "");
}

static bool value_fill(struct request *r, Inap__V1__Value *value, int64_t kind, char *number,
		       char *denominator)
{
	switch (kind) {
	case VALUE_NUMBER:
		value->kind_case = INAP__V1__VALUE__KIND_NUMBER;
		value->number = number;
		return true;
	case VALUE_YES:
	case VALUE_NO:
		value->kind_case = INAP__V1__VALUE__KIND_YES_NO;
		value->yes_no = kind == VALUE_YES;
		return true;
	case VALUE_RATIO:
		return value_fill_ratio(r, value, number, denominator);
	case VALUE_NUMERATOR:
		value->kind_case = INAP__V1__VALUE__KIND_NUMERATOR;
		value->numerator = number;
		return true;
	case VALUE_DENOMINATOR:
		value->kind_case = INAP__V1__VALUE__KIND_DENOMINATOR;
		value->denominator = denominator;
		return true;
	default:
		if (kind < VALUE_NOT_APPLICABLE || kind > VALUE_NOT_AVAILABLE) {
			return false;
		}
		value->kind_case = INAP__V1__VALUE__KIND_BLANK;
		value->blank = (Inap__V1__Blank)(kind - VALUE_NOT_APPLICABLE + 1);
		return true;
	}
}

Inap__V1__Value *value_make(struct request *r, int64_t kind, const char *number,
			    const char *denominator, const char *text)
{
	Inap__V1__Value *value;

	if (kind == VALUE_CLEARED) {
		return NULL;
	}
	value = request_alloc(r, sizeof *value);
	if (!value) {
		return NULL;
	}
	inap__v1__value__init(value);
	if (kind == VALUE_TEXT) {
		value->kind_case = INAP__V1__VALUE__KIND_TEXT;
		value->text = value_text(text);
		return value;
	}
	return value_fill(r, value, kind, value_text(number), value_text(denominator)) ? value
										       : NULL;
}

const char *value_kind_name(int64_t kind)
{
	if (kind < 0 || kind > VALUE_NOT_AVAILABLE) {
		return "nothing";
	}
	return value_names[kind];
}

bool date_valid(const char *text)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int n[8] = { 0 };
	int year;
	int month;
	int day;
	int leap;

	for (int i = 0, digit = 0; i < 10; i++) {
		bool dash = i == 4 || i == 7;

		if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') {
			return false;
		}
		if (!dash) {
			n[digit++] = text[i] - '0';
		}
	}
	year = n[0] * 1000 + n[1] * 100 + n[2] * 10 + n[3];
	month = n[4] * 10 + n[5];
	day = n[6] * 10 + n[7];
	leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return text[10] == '\0' && year >= 1900 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + leap;
}

bool moment_valid(const char *text)
{
	int hour, minute, second;
	char day[11] = "";
	int end = 0;

	if (strlen(text) != 20 || strspn(text + 11, "0123456789:") != 8) {
		return false;
	}
	memcpy(day, text, 10);
	return date_valid(day) &&
	       sscanf(text + 10, "T%2d:%2d:%2dZ%n", &hour, &minute, &second, &end) == 3 &&
	       end == 10 && hour < 24 && minute < 60 && second < 60;
}
