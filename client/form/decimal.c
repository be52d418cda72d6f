/* Numbers and days as spreadsheets keep them. Decimal arithmetic on digits: nothing is a double. */
#include "client/form/decimal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/app.h"

/* 0.DIGITS x 10^point; no leading zeros. */
struct decimal {
	bool negative;
	char digits[DECIMAL_DIGITS + 2]; /* the last one decides the rounding */
	size_t count;
	long point;
};

/* Further digits than count only shift the point. */
static const char *digits_take(struct decimal *decimal, const char *text, bool fraction)
{
	for (; isdigit((unsigned char)*text); text++) {
		bool leading = decimal->count == 0 && *text == '0';

		if (fraction ? leading : !leading)
			decimal->point += fraction ? -1 : 1;
		if (!leading && decimal->count <= DECIMAL_DIGITS)
			decimal->digits[decimal->count++] = *text;
	}
	return text;
}

static bool decimal_read(const char *text, struct decimal *decimal)
{
	const char *from;

	*decimal = (struct decimal){ .negative = *text == '-' };
	from = text += *text == '-' || *text == '+';
	text = digits_take(decimal, text, false);
	if (*text == '.')
		text = digits_take(decimal, text + 1, true);
	if (text == from || (text == from + 1 && *from == '.'))
		return false;
	if (*text == 'e' || *text == 'E') {
		char *end;
		long exponent = strtol(text + 1, &end, 10);

		if (end == text + 1 || exponent > 400 || exponent < -400)
			return false;
		decimal->point += exponent;
		text = end;
	}
	return *text == '\0';
}

static void decimal_round(struct decimal *decimal)
{
	size_t at = DECIMAL_DIGITS;
	bool up = decimal->count > at && decimal->digits[at] >= '5';

	if (decimal->count > at)
		decimal->count = at;
	while (up && decimal->count > 0) {
		char *last = &decimal->digits[decimal->count - 1];

		up = *last == '9';
		if (up)
			decimal->count--;
		else
			++*last;
	}
	if (up) { /* it was nothing but nines */
		decimal->digits[0] = '1';
		decimal->count = 1;
		decimal->point++;
	}
	while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0')
		decimal->count--;
}

static char digit_at(const struct decimal *decimal, long at)
{
	return at >= 0 && (size_t)at < decimal->count ? decimal->digits[at] : '0';
}

const char *decimal_of(struct app *app, const char *text, int shift)
{
	struct decimal decimal;
	char *out, *to;

	if (!decimal_read(text, &decimal))
		return NULL;
	decimal_round(&decimal);
	decimal.point += shift;
	if (decimal.count == 0)
		return "0";
	if (decimal.point > 40 || decimal.point < -40)
		return NULL;
	out = to = pool_alloc(&app->pool, 128);
	if (decimal.negative)
		*to++ = '-';
	if (decimal.point <= 0)
		*to++ = '0';
	for (long i = 0; i < decimal.point; i++)
		*to++ = digit_at(&decimal, i);
	if ((long)decimal.count > decimal.point) {
		*to++ = '.';
		for (long i = decimal.point; i < (long)decimal.count; i++)
			*to++ = digit_at(&decimal, i);
	}
	return out;
}

bool decimal_fits(const char *number)
{
	size_t significant = 0, zeros = 0;

	for (; *number; number++) {
		if (!isdigit((unsigned char)*number) || (significant == 0 && *number == '0'))
			continue;
		zeros = *number == '0' ? zeros + 1 : 0;
		significant++;
	}
	return significant - zeros <= DECIMAL_DIGITS;
}

const char *decimal_day(struct app *app, const char *text, bool from_1904)
{
	enum { UNIX_DAY = 25569, DAYS_1904 = 1462, LAST_DAY = 2958465 };
	const char *number = decimal_of(app, text, 0);
	long day = number ? strtol(number, NULL, 10) + (from_1904 ? DAYS_1904 : 0) : 0;
	time_t seconds;
	struct tm date;

	if (day < 1 || day > LAST_DAY)
		return NULL;
	/* 1900 has a 29 February there, so that days up to it are one ahead. */
	seconds = ((time_t)day - UNIX_DAY + (day < 60)) * 86400;
	if (!gmtime_r(&seconds, &date))
		return NULL;
	return pool_printf(&app->pool, "%04d-%02d-%02d", date.tm_year + 1900, date.tm_mon + 1,
			   date.tm_mday);
}
