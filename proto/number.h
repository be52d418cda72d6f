/**
 * Exact decimals: the form that travels, and the strict reading of what a person typed.
 *
 * A number is text, `-?[0-9]{1,18}(\.[0-9]{1,20})?`, from the keyboard to the database and back;
 * nothing here, and nothing anywhere, makes a double of it. Rules for typed numbers: PROTOCOL.md,
 * "Numbers".
 *
 * Ownership  the caller's struct.
 * Errors     a number_fault; each comes with a hint that says what to write instead.
 * Limits     18 digits before the point, 20 after.
 * Threads    any.
 */
#ifndef INAP_PROTO_NUMBER_H
#define INAP_PROTO_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

enum {
	NUMBER_WHOLE_MAX = 18,
	NUMBER_FRACTION_MAX = 20,
	NUMBER_TEXT_BYTES = 1 + NUMBER_WHOLE_MAX + 1 + NUMBER_FRACTION_MAX + 1,
	NUMBER_HINT_BYTES = 160
};

/** Why a typed number is refused. The examples are refused with it. */
enum number_fault {
	NUMBER_OK,
	NUMBER_EMPTY,     /* nothing but spaces and marks */
	NUMBER_AMBIGUOUS, /* 1,234: thousands or a decimal? */
	NUMBER_COMMA,     /* 12,5 or 1.234,5: a comma as decimal sign */
	NUMBER_GROUPS,  /* 12,34,5 or 1.234.567: groups that are not thousands, or grouped by points
			 */
	NUMBER_POINT,   /* 12. or .5: a decimal sign without digits on both sides */
	NUMBER_SIGN,    /* 5-: the sign stands behind */
	NUMBER_SCRIPTS, /* digits of two scripts */
	NUMBER_EXPONENT,  /* 1e5 */
	NUMBER_CHARACTER, /* anything else: 0x10, NaN, inf, 1 234 with a plain space */
	NUMBER_LONG,      /* more than 18 digits before the point, or 20 after */
	NUMBER_FAULTS
};

struct number {
	char text[NUMBER_TEXT_BYTES];  /* canonical; "" when refused */
	bool percent;                  /* a percent sign stood with it */
	char one[NUMBER_TEXT_BYTES];   /* refused: what was probably meant, or "" */
	char other[NUMBER_TEXT_BYTES]; /* NUMBER_AMBIGUOUS: the other reading */
};

/** Is this the form that travels? Leading zeros are; number_read() never makes them. */
bool number_valid(const char *text);

/**
 * Reads what was typed, bytes of any kind. Leading zeros go (007 is 7), a minus before zero goes,
 * digits after the point stay as typed (12.50 is 12.50).
 */
enum number_fault number_read(const char *typed, struct number *out);
/** The hint's sentence with places {one} and {other}, a key for translations. */
const char *number_hint_text(enum number_fault fault, const struct number *number);
/** The hint in English: "write 1234 or 1.234". Returns out. */
const char *number_hint(enum number_fault fault, const struct number *number,
			char out[NUMBER_HINT_BYTES]);

/* The rest takes valid numbers only (number_valid()). */

/** -1, 0 or 1. */
int number_sign(const char *text);
bool number_is_zero(const char *text);
/** No digit but 0 after the point. */
bool number_is_whole(const char *text);
/** Below, equal or above 0 as a is below, equal or above b; exact: 1.50 equals 1.5. */
int number_compare(const char *a, const char *b);

#endif
