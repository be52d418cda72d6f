/* inap edition diff, verify: two editions side by side; bytes against their hash. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "client/app.h"
#include "client/cmd/edition.h"
#include "client/form/sheet.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"

enum { HASH_DIGITS = 64, HEAD_LINES = 8 };

/* ---- diff */

static int line_compare(const void *a, const void *b)
{
	const struct edition_line *const *x = a, *const *y = b;

	for (int i = 1; i <= 3; i++) {
		int order = strcmp((*x)->fields[i], (*y)->fields[i]);

		if (order != 0)
			return order;
	}
	return 0;
}

/* The lines of figures, by cell, jurisdiction and period. */
static const struct edition_line **figures_of(struct app *app, const struct edition_text *text,
					      size_t *count)
{
	const struct edition_line **list = pool_alloc(&app->pool, (text->count + 1) * sizeof *list);

	*count = 0;
	for (size_t i = 0; i < text->count; i++)
		if (strcmp(text->lines[i].fields[0], "figure") == 0)
			list[(*count)++] = &text->lines[i];
	qsort(list, *count, sizeof *list, line_compare);
	return list;
}

static bool same_answer(const struct edition_line *a, const struct edition_line *b)
{
	for (int i = 4; i <= 6; i++)
		if (strcmp(a->fields[i], b->fields[i]) != 0)
			return false;
	return true;
}

static void answer_put(struct app *app, struct view *view, json_t *one, const char *key,
		       const struct edition_line *line)
{
	const char *const *f = line ? line->fields : NULL;
	Inap__V1__Value *value = f ? edition_value(app, f[4], f[5], f[6]) : NULL;
	json_t *inner = json_object();

	if (f && strcmp(f[4], "hidden") == 0) {
		json_put_bool(inner, "hidden", true);
		view_both(view, _("hidden"), "hidden");
	} else {
		json_put_value(inner, value);
		view_value(view, value);
	}
	json_object_set_new(one, key, inner);
}

static void difference_put(struct app *app, struct view *view, json_t *list,
			   const struct edition_line *before, const struct edition_line *after)
{
	const struct edition_line *line = after ? after : before;
	json_t *one = json_object();

	if (before && after && same_answer(before, after)) {
		json_decref(one);
		return;
	}
	json_put_text(one, "cell", line->fields[1]);
	json_put_text(one, "jurisdiction", line->fields[2]);
	json_put_text(one, "period", line->fields[3]);
	view_code(view, line->fields[1]);
	view_word(view, line->fields[2]);
	view_code(view, line->fields[3]);
	answer_put(app, view, one, "before", before);
	answer_put(app, view, one, "after", after);
	json_array_append_new(list, one);
}

static void differences(struct app *app, const struct edition_text *before,
			const struct edition_text *after)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE },
		{ "before", _("BEFORE"), COLUMN_NUMBER },
		{ "after", _("AFTER"), COLUMN_NUMBER },
	};
	struct view *view = view_new(app, columns, 5);
	json_t *list = json_array();
	size_t old_count, new_count, i = 0, j = 0;
	const struct edition_line **old = figures_of(app, before, &old_count);
	const struct edition_line **now = figures_of(app, after, &new_count);

	while (i < old_count || j < new_count) {
		int order = i == old_count   ? 1
			    : j == new_count ? -1
					     : line_compare(&old[i], &now[j]);

		difference_put(app, view, list, order <= 0 ? old[i] : NULL,
			       order >= 0 ? now[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	out_json(app, list);
	out_view(app, view);
	if (view_rows(view) == 0)
		out_say(app, _("no figure differs"));
}

bool cmd_edition_diff(struct app *app)
{
	const Inap__V1__Edition *after = NULL, *before = NULL;
	const struct edition_text *now, *old;
	const char *other;

	now = edition_fetch(app, app->words[app->words_count - 1], &after);
	if (!now)
		return false;
	other = app->words_count > 1
			? app->words[0]
			: pool_printf(&app->pool, "%s:%s/%u", after->plan, after->period,
				      (unsigned)(after->number > 1 ? after->number - 1 : 0));
	if (app->words_count == 1 && after->number < 2)
		return fail_with(
			app, ERROR_USAGE, "why",
			_("it is the first of its period: name the one to compare it with"), NULL);
	old = edition_fetch(app, other, &before);
	if (!old)
		return false;
	differences(app, old, now);
	return true;
}

/* ---- verify */

/* A folder is no file, though it may have a round's name. */
static bool is_file(const char *word)
{
	struct stat info;

	return strcmp(word, "-") == 0 || (stat(word, &info) == 0 && !S_ISDIR(info.st_mode));
}

/* Whole, or not at all: half of it fits nothing, and that would be called tampering. */
static bool hash_given(struct app *app)
{
	const char *hash = option_text(app, OPT_HASH);

	if (!app->options.given[OPT_HASH] ||
	    (strlen(hash) == HASH_DIGITS && strspn(hash, "0123456789abcdefABCDEF") == HASH_DIGITS))
		return true;
	return fail_with(app, ERROR_USAGE, "why",
			 _("--hash is the whole SHA-256, 64 digits from 0 to f"), NULL);
}

/* The hash that the bytes should have: that of --hash, without a server; else the server's. */
static bool wanted_hash(struct app *app, const struct edition_text *text, const char **hash)
{
	const Inap__V1__Edition *edition;
	const Inap__V1__EditionListReply *reply = NULL;
	const char *word;

	*hash = option_text(app, OPT_HASH);
	if ((*hash)[0] || !text)
		return true;
	word = pool_printf(&app->pool, "%s:%s/%s", edition_word(text, "plan"),
			   edition_word(text, "period"), edition_word(text, "number"));
	if (!edition_find(app, word, &edition, &reply))
		return false;
	*hash = edition->sha256;
	return true;
}

static bool judged(struct app *app, const char *what, const char *hash, const char *wanted)
{
	json_t *answer;

	if (strcasecmp(hash, wanted) != 0)
		return fail_with(app, ERROR_TAMPERED, "what", what, "why",
				 _("its bytes do not have its hash"), NULL);
	answer = json_object();
	json_put_text(answer, "edition", what);
	json_put_text(answer, "sha256", hash);
	json_put_bool(answer, "verified", true);
	out_json(app, answer);
	out_say(app, sentence(&app->pool, _("{what} is unchanged: SHA-256 {hash}"), "what", what,
			      "hash", hash, NULL));
	return true;
}

static bool verify_file(struct app *app, const char *name)
{
	const struct edition_text *text;
	const char *wanted = NULL, *bytes;
	size_t length;

	bytes = file_bytes(app, name, EDITION_BYTES_MAX, &length);
	if (!bytes)
		return false;
	text = edition_read(app, bytes, length, HEAD_LINES);
	if (!wanted_hash(app, text, &wanted))
		return false;
	if (!text)
		return fail_with(app, ERROR_TAMPERED, "what", name, "why",
				 _("it is no whole edition"), NULL);
	return judged(app, name, edition_hash(app, bytes, length), wanted);
}

bool cmd_edition_verify(struct app *app)
{
	const Inap__V1__Edition *edition;
	const Inap__V1__EditionListReply *reply = NULL;
	const char *word = app->words[0], *bytes = NULL, *given = option_text(app, OPT_HASH);
	size_t length = 0;

	if (!hash_given(app))
		return false;
	if (is_file(word))
		return verify_file(app, word);
	if (!edition_find(app, word, &edition, &reply) ||
	    !edition_bytes(app, edition, &bytes, &length))
		return false;
	return judged(app, edition_code(app, edition), edition_hash(app, bytes, length),
		      given[0] ? given : edition->sha256);
}
