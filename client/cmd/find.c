/* Folding for search: what one keyboard types is found in what another typed. */
#include "client/cmd/find.h"

#include <string.h>

#include <utf8proc.h>

#include "client/pool.h"

enum { HEH = 0x0647, AE = 0x06d5, ZWNJ = 0x200c };

/* Letters that count as another; 0: it does not count at all. */
static const struct {
	utf8proc_int32_t point, as;
} folds[] = {
	{ 0x064a, 0x06cc }, /* yeh of Arabic keyboards */
	{ 0x0649, 0x06cc }, /* yeh without dots */
	{ 0x0643, 0x06a9 }, /* kaf of Arabic keyboards */
	{ 0x06be, HEH },    /* heh of some Kurdish keyboards */
	{ 0x0629, HEH },    /* teh marbuta, often typed as heh */
	{ 0x0640, 0 },      /* a line that stretches */
	{ ZWNJ, 0 },
};

/* Code points, folded in place. */
struct points {
	utf8proc_int32_t *list;
	size_t count;
};

static utf8proc_int32_t fold(utf8proc_int32_t point)
{
	static const utf8proc_int32_t zeros[] = { 0x0660, 0x06f0 };

	for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
		if (point >= zeros[i] && point <= zeros[i] + 9)
			return '0' + (point - zeros[i]);
	for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++)
		if (point == folds[i].point)
			return folds[i].as;
	return point;
}

static struct points points_of(struct pool *pool, const char *text)
{
	const utf8proc_option_t how =
		UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
	utf8proc_ssize_t length = (utf8proc_ssize_t)strlen(text);
	utf8proc_ssize_t count = utf8proc_decompose(bytes, length, NULL, 0, how);
	struct points points = { 0 };

	if (count <= 0)
		return points;
	points.list = pool_alloc(pool, (size_t)count * sizeof points.list[0]);
	utf8proc_decompose(bytes, length, points.list, count, how);
	for (utf8proc_ssize_t i = 0; i < count; i++) {
		utf8proc_int32_t point = points.list[i];

		/* Before Unicode had the Kurdish vowel it was typed as these two. */
		if (point == HEH && i + 1 < count && points.list[i + 1] == ZWNJ)
			point = AE;
		point = fold(point);
		if (point != 0)
			points.list[points.count++] = point;
	}
	return points;
}

bool text_holds(struct pool *pool, const char *text, const char *word)
{
	struct points all = points_of(pool, text), wanted = points_of(pool, word);

	for (size_t at = 0; wanted.count > 0 && at + wanted.count <= all.count; at++)
		if (memcmp(all.list + at, wanted.list, wanted.count * sizeof wanted.list[0]) == 0)
			return true;
	return false;
}

bool named(struct pool *pool, const char *code, const Inap__V1__Name *name, const char *word)
{
	return text_holds(pool, code, word) ||
	       (name && (text_holds(pool, name->en, word) || text_holds(pool, name->ar, word) ||
			 text_holds(pool, name->ckb, word)));
}
