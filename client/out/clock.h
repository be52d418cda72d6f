/* Times for people: Asia/Baghdad, which is three hours before UTC all year. */
#ifndef INAP_CLIENT_OUT_CLOCK_H
#define INAP_CLIENT_OUT_CLOCK_H

#include <stdint.h>

struct app;

/* No zone data is needed: Iraq keeps +03:00 since 2008, and a bare system has none. */
enum { CLOCK_BAGHDAD_S = 3 * 3600 };

/** "2024-10-15 23:59" of "2024-10-15T20:59:59Z"; what is no such moment stays as it is. */
const char *clock_moment(struct app *app, const char *iso);
/** "2024-10-15" of it. */
const char *clock_day(struct app *app, const char *iso);
/** "2024-10-15T20:59:59Z" of a day and seconds after its beginning in UTC, which may be below 0. */
const char *clock_iso(struct app *app, const char *day, int seconds);
/** "10:42" of seconds since 1970; with the day in front where that is not today. */
const char *clock_time(struct app *app, int64_t seconds);

#endif
