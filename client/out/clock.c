/* Times for people. */
#include "client/out/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/app.h"
#include "client/i18n.h"

/* From the `from`th to before the `to`th byte of "2024-10-15 23:59". */
static const char *shape(struct app *app, int64_t seconds, size_t from, size_t to)
{
	time_t local = (time_t)seconds + CLOCK_BAGHDAD_S;
	struct tm parts;
	char text[32];

	if (!gmtime_r(&local, &parts) ||
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts) != 16)
		return "";
	return digits_shape(&app->pool, pool_strndup(&app->pool, text + from, to - from));
}

static bool moment_read(const char *iso, int64_t *seconds)
{
	struct tm parts = { 0 };
	const char *rest = iso ? strptime(iso, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;

	if (!rest)
		return false;
	*seconds = (int64_t)timegm(&parts);
	return true;
}

const char *clock_moment(struct app *app, const char *iso)
{
	int64_t seconds;

	return moment_read(iso, &seconds) ? shape(app, seconds, 0, 16) : iso ? iso : "";
}

const char *clock_day(struct app *app, const char *iso)
{
	int64_t seconds;

	return moment_read(iso, &seconds) ? shape(app, seconds, 0, 10) : iso ? iso : "";
}

const char *clock_iso(struct app *app, const char *day, int seconds)
{
	char text[32] = "";
	int64_t begin = 0;
	time_t moment;
	struct tm parts;

	moment_read(pool_printf(&app->pool, "%sT00:00:00Z", day), &begin);
	moment = (time_t)(begin + seconds);
	if (gmtime_r(&moment, &parts))
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
	return pool_strdup(&app->pool, text);
}

const char *clock_time(struct app *app, int64_t seconds)
{
	int64_t now = (int64_t)time(NULL);
	bool today = (now + CLOCK_BAGHDAD_S) / 86400 == (seconds + CLOCK_BAGHDAD_S) / 86400;

	return shape(app, seconds, today ? 11 : 0, 16);
}
