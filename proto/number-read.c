/* The strict reading of typed numbers: three scripts of digits, one meaning or none. */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "proto/number.h"
#include "proto/utf8.h"

enum { TOKENS_MAX = 128 };

/*
 * Typed text as one ASCII character a code point: digits as themselves, and
 *   . ,  as typed        d  Arabic decimal sign       g  Arabic thousands sign
 *   s    grouping space  c  Arabic comma              -  any minus     %  any percent sign
 *   ' '  plain space     ?  what no number holds; other ASCII as typed
 */
struct tokens {
	char text[TOKENS_MAX];
	size_t count;
	unsigned scripts; /* a bit for each script of digits seen */
	bool overflow;
};

struct sign {
	uint32_t point;
	char token; /* 0: dropped */
};

/* Marks that pasted numbers carry unseen, and the signs that the region writes (PLATFORM, number
 * entry). */
static const struct sign signs[] = {
	{ 0x061c, 0 },   { 0x200e, 0 },   { 0x200f, 0 },   { 0x202a, 0 },   { 0x202b, 0 },
	{ 0x202c, 0 },   { 0x202d, 0 },   { 0x202e, 0 },   { 0x2066, 0 },   { 0x2067, 0 },
	{ 0x2068, 0 },   { 0x2069, 0 },   { 0xfeff, 0 },   { 0x066b, 'd' }, { 0x066c, 'g' },
	{ 0x00a0, 's' }, { 0x202f, 's' }, { 0x060c, 'c' }, { 0x2212, '-' }, { 0x066a, '%' },
};

static char ascii_token(uint32_t point)
{
	if (point == '\t' || point == '\n' || point == '\r')
		return ' ';
	if (point < 0x20 || point > 0x7e)
		return '?';
	/* Letters of our own alphabet above must not be taken for what they stand for. */
	if (strchr("dgsc", (int)point) != NULL)
		return '?';
	return (char)point;
}

static void token_add(struct tokens *tokens, char token)
{
	if (tokens->count == TOKENS_MAX - 1)
		tokens->overflow = true;
	else
		tokens->text[tokens->count++] = token;
}

static void point_add(struct tokens *tokens, uint32_t point)
{
	static const uint32_t zeros[] = { '0', 0x0660, 0x06f0 };

	for (unsigned i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
		if (point >= zeros[i] && point <= zeros[i] + 9) {
			tokens->scripts |= 1U << i;
			token_add(tokens, (char)('0' + (point - zeros[i])));
			return;
		}
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (point == signs[i].point) {
			if (signs[i].token != 0)
				token_add(tokens, signs[i].token);
			return;
		}
	token_add(tokens, ascii_token(point));
}

static void tokens_read(const char *typed, struct tokens *tokens)
{
	size_t left = strlen(typed);

	*tokens = (struct tokens){ 0 };
	while (left > 0) {
		uint32_t point = 0xfffd;
		size_t size = utf8_get(typed, left, &point);
		size = size == 0 ? 1 : size;
		point_add(tokens, point);
		typed += size;
		left -= size;
	}
}

static bool is_space(char token)
{
	return token == ' ' || token == 's';
}

/* What lies between signs: tokens from start to end, both of the same array. */
struct core {
	const char *start;
	const char *end;
	bool negative;
	bool percent;
};

static void core_trim(struct core *core)
{
	while (core->start < core->end && is_space(*core->start))
		core->start++;
	while (core->start < core->end && is_space(core->end[-1]))
		core->end--;
}

/* Takes one sign and one percent sign off the front, in any order, or a percent sign off the end.
 */
static void core_peel(struct core *core)
{
	bool sign = false;

	core_trim(core);
	while (core->start < core->end) {
		char token = *core->start;
		if ((token == '-' || token == '+') && !sign) {
			sign = true;
			core->negative = token == '-';
		} else if (token == '%' && !core->percent) {
			core->percent = true;
		} else {
			break;
		}
		core->start++;
		core_trim(core);
	}
	if (core->start < core->end && core->end[-1] == '%' && !core->percent) {
		core->percent = true;
		core->end--;
		core_trim(core);
	}
}

static size_t core_count(const struct core *core, const char *set)
{
	size_t n = 0;

	for (const char *at = core->start; at < core->end; at++)
		n += strchr(set, *at) != NULL;
	return n;
}

static const char *core_last(const struct core *core, const char *set)
{
	for (const char *at = core->end; at > core->start; at--)
		if (strchr(set, at[-1]) != NULL)
			return at - 1;
	return NULL;
}

static void digits_append(char *out, size_t *used, const char *from, const char *end)
{
	for (; from < end; from++)
		if (isdigit((unsigned char)*from))
			out[(*used)++] = *from;
}

static const char *skip_to_digit(const char *at, const char *end, bool zeros_too)
{
	while (at < end && (!isdigit((unsigned char)*at) || (zeros_too && *at == '0')))
		at++;
	return at;
}

/*
 * The canonical number that has its decimal sign at point (NULL: none); everything else between
 * digits is ignored. Writes "" and gives false where that is no valid number.
 */
static bool number_make(const struct core *core, const char *point, char out[NUMBER_TEXT_BYTES])
{
	const char *whole_end = point == NULL ? core->end : point;
	const char *start = skip_to_digit(core->start, whole_end, true);
	const char *fraction = skip_to_digit(whole_end, core->end, false);
	char made[2 * TOKENS_MAX] = "";
	size_t used = 0;

	if (core->negative)
		made[used++] = '-';
	if (start == whole_end)
		made[used++] = '0';
	digits_append(made, &used, start, whole_end);
	if (fraction < core->end)
		made[used++] = '.';
	digits_append(made, &used, fraction, core->end);

	out[0] = '\0';
	if (!number_valid(made))
		return false;
	strcpy(out, made + (core->negative && number_is_zero(made)));
	return true;
}

/* Is everything up to end digits in thousands, 1 to 3 and then 3 each? With any_divider, whatever
 * divides them. */
static bool grouped(const struct core *core, const char *end, bool any_divider)
{
	char divider = '\0';
	size_t run = 0;

	for (const char *at = core->start; at < end; at++) {
		if (isdigit((unsigned char)*at)) {
			run++;
			continue;
		}
		bool first = divider == '\0';
		if (run == 0 || run > 3 || (!first && run != 3))
			return false;
		if (!first && *at != divider && !any_divider)
			return false;
		divider = *at;
		run = 0;
	}
	if (divider == '\0')
		return run > 0;
	return run == 3 && *core->start != '0';
}

/*
 * A hint must not lead to another figure: where the groups are no thousands, nobody knows what was
 * meant, and no form is proposed.
 */
static enum number_fault groups_refuse(const struct core *core, struct number *out)
{
	if (grouped(core, core->end, true))
		number_make(core, NULL, out->one);
	return NUMBER_GROUPS;
}

/* Commas and no other decimal sign: thousands, a decimal comma, or either. */
static enum number_fault commas_read(const struct core *core, struct number *out)
{
	const char *comma = core_last(core, ",");
	bool several = core_count(core, ",gs") > 1;
	bool decimal = core_count(core, ",") == 1 && core_last(core, ",gs") == comma &&
		       grouped(core, comma, false);

	if (several && grouped(core, core->end, false))
		return number_make(core, NULL, out->text) ? NUMBER_OK : NUMBER_LONG;
	if (several && !decimal)
		return groups_refuse(core, out);
	if (!grouped(core, core->end, true)) {
		number_make(core, comma, out->one);
		return NUMBER_COMMA;
	}
	number_make(core, NULL, out->one);
	number_make(core, comma, out->other);
	return NUMBER_AMBIGUOUS;
}

/* A whole number, possibly grouped by signs that mean nothing else. */
static enum number_fault whole_read(const struct core *core, struct number *out)
{
	if (!grouped(core, core->end, false))
		return groups_refuse(core, out);
	return number_make(core, NULL, out->text) ? NUMBER_OK : NUMBER_LONG;
}

/* One decimal sign of the right kind, groups before it only. */
static enum number_fault decimal_read(const struct core *core, const char *point,
				      struct number *out)
{
	struct core fraction = { .start = point + 1, .end = core->end };

	if (point == core->start || point + 1 == core->end) {
		number_make(core, point == core->start ? point : NULL, out->one);
		return NUMBER_POINT;
	}
	if (core_count(&fraction, ",") == 1 && core_count(core, ",gs") == 1) {
		const char *comma = core_last(core, ",");
		if (grouped(core, comma, false))
			number_make(core, comma, out->one);
		return NUMBER_COMMA;
	}
	if (core_count(&fraction, ",gs") > 0 || !grouped(core, point, false))
		return NUMBER_GROUPS;
	return number_make(core, point, out->text) ? NUMBER_OK : NUMBER_LONG;
}

static enum number_fault separators_read(const struct core *core, struct number *out)
{
	size_t points = core_count(core, ".d");

	if (points > 1)
		return groups_refuse(core, out); /* 1.234.567, the way of other offices */
	if (points == 1)
		return decimal_read(core, core_last(core, ".d"), out);
	return core_count(core, ",") > 0 ? commas_read(core, out) : whole_read(core, out);
}

/* 1e5, 1.5E-3: digits, an e, an exponent. */
static bool is_exponent(const struct core *core)
{
	const char *e = core_last(core, "eE");

	if (e == NULL || e == core->start || !isdigit((unsigned char)e[-1]))
		return false;
	e++;
	if (e < core->end && (*e == '-' || *e == '+'))
		e++;
	return e < core->end && isdigit((unsigned char)*e);
}

/* Whatever holds a character that no number holds. */
static enum number_fault strange_read(const struct core *core, struct number *out)
{
	struct core inner = *core;
	const char *comma = core_last(core, "c");

	if (is_exponent(core))
		return NUMBER_EXPONENT;
	if (inner.end[-1] == '-' || inner.end[-1] == '+') {
		inner.negative = *--inner.end == '-';
		core_trim(&inner);
		if (core_count(&inner, "0123456789.") == (size_t)(inner.end - inner.start) &&
		    inner.start < inner.end && core_count(&inner, ".") < 2)
			number_make(&inner, core_last(&inner, "."), out->one);
		return NUMBER_SIGN;
	}
	size_t plain = core_count(core, "0123456789");
	size_t all = (size_t)(core->end - core->start);
	if (comma != NULL && plain == all - 1) {
		number_make(core, comma, out->one);
		return NUMBER_COMMA;
	}
	/* Plain spaces may divide thousands, or two numbers. */
	if (plain + core_count(core, " ") == all && grouped(core, core->end, false))
		number_make(core, NULL, out->one);
	return NUMBER_CHARACTER;
}

enum number_fault number_read(const char *typed, struct number *out)
{
	struct tokens tokens;
	struct core core;

	*out = (struct number){ 0 };
	tokens_read(typed, &tokens);
	if (tokens.overflow)
		return NUMBER_LONG;
	core = (struct core){ .start = tokens.text, .end = tokens.text + tokens.count };
	core_trim(&core);
	if (core.start == core.end)
		return NUMBER_EMPTY;
	core_peel(&core);
	out->percent = core.percent;
	if (core.start == core.end)
		return NUMBER_CHARACTER; /* a sign alone */
	if (core_count(&core, "0123456789.,dgs") != (size_t)(core.end - core.start))
		return strange_read(&core, out);
	if (core_count(&core, "0123456789") == 0)
		return NUMBER_CHARACTER;
	if ((tokens.scripts & (tokens.scripts - 1)) != 0) {
		if (core_count(&core, ",.dgs") == 0)
			number_make(&core, NULL, out->one);
		return NUMBER_SCRIPTS;
	}
	return separators_read(&core, out);
}

static const char *const hints[NUMBER_FAULTS] = {
	[NUMBER_OK] = "",
	[NUMBER_EMPTY] = "write a number, or a blank such as @not_collected",
	[NUMBER_AMBIGUOUS] = "write {one} or {other}",
	[NUMBER_COMMA] = "write a point before decimals, as in 1234.5",
	[NUMBER_GROUPS] = "write the digits without thousands signs, as in 1234.5",
	[NUMBER_POINT] = "write digits on both sides of the point, as in 0.5",
	[NUMBER_SIGN] = "write the minus before the number, as in -5",
	[NUMBER_SCRIPTS] = "write all digits in one script",
	[NUMBER_EXPONENT] = "write all digits, without e",
	[NUMBER_CHARACTER] = "write digits and at most one point, as in 1234.5",
	[NUMBER_LONG] = "write at most 18 digits before the point and 20 after it",
};

const char *number_hint_text(enum number_fault fault, const struct number *number)
{
	assert((unsigned)fault < NUMBER_FAULTS);
	if (fault != NUMBER_AMBIGUOUS && number->one[0] != '\0')
		return "write {one}";
	return hints[fault];
}

const char *number_hint(enum number_fault fault, const struct number *number,
			char out[NUMBER_HINT_BYTES])
{
	if (fault == NUMBER_AMBIGUOUS)
		snprintf(out, NUMBER_HINT_BYTES, "write %s or %s", number->one, number->other);
	else if (number->one[0] != '\0')
		snprintf(out, NUMBER_HINT_BYTES, "write %s", number->one);
	else
		snprintf(out, NUMBER_HINT_BYTES, "%s", number_hint_text(fault, number));
	return out;
}
