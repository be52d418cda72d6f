/**
 * Time: monotonic for deadlines, wall for people.
 *
 * Threads    any.
 */
#ifndef INAP_BASE_CLOCK_H
#define INAP_BASE_CLOCK_H

#include <stdint.h>

enum { CLOCK_ISO_BYTES = 32 };

/** Monotonic, microseconds. */
int64_t clock_us(void);
/** Monotonic, milliseconds. */
int64_t clock_ms(void);
/** Since 1970 UTC, milliseconds. */
int64_t clock_wall_ms(void);
/** wall_ms as ISO 8601 in UTC with milliseconds, "2024-10-01T07:30:00.250Z"; returns out. */
const char *clock_iso(int64_t wall_ms, char out[CLOCK_ISO_BYTES]);

#endif
