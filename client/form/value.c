/* What a person types into a cell, read. */
#include "client/form/value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "proto/enums.h"
#include "proto/text.h"

void problem_place(struct app *app, struct failure_field *problem, const char *name,
		   const char *value)
{
	struct place *places = pool_alloc(&app->pool, (problem->places_count + 1) * sizeof *places);

	if (problem->places_count > 0)
		memcpy(places, problem->places, problem->places_count * sizeof *places);
	places[problem->places_count++] = (struct place){ name, pool_strdup(&app->pool, value) };
	problem->places = places;
}

static bool refuse(struct failure_field *problem, const char *code)
{
	*problem = (struct failure_field){ .code = code, .path = "", .cell = "", .column = "" };
	return false;
}

Inap__V1__Blank value_blank_by_name(const char *name)
{
	/* as forms write them, and as people do */
	static const struct {
		const char *name;
		Inap__V1__Blank blank;
	} names[] = {
		{ "not applicable", INAP__V1__BLANK__BLANK_NOT_APPLICABLE },
		{ "not collected", INAP__V1__BLANK__BLANK_NOT_COLLECTED },
		{ "not available", INAP__V1__BLANK__BLANK_NOT_AVAILABLE },
		{ "لا ينطبق", INAP__V1__BLANK__BLANK_NOT_APPLICABLE },
		{ "لا يُجمَع", INAP__V1__BLANK__BLANK_NOT_COLLECTED },
		{ "لا يجمع", INAP__V1__BLANK__BLANK_NOT_COLLECTED },
		{ "محجوب (غير مُفصَح عنه)", INAP__V1__BLANK__BLANK_WITHHELD },
		{ "محجوب", INAP__V1__BLANK__BLANK_WITHHELD },
		{ "غير متوفر حالياً", INAP__V1__BLANK__BLANK_NOT_AVAILABLE },
		{ "غير متوفر حاليا", INAP__V1__BLANK__BLANK_NOT_AVAILABLE },
		{ "غير متوفر", INAP__V1__BLANK__BLANK_NOT_AVAILABLE },
		{ "پەیوەندیی نییە", INAP__V1__BLANK__BLANK_NOT_APPLICABLE },
		{ "کۆناکرێتەوە", INAP__V1__BLANK__BLANK_NOT_COLLECTED },
		{ "نەدراو (پارێزراو)", INAP__V1__BLANK__BLANK_WITHHELD },
		{ "نەدراو", INAP__V1__BLANK__BLANK_WITHHELD },
		{ "ئێستا بەردەست نییە", INAP__V1__BLANK__BLANK_NOT_AVAILABLE },
		{ "بەردەست نییە", INAP__V1__BLANK__BLANK_NOT_AVAILABLE },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].blank;
	return (Inap__V1__Blank)proto_enum_value(&inap__v1__blank__descriptor, name);
}

Inap__V1__Blank value_blank_by_word(const char *typed)
{
	return typed[0] == '@' ? value_blank_by_name(typed + 1)
			       : INAP__V1__BLANK__BLANK_UNSPECIFIED;
}

char *value_number(const char *typed, enum number_fault *fault)
{
	struct number number;
	enum number_fault found = number_read(typed, &number);

	if (fault)
		*fault = found;
	return found == NUMBER_OK ? strdup(number.text) : NULL;
}

bool value_is_date(const char *text)
{
	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
			return false;
	return text[10] == '\0';
}

const char *text_clean(struct app *app, const char *typed)
{
	char *normal = NULL;
	char *copy, *to;

	if (!text_nfc(typed, &normal))
		return NULL;
	copy = to = pool_strdup(&app->pool, normal);
	free(normal);
	for (const char *from = copy; *from; from++) {
		if (*from == '\r' && from[1] == '\n')
			continue;
		*to++ = *from == '\r' ? '\n' : *from;
	}
	*to = '\0';
	while (to > copy && (to[-1] == ' ' || to[-1] == '\n' || to[-1] == '\t'))
		*--to = '\0';
	while (*copy == ' ' || *copy == '\n' || *copy == '\t')
		copy++;
	return copy;
}

const char *digits_latin(struct app *app, const char *text)
{
	char *out = pool_alloc(&app->pool, strlen(text) + 1);
	char *to = out;

	while (*text) {
		unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];
		bool arabic = first == 0xd9 && second >= 0xa0 && second <= 0xa9;
		bool persian = first == 0xdb && second >= 0xb0 && second <= 0xb9;

		if (arabic || persian) {
			*to++ = (char)('0' + (second & 0x0f));
			text += 2;
		} else {
			*to++ = *text++;
		}
	}
	return out;
}

/* yes and no in the three languages; Kurdish with both spellings of its last letter */
static int yes_or_no(const char *text)
{
	static const char *const yes[] = { "yes", "y", "true", "نعم", "بەڵێ", "ئەرێ" };
	static const char *const no[] = { "no", "n", "false", "لا", "كلا", "نەخێر", "نا" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (strcasecmp(text, yes[i]) == 0)
			return 1;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (strcasecmp(text, no[i]) == 0)
			return 0;
	return -1;
}

static bool refuse_kind(struct app *app, const struct value_want *want, const char *expected,
			const char *given, struct failure_field *problem)
{
	refuse(problem, "CELL_KIND");
	problem_place(app, problem, "cell", want->cell);
	problem_place(app, problem, "expected", expected);
	problem_place(app, problem, "given", given);
	return false;
}

/* The day on which what is not available will be there. */
static bool parse_date(struct app *app, const char *typed, const struct value_want *want,
		       struct value_read *out, struct failure_field *problem)
{
	out->expected_on = digits_latin(app, typed);
	if (!typed[0]) {
		refuse(problem, "DATE_MISSING");
		problem_place(app, problem, "cell", want->cell);
		return false;
	}
	if (value_is_date(out->expected_on))
		return true;
	refuse(problem, "DATE_BAD");
	problem_place(app, problem, "text", typed);
	return false;
}

static bool parse_blank(struct app *app, const char *typed, const struct value_want *want,
			struct value_read *out, struct failure_field *problem)
{
	char *word = pool_strdup(&app->pool, typed);
	char *colon = strchr(word, ':');

	if (colon)
		*colon++ = '\0';
	out->value->kind_case = INAP__V1__VALUE__KIND_BLANK;
	out->value->blank = value_blank_by_name(word[0] == '@' ? word + 1 : word);
	if (out->value->blank == INAP__V1__BLANK__BLANK_UNSPECIFIED)
		return refuse_kind(app, want,
				   "@not_applicable, @not_collected, @withheld, @not_available",
				   typed, problem);
	if (out->value->blank != INAP__V1__BLANK__BLANK_NOT_AVAILABLE && !colon)
		return true;
	return parse_date(app, colon ? colon : want->expected_on, want, out, problem);
}

/* NULL: *problem says why. */
static char *parse_number(struct app *app, const char *typed, struct failure_field *problem)
{
	struct number number;
	enum number_fault fault = number_read(typed, &number);

	if (fault == NUMBER_OK)
		return pool_strdup(&app->pool, number.text);
	refuse(problem, "NUMBER_BAD");
	problem_place(app, problem, "text", typed);
	problem_place(app, problem, "hint",
		      sentence(&app->pool, _(number_hint_text(fault, &number)), "one", number.one,
			       "other", number.other, NULL));
	return NULL;
}

static bool parse_ratio(struct app *app, const char *typed, struct value_read *out,
			struct failure_field *problem)
{
	Inap__V1__Ratio *ratio = pool_alloc(&app->pool, sizeof *ratio);
	const char *slash = strchr(typed, '/');

	inap__v1__ratio__init(ratio);
	out->value->kind_case = INAP__V1__VALUE__KIND_RATIO;
	out->value->ratio = ratio;
	ratio->numerator = parse_number(
		app, pool_strndup(&app->pool, typed, (size_t)(slash - typed)), problem);
	if (!ratio->numerator)
		return false;
	ratio->denominator = parse_number(app, slash + 1, problem);
	return ratio->denominator != NULL;
}

static bool parse_figure(struct app *app, const char *typed, const struct value_want *want,
			 struct value_read *out, struct failure_field *problem)
{
	char *figure;

	if (strchr(typed, '/'))
		return want->half ? refuse_kind(app, want,
						want->half == 'n' ? "numerator" : "denominator",
						"ratio", problem)
				  : parse_ratio(app, typed, out, problem);
	figure = parse_number(app, typed, problem);
	if (!figure)
		return false;
	if (want->half == 'n') {
		out->value->kind_case = INAP__V1__VALUE__KIND_NUMERATOR;
		out->value->numerator = figure;
	} else if (want->half == 'd') {
		out->value->kind_case = INAP__V1__VALUE__KIND_DENOMINATOR;
		out->value->denominator = figure;
	} else {
		out->value->kind_case = INAP__V1__VALUE__KIND_NUMBER;
		out->value->number = figure;
	}
	return true;
}

static void clear_put(struct app *app, struct value_read *out)
{
	out->value->kind_case = INAP__V1__VALUE__KIND_CLEARED;
	out->value->cleared = pool_alloc(&app->pool, sizeof *out->value->cleared);
	inap__v1__cleared__init(out->value->cleared);
}

/* A text of no words is no answer, in quotes or out of them. */
static void text_put(struct app *app, struct value_read *out, const char *text, size_t length)
{
	const char *words = text_clean(app, pool_strndup(&app->pool, text, length));

	if (!words || !words[0]) {
		clear_put(app, out);
		return;
	}
	out->value->kind_case = INAP__V1__VALUE__KIND_TEXT;
	out->value->text = pool_strdup(&app->pool, words);
}

bool unit_takes_words(const char *unit)
{
	return strcmp(unit, "text") == 0 || strcmp(unit, "names") == 0;
}

bool value_wants_quotes(const char *text)
{
	size_t length = strlen(text), quotes = strspn(text, "\"");
	char word[64] = "";
	size_t inside;

	if (length < 2 * quotes)
		return false;
	for (size_t i = 0; i < quotes; i++)
		if (text[length - 1 - i] != '"')
			return false;
	inside = strcspn(text + quotes, ":\"");
	if (inside >= sizeof word)
		return false;
	memcpy(word, text + quotes, inside);
	return value_blank_by_word(word) != INAP__V1__BLANK__BLANK_UNSPECIFIED;
}

/* Text by its quotes, or by what the cell wants; a file's quotes are part of it. */
static bool parse_text(struct app *app, const char *text, const struct value_want *want,
		       struct value_read *out)
{
	size_t length = strlen(text);
	bool wanted = unit_takes_words(want->unit);
	bool quoted = length >= 2 && text[0] == '"' && text[length - 1] == '"';

	if (quoted && (!(wanted && want->filed) || value_wants_quotes(text)))
		text_put(app, out, text + 1, length - 2);
	else if (wanted)
		text_put(app, out, text, length);
	else
		return false;
	return true;
}

/* @not_available:2024-11-30; in a file its name alone does, but where a text is wanted. */
static bool is_blank(struct app *app, const char *text, const struct value_want *want)
{
	bool text_unit = unit_takes_words(want->unit);
	const char *name = pool_strndup(&app->pool, text, strcspn(text, ":"));

	if (text[0] == '@')
		return !text_unit || value_blank_by_word(name);
	return want->filed && !text_unit && value_blank_by_name(name);
}

bool value_parse(struct app *app, const char *typed, const struct value_want *want,
		 struct value_read *out, struct failure_field *problem)
{
	const char *text = text_clean(app, typed);
	size_t length = text ? strlen(text) : 0;

	out->expected_on = "";
	out->value = pool_alloc(&app->pool, sizeof *out->value);
	inap__v1__value__init(out->value);
	if (!text) {
		refuse(problem, "BAD_TEXT");
		problem_place(app, problem, "field", want->cell);
		problem_place(app, problem, "why", text_reason(TEXT_UTF8));
		return false;
	}
	if (length == 0) {
		clear_put(app, out);
		return true;
	}
	if (is_blank(app, text, want))
		return parse_blank(app, text, want, out, problem);
	if (strcmp(want->unit, "names") == 0 && strcmp(digits_latin(app, text), "0") == 0)
		return parse_figure(app, text, want, out, problem); /* none to name */
	if (parse_text(app, text, want, out))
		return true;
	if ((want->unit[0] == '\0' || strcmp(want->unit, "yes_no") == 0) && yes_or_no(text) >= 0) {
		out->value->kind_case = INAP__V1__VALUE__KIND_YES_NO;
		out->value->yes_no = yes_or_no(text) == 1;
		return true;
	}
	if (strcmp(want->unit, "yes_no") == 0)
		return refuse_kind(app, want, "yes_no", text, problem);
	return parse_figure(app, text, want, out, problem);
}
