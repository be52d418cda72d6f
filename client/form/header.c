/* The header of a file of values. */
#include "client/form/header.h"

#include <string.h>

#include "client/app.h"
#include "client/form/value.h"
#include "client/i18n.h"

/* How forms of ours name the columns; lower case and NFC. */
static const char *const headings[ROLE_COUNT][3] = {
	[ROLE_CELL] = { "cell", "الخلية", "خانە" },
	[ROLE_VALUE] = { "value", "القيمة", "بەها" },
	[ROLE_NOTE] = { "note", "الملاحظة", "تێبینی" },
	[ROLE_EXPECTED_ON] = { "expected_on", "التاريخ المتوقع", "بەرواری چاوەڕوانکراو" },
	[ROLE_WHAT] = { "what", "البيان", "بابەت" },
	[ROLE_UNIT] = { "unit", "وحدة القياس", "یەکەی پێوان" },
	[ROLE_KIND] = { "kind", "نوع القيمة", "جۆری بەها" },
	[ROLE_PREVIOUS] = { "last value", "القيمة السابقة", "بەهای پێشوو" },
};

/* How people name them too. */
static const struct {
	const char *name;
	enum role role;
} others[] = {
	{ "expected on", ROLE_EXPECTED_ON },
	{ "خلية", ROLE_CELL },
	{ "الخانة", ROLE_CELL },
	{ "خانة", ROLE_CELL },
	{ "قيمة", ROLE_VALUE },
	{ "ملاحظة", ROLE_NOTE },
	{ "متوقع في", ROLE_EXPECTED_ON },
	{ "تاريخ التوفر المتوقع", ROLE_EXPECTED_ON },
	{ "نرخ", ROLE_VALUE },
	{ "چاوەڕوانکراو لە", ROLE_EXPECTED_ON },
};

const char *header_name(enum role role)
{
	return headings[role][language_now()];
}

/* No heading is as long, with blanks around it or not; a sheet of long texts is passed over. */
enum { HEADING_MAX = 256 };

static int role_of(struct app *app, const char *heading)
{
	const char *clean = NULL;

	if (heading[0] && strnlen(heading, HEADING_MAX) < HEADING_MAX)
		clean = text_clean(app, heading);

	for (int role = 0; clean && role < ROLE_COUNT; role++)
		for (int language = 0; language < 3; language++)
			if (strcasecmp(headings[role][language], clean) == 0)
				return role;
	for (size_t i = 0; clean && i < sizeof others / sizeof *others; i++)
		if (strcasecmp(others[i].name, clean) == 0)
			return (int)others[i].role;
	return -1;
}

void header_take(struct app *app, const char *const *found, size_t count, struct header *header)
{
	*header = (struct header){ .unknown = NULL };
	for (int role = 0; role < ROLE_COUNT; role++)
		header->column[role] = -1;
	for (size_t i = 0; i < count; i++) {
		int role = role_of(app, found[i]);

		if (role >= 0 && header->column[role] < 0) {
			header->column[role] = (int)i;
		} else if (!header->unknown && (role >= 0 || found[i][0])) {
			header->unknown = found[i];
			header->unknown_column = i;
		}
	}
}

bool header_whole(const struct header *header)
{
	return header->column[ROLE_CELL] >= 0 && header->column[ROLE_VALUE] >= 0;
}

const char *header_missing(struct app *app, const struct header *header)
{
	const char *missing = "";

	for (int role = ROLE_CELL; role <= ROLE_VALUE; role++)
		if (header->column[role] < 0)
			missing = pool_printf(&app->pool, "%s%s%s", missing, missing[0] ? ", " : "",
					      headings[role][LANGUAGE_EN]);
	return missing;
}
