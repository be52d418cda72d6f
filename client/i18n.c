/* Language of the run, names in three languages, and sentences with named places. */
#include "client/i18n.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/words.h"
#include "proto/text.h"

#ifndef INAP_LOCALEDIR
#define INAP_LOCALEDIR "/usr/local/share/locale"
#endif

static enum language language = LANGUAGE_EN;
static bool arab_digits;

static const char *const codes[] = { "en", "ar", "ckb" };

/* Beside the program first, so that a build tree speaks all languages; INAP_LOCALEDIR for tests. */
static const char *catalogue_dir(char *buffer, size_t size)
{
	const char *given = getenv("INAP_LOCALEDIR");
	ssize_t length;
	char *slash;

	if (given && given[0])
		return given;
	length = readlink("/proc/self/exe", buffer, size - sizeof "/../locale");
	if (length <= 0)
		return INAP_LOCALEDIR;
	buffer[length] = '\0';
	slash = strrchr(buffer, '/');
	if (!slash)
		return INAP_LOCALEDIR;
	strcpy(slash, "/../locale");
	return access(buffer, R_OK) == 0 ? buffer : INAP_LOCALEDIR;
}

void language_set(enum language wanted)
{
	char buffer[4096];

	language = wanted;
	/* LANGUAGE counts only where the locale is not C, and C.UTF-8 is on every Debian. */
	setlocale(LC_ALL, "C.UTF-8");
	setenv("LANGUAGE", codes[wanted], 1);
	bindtextdomain("inap", catalogue_dir(buffer, sizeof buffer));
	bind_textdomain_codeset("inap", "UTF-8");
	textdomain("inap");
}

enum language language_now(void)
{
	return language;
}

bool language_by_code(const char *code, enum language *wanted)
{
	for (int i = 0; i < 3; i++) {
		if (strcmp(codes[i], code) != 0)
			continue;
		*wanted = (enum language)i;
		return true;
	}
	return false;
}

const char *name_text(const Inap__V1__Name *name)
{
	const char *text = "";

	if (!name)
		return "";
	if (language == LANGUAGE_AR)
		text = name->ar;
	else if (language == LANGUAGE_CKB)
		text = name->ckb;
	return text && text[0] ? text : name->en;
}

void digits_set(bool arab)
{
	arab_digits = arab;
}

const char *digits_shape(struct pool *pool, const char *text)
{
	char *out, *at;

	if (!arab_digits)
		return text;
	at = out = pool_alloc(pool, 2 * strlen(text) + 1);
	for (; *text; text++) {
		if (*text >= '0' && *text <= '9') { /* U+0660 to U+0669 */
			*at++ = '\xd9';
			*at++ = (char)(0xa0 + (*text - '0'));
		} else if (*text == '.') { /* U+066B */
			*at++ = '\xd9';
			*at++ = '\xab';
		} else {
			*at++ = *text;
		}
	}
	return out;
}

/* A code keeps its digits; what has no letter is a figure or a date. */
static bool is_figure(const char *text)
{
	bool digit = false;

	for (; *text; text++) {
		if (*text >= '0' && *text <= '9')
			digit = true;
		else if (!strchr(".-/: %+", *text))
			return false;
	}
	return digit;
}

static const char *value_text(struct pool *pool, const struct place *place)
{
	const char *value = word_in_place(pool, place->name, place->value ? place->value : "");
	char *safe = text_printable(value, false);
	char *copy = pool_strdup(pool, safe);

	free(safe);
	return is_figure(copy) ? digits_shape(pool, copy) : copy;
}

static const struct place *place_find(const struct place *places, size_t count, const char *name,
				      size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(places[i].name) == length && strncmp(places[i].name, name, length) == 0)
			return &places[i];
	return NULL;
}

/* A name may come in three languages: {name} is then name_ar where that is the language. */
static const struct place *place_own(const struct place *places, size_t count, const char *name,
				     size_t length)
{
	static const char *const own[] = { "", "name_ar", "name_ckb" };
	const struct place *place;

	if (language != LANGUAGE_EN && length == 4 && strncmp(name, "name", 4) == 0) {
		place = place_find(places, count, own[language], strlen(own[language]));
		if (place && place->value && place->value[0])
			return place;
	}
	return place_find(places, count, name, length);
}

char *sentence_fill(struct pool *pool, const char *text, const struct place *places, size_t count)
{
	char *out = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&out, &size);
	char *copy;

	if (!stream)
		return pool_strdup(pool, text);
	while (*text) {
		const char *end = *text == '{' ? strchr(text, '}') : NULL;
		const struct place *place =
			end ? place_own(places, count, text + 1, (size_t)(end - text - 1)) : NULL;

		if (place) {
			fputs(value_text(pool, place), stream);
			text = end + 1;
		} else {
			fputc(*text++, stream);
		}
	}
	fclose(stream);
	copy = pool_strndup(pool, out ? out : "", size);
	free(out);
	return copy;
}

char *sentence(struct pool *pool, const char *text, ...)
{
	struct place places[FAILURE_PLACES_MAX];
	size_t count = 0;
	va_list pairs;
	const char *name;

	va_start(pairs, text);
	while (count < FAILURE_PLACES_MAX && (name = va_arg(pairs, const char *)) != NULL) {
		const char *value = va_arg(pairs, const char *);

		places[count++] = (struct place){ name, value };
	}
	va_end(pairs);
	return sentence_fill(pool, text, places, count);
}

char *number_text(struct pool *pool, uint64_t number)
{
	return pool_printf(pool, "%llu", (unsigned long long)number);
}
