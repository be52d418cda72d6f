/* Which passwords are good enough: length, and what is left of them without the words and patterns
 * that everybody tries first. */
#include "server/rpc/password.h"

#include <string.h>

#include "proto/text.h"
#include "proto/utf8.h"

enum { WORTH_MIN = 8, PATTERN_MIN = 3, USER_MIN = 3 };

static const char *const common_words[] = {
#define PASSWORD_WORD(text) text,
#define PASSWORD_ROW(text)
#include "server/rpc/password_words.def"
#undef PASSWORD_WORD
#undef PASSWORD_ROW
};

static const char *const key_rows[] = {
#define PASSWORD_WORD(text)
#define PASSWORD_ROW(text) text,
#include "server/rpc/password_words.def"
#undef PASSWORD_WORD
#undef PASSWORD_ROW
};

/* Text as code points, lower case in ASCII, without what parts words. */
struct points {
	size_t count;
	uint32_t at[PASSWORD_BYTES_MAX];
};

static bool parts_words(uint32_t c)
{
	return c == ' ' || c == '-' || c == '_' || c == '.' || c == ',' || c == 0xa0 || c == 0x200c;
}

static void points_of(const char *text, struct points *points)
{
	size_t left = strlen(text), step;
	uint32_t c;

	points->count = 0;
	for (; (step = utf8_get(text, left, &c)) > 0 && points->count < PASSWORD_BYTES_MAX;
	     text += step, left -= step) {
		if (c >= 'A' && c <= 'Z') {
			c += 'a' - 'A';
		}
		if (!parts_words(c)) {
			points->at[points->count++] = c;
		}
	}
}

/* The letter that a digit or sign stands for in p4$$w0rd. */
static uint32_t unmasked(uint32_t c)
{
	static const char masks[] = "0o1i3e4a5s7t@a$s!i";

	for (const char *m = masks; *m; m += 2) {
		if (c == (uint32_t)(unsigned char)m[0]) {
			return (uint32_t)(unsigned char)m[1];
		}
	}
	return c;
}

/* How many points at `from` spell the word; 0: they do not. */
static size_t spells(const struct points *password, size_t from, const char *word)
{
	size_t left = strlen(word), n = 0, step;
	uint32_t c;

	for (; (step = utf8_get(word, left, &c)) > 0; word += step, left -= step, n++) {
		if (from + n >= password->count ||
		    (password->at[from + n] != c && unmasked(password->at[from + n]) != c)) {
			return 0;
		}
	}
	return n;
}

static size_t longest_word(const struct points *password, size_t from)
{
	size_t longest = 0;

	for (size_t i = 0; i < sizeof common_words / sizeof *common_words; i++) {
		size_t n = spells(password, from, common_words[i]);

		longest = n > longest ? n : longest;
	}
	return longest;
}

/* aaa, abc, 987: points at one and the same distance of at most one. */
static size_t longest_run(const struct points *password, size_t from)
{
	size_t n = 1;
	int64_t step = 0;

	while (from + n < password->count) {
		int64_t next = (int64_t)password->at[from + n] - password->at[from + n - 1];

		if (next < -1 || next > 1 || (n > 1 && next != step)) {
			break;
		}
		step = next;
		n++;
	}
	return n;
}

/* Points that stand beside each other in a row of keys, forwards or backwards. */
static size_t along_row(const struct points *password, size_t from, const char *text, int step)
{
	struct points row;
	size_t longest = 0;

	points_of(text, &row);
	for (size_t start = 0; start < row.count; start++) {
		size_t n = 0;
		int64_t at = (int64_t)start;

		while (from + n < password->count && at >= 0 && at < (int64_t)row.count &&
		       password->at[from + n] == row.at[at]) {
			at += step;
			n++;
		}
		longest = n > longest ? n : longest;
	}
	return longest;
}

static size_t longest_row(const struct points *password, size_t from)
{
	size_t longest = 0;

	for (size_t i = 0; i < sizeof key_rows / sizeof *key_rows; i++) {
		size_t ahead = along_row(password, from, key_rows[i], 1);
		size_t back = along_row(password, from, key_rows[i], -1);

		longest = ahead > longest ? ahead : longest;
		longest = back > longest ? back : longest;
	}
	return longest;
}

static bool digit_at(const struct points *password, size_t i)
{
	return i < password->count && password->at[i] >= '0' && password->at[i] <= '9';
}

/* 1987, 2024, 1325. */
static size_t longest_year(const struct points *password, size_t from)
{
	uint32_t first = password->at[from];

	for (size_t i = from; i < from + 4; i++) {
		if (!digit_at(password, i)) {
			return 0;
		}
	}
	return first == '1' || first == '2' ? 4 : 0;
}

/* The points of the shortest part that the whole repeats; all of them where it repeats none. */
static size_t period_of(const struct points *password)
{
	for (size_t period = 1; period <= password->count / 2; period++) {
		size_t i = period;

		while (i < password->count && password->at[i] == password->at[i - period]) {
			i++;
		}
		if (i == password->count) {
			return period;
		}
	}
	return password->count;
}

/* How many points are neither of a word nor of a pattern. */
static size_t worth_of(const struct points *password)
{
	size_t worth = 0, i = 0, end = period_of(password);

	while (i < end) {
		size_t n = longest_word(password, i);
		size_t run = longest_run(password, i);
		size_t row = longest_row(password, i);
		size_t year = longest_year(password, i);

		n = run > n ? run : n;
		n = row > n ? row : n;
		n = year > n ? year : n;
		worth += n >= PATTERN_MIN ? 0 : 1;
		i += n >= PATTERN_MIN ? n : 1;
	}
	return worth;
}

static bool holds_user(const struct points *password, const char *user)
{
	struct points name;

	points_of(user, &name);
	if (name.count < USER_MIN) {
		return false;
	}
	for (size_t i = 0; i + name.count <= password->count; i++) {
		if (memcmp(&password->at[i], name.at, name.count * sizeof *name.at) == 0) {
			return true;
		}
	}
	return false;
}

const char *password_refused(const char *password, const char *user)
{
	struct text_rule rule = { .bytes_max = PASSWORD_BYTES_MAX };
	enum text_fault fault = text_check(password, strlen(password), &rule);
	const char *why = NULL;
	struct points points;

	if (fault == TEXT_BYTES) {
		return "it has more than 128 bytes";
	}
	if (fault != TEXT_OK) {
		return text_reason(fault);
	}
	if (text_points(password) < PASSWORD_POINTS_MIN) {
		return "it has fewer than 15 characters";
	}
	points_of(password, &points);
	if (holds_user(&points, user)) {
		why = "it contains the user name";
	} else if (period_of(&points) < WORTH_MIN) {
		why = "it repeats itself";
	} else if (worth_of(&points) < WORTH_MIN) {
		why = "it is made of words and patterns that are tried first";
	}
	explicit_bzero(&points, sizeof points);
	return why;
}
