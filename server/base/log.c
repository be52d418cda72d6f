/* The log: one logfmt line per event on stderr. */
#include "server/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/hex.h"

/* room kept for " cut=yes\n" */
enum { LOG_TAIL_BYTES = 16, LOG_HEX_BYTES_MAX = 64 };

static const char *const log_names[] = { "debug", "info", "warning", "error" };
static enum log_level log_level_min = LOG_LEVEL_INFO;
static int log_descriptor = STDERR_FILENO;

void log_level_set(enum log_level level)
{
	log_level_min = level;
}

bool log_level_by_name(const char *name, enum log_level *level)
{
	for (size_t i = 0; i < sizeof(log_names) / sizeof(log_names[0]); i++) {
		if (strcmp(log_names[i], name) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

const char *log_level_name(enum log_level level)
{
	return log_names[level];
}

void log_descriptor_set(int descriptor)
{
	log_descriptor = descriptor;
}

static bool log_put(struct log_line *line, const char *text, size_t length)
{
	if (length > LOG_LINE_BYTES - LOG_TAIL_BYTES - line->length) {
		return false;
	}
	memcpy(line->text + line->length, text, length);
	line->length += length;
	return true;
}

static bool log_plain(const char *value)
{
	if (*value == '\0') {
		return false;
	}
	for (; *value; value++) {
		if (*value <= ' ' || *value >= 0x7f || *value == '"' || *value == '=' ||
		    *value == '\\') {
			return false;
		}
	}
	return true;
}

/* One byte as it may stand between quotes; everything but printable ASCII becomes an escape. */
static size_t log_escape(unsigned char byte, char out[5])
{
	switch (byte) {
	case '"':
	case '\\':
		out[0] = '\\';
		out[1] = (char)byte;
		return 2;
	case '\n':
		memcpy(out, "\\n", 2);
		return 2;
	case '\t':
		memcpy(out, "\\t", 2);
		return 2;
	default:
		break;
	}
	if (byte >= ' ' && byte < 0x7f) {
		out[0] = (char)byte;
		return 1;
	}
	memcpy(out, "\\x", 2);
	hex_encode(&byte, 1, out + 2);
	return 4;
}

static bool log_quoted(struct log_line *line, const char *value)
{
	bool fits = log_put(line, "\"", 1);

	for (; fits && *value; value++) {
		char escaped[5];

		fits = log_put(line, escaped, log_escape((unsigned char)*value, escaped));
	}
	return fits && log_put(line, "\"", 1);
}

static void log_pair(struct log_line *line, const char *key, const char *value)
{
	size_t before = line->length;
	bool fits;

	if (line->off) {
		return;
	}
	fits = (before == 0 || log_put(line, " ", 1)) && log_put(line, key, strlen(key)) &&
	       log_put(line, "=", 1);
	fits = fits &&
	       (log_plain(value) ? log_put(line, value, strlen(value)) : log_quoted(line, value));
	if (!fits) {
		line->length = before;
		line->cut = true;
	}
}

void log_begin(struct log_line *line, enum log_level level, const char *event)
{
	char now[CLOCK_ISO_BYTES];

	line->length = 0;
	line->cut = false;
	line->off = level < log_level_min;
	if (!line->off) {
		log_pair(line, "time", clock_iso(clock_wall_ms(), now));
		log_pair(line, "level", log_names[level]);
		log_pair(line, "event", event);
	}
}

void log_text(struct log_line *line, const char *key, const char *value)
{
	log_pair(line, key, value ? value : "");
}

void log_number(struct log_line *line, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	log_pair(line, key, text);
}

void log_bool(struct log_line *line, const char *key, bool value)
{
	log_pair(line, key, value ? "yes" : "no");
}

void log_hex(struct log_line *line, const char *key, const void *data, size_t bytes)
{
	char text[2 * LOG_HEX_BYTES_MAX + 1];

	hex_encode(data, bytes < LOG_HEX_BYTES_MAX ? bytes : LOG_HEX_BYTES_MAX, text);
	log_pair(line, key, text);
}

void log_trace(struct log_line *line, const uint8_t trace[LOG_TRACE_BYTES])
{
	log_hex(line, "trace", trace, LOG_TRACE_BYTES);
}

void log_error(struct log_line *line, const struct error *error)
{
	log_pair(line, "code", error->code == ERROR_NONE ? "NONE" : error_row(error->code)->name);
	for (unsigned i = 0; i < error->count; i++) {
		log_pair(line, error->arguments[i].name, error->arguments[i].value);
	}
}

void log_end(struct log_line *line)
{
	size_t done = 0;

	if (line->off) {
		return;
	}
	if (line->cut) {
		memcpy(line->text + line->length, " cut=yes", 8);
		line->length += 8;
	}
	line->text[line->length++] = '\n';
	while (done < line->length) {
		ssize_t n = write(log_descriptor, line->text + done, line->length - done);

		if (n < 0 && errno != EINTR) {
			return;
		}
		done += n > 0 ? (size_t)n : 0;
	}
}

void log_event(enum log_level level, const char *event, ...)
{
	struct log_line line;
	const char *key;
	va_list list;

	log_begin(&line, level, event);
	va_start(list, event);
	while ((key = va_arg(list, const char *)) != NULL) {
		log_text(&line, key, va_arg(list, const char *));
	}
	va_end(list);
	log_end(&line);
}
