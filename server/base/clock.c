/* Time: monotonic for deadlines, wall for people. */
#include "server/base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t clock_read_us(clockid_t id)
{
	struct timespec now = { 0 };

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_us(void)
{
	return clock_read_us(CLOCK_MONOTONIC);
}

int64_t clock_ms(void)
{
	return clock_read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_wall_ms(void)
{
	return clock_read_us(CLOCK_REALTIME) / 1000;
}

const char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_BYTES])
{
	int64_t ms = wall_ms % 1000;
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm utc = { 0 };
	size_t length;

	if (ms < 0) {
		ms += 1000;
		seconds--;
	}
	gmtime_r(&seconds, &utc);
	length = strftime(out, CLOCK_ISO_BYTES, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(out + length, CLOCK_ISO_BYTES - length, ".%03dZ", (int)ms);
	return out;
}
