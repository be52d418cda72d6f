/* Folding between words. libsmartcols would cut words, and cut Arabic letters change their shape.
 */
#include "client/out/fold.h"

#include <string.h>

#include <utf8proc.h>

#include "client/pool.h"

static size_t part_width(const char *text, size_t length)
{
	size_t width = 0;

	while (length > 0) {
		utf8proc_int32_t point;
		utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)text,
							  (utf8proc_ssize_t)length, &point);

		if (taken <= 0)
			break;
		width += (size_t)utf8proc_charwidth(point);
		text += taken;
		length -= (size_t)taken;
	}
	return width;
}

size_t text_width(const char *text)
{
	return part_width(text, strlen(text));
}

const char *text_fold(struct pool *pool, const char *text, size_t width)
{
	char *out, *blank = NULL;
	size_t taken = 0;

	if (width == 0 || text_width(text) <= width)
		return text;
	out = pool_strdup(pool, text);
	for (char *at = out; *at;) {
		size_t length = strcspn(at, " "), word = part_width(at, length);

		if (blank && taken + 1 + word > width) {
			*blank = '\n';
			taken = word;
		} else {
			taken += word + (blank ? 1 : 0);
		}
		blank = at + length;
		at = blank + (*blank ? 1 : 0);
	}
	return out;
}
