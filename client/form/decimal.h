/* Numbers and days as spreadsheets keep them: binary doubles, and days counted from 1900 or 1904.
 */
#ifndef INAP_CLIENT_FORM_DECIMAL_H
#define INAP_CLIENT_FORM_DECIMAL_H

#include <stdbool.h>

struct app;

enum { DECIMAL_DIGITS = 15 };

/**
 * The decimal that a person typed, from the double that was stored for it: rounded to
 * DECIMAL_DIGITS significant digits, without exponent and trailing zeros, its point moved `shift`
 * places to the right. NULL: text is no number, or far too large or small.
 */
const char *decimal_of(struct app *app, const char *text, int shift);
/** Can a spreadsheet keep this exact decimal as a number? */
bool decimal_fits(const char *number);
/** "2024-10-31" of day 45596; NULL: text is no day from 1900 to 9999. */
const char *decimal_day(struct app *app, const char *text, bool from_1904);

#endif
