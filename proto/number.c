/* Exact decimals as text: validity, sign and comparison without arithmetic. */
#include "proto/number.h"

#include <assert.h>
#include <string.h>

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

bool number_valid(const char *text)
{
	size_t n = 0;

	if (*text == '-')
		text++;
	n = digits(text);
	if (n < 1 || n > NUMBER_WHOLE_MAX)
		return false;
	text += n;
	if (*text == '\0')
		return true;
	if (*text++ != '.')
		return false;
	n = digits(text);
	return n >= 1 && n <= NUMBER_FRACTION_MAX && text[n] == '\0';
}

bool number_is_zero(const char *text)
{
	return text[strspn(text, "-0.")] == '\0';
}

int number_sign(const char *text)
{
	if (number_is_zero(text))
		return 0;
	return *text == '-' ? -1 : 1;
}

bool number_is_whole(const char *text)
{
	const char *point = strchr(text, '.');

	return point == NULL || point[1 + strspn(point + 1, "0")] == '\0';
}

/* Digits of a number without sign and leading zeros; *whole is how many stand before the point. */
static const char *magnitude(const char *text, size_t *whole)
{
	if (*text == '-')
		text++;
	text += strspn(text, "0");
	*whole = digits(text);
	return text;
}

static int magnitude_compare(const char *a, const char *b)
{
	size_t whole_a = 0, whole_b = 0;

	a = magnitude(a, &whole_a);
	b = magnitude(b, &whole_b);
	if (whole_a != whole_b)
		return whole_a < whole_b ? -1 : 1;
	int order = memcmp(a, b, whole_a);
	if (order != 0)
		return order;
	a += whole_a;
	b += whole_b;
	a += *a == '.';
	b += *b == '.';
	/* A digit that is not there is 0. */
	while (*a != '\0' || *b != '\0') {
		int digit_a = *a == '\0' ? '0' : *a++;
		int digit_b = *b == '\0' ? '0' : *b++;
		if (digit_a != digit_b)
			return digit_a - digit_b;
	}
	return 0;
}

int number_compare(const char *a, const char *b)
{
	int sign_a = number_sign(a), sign_b = number_sign(b);

	assert(number_valid(a) && number_valid(b));
	if (sign_a != sign_b)
		return sign_a - sign_b;
	return sign_a < 0 ? magnitude_compare(b, a) : magnitude_compare(a, b);
}
