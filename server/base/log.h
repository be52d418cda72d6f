/**
 * The log: one logfmt line per event on stderr, `time=... level=info event=listening address=...`.
 *
 * A line is begun, given typed keys and ended. Values are quoted and escaped, so that nothing a
 * peer sends can forge a line or move a terminal's cursor. Never log field text, passwords, tokens
 * or SQL parameters.
 *
 * Ownership  a line lives on the caller's stack; keys and events are literals.
 * Errors     none; a line that cannot be written is lost.
 * Limits     LOG_LINE_BYTES a line; what does not fit is left out and the line ends in cut=yes.
 * Threads    any: each line is one write(2).
 */
#ifndef INAP_BASE_LOG_H
#define INAP_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/error.h"

enum { LOG_LINE_BYTES = 2048, LOG_TRACE_BYTES = 16 };

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

struct log_line {
	size_t length;
	bool off; /* below the level: every call does nothing */
	bool cut;
	char text[LOG_LINE_BYTES];
};

/** Lines below this level are dropped; LOG_LEVEL_INFO at start. */
void log_level_set(enum log_level level);
bool log_level_by_name(const char *name, enum log_level *level) __attribute__((warn_unused_result));
const char *log_level_name(enum log_level level);
/** Where lines go; 2 at start. */
void log_descriptor_set(int descriptor);

void log_begin(struct log_line *line, enum log_level level, const char *event);
void log_text(struct log_line *line, const char *key, const char *value);
void log_number(struct log_line *line, const char *key, int64_t value);
void log_bool(struct log_line *line, const char *key, bool value);
void log_hex(struct log_line *line, const char *key, const void *data, size_t bytes);
/** trace=<32 hex digits>. */
void log_trace(struct log_line *line, const uint8_t trace[LOG_TRACE_BYTES]);
/** code=NAME and each argument under its own name. */
void log_error(struct log_line *line, const struct error *error);
void log_end(struct log_line *line);

/** A whole line of (key, const char *value) pairs ended by NULL. */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

#endif
