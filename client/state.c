/* What the client remembers on disk: folders, private files, the shown revisions. */
#include "client/state.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/app.h"
#include "client/i18n.h"

static bool bad(struct app *app, const char *path)
{
	return fail_with(app, ERROR_FILE_BAD, "file", path, "why", strerror(errno), NULL);
}

/* Every folder on the way; those we make are ours alone. */
static bool folder_make(struct app *app, char *path)
{
	for (char *at = path + 1;; at++) {
		char kept = *at;

		if (kept != '/' && kept != '\0')
			continue;
		*at = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return bad(app, path);
		*at = kept;
		if (kept == '\0')
			return true;
	}
}

const char *state_folder(struct app *app, const char *first, const char *second)
{
	const char *base = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	char *path;

	if (base && base[0])
		path = pool_printf(&app->pool, "%s/inap/%s", base, first);
	else
		path = pool_printf(&app->pool, "%s/.local/state/inap/%s", home ? home : "", first);
	if (second)
		path = pool_printf(&app->pool, "%s/%s", path, second);
	return folder_make(app, path) ? path : NULL;
}

const char *state_name(struct app *app, const char *text)
{
	char *name = pool_strdup(&app->pool, text);

	for (char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr(".:-", *at))
			*at = '_';
	if (name[0] == '.')
		name[0] = '_';
	return name;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

/* A rename is on disk only when its folder is. */
static bool folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

bool state_write(struct app *app, const char *folder, const char *name, const void *bytes,
		 size_t length)
{
	const char *path = pool_printf(&app->pool, "%s/%s", folder, name);
	const char *half = pool_printf(&app->pool, "%s/.%s.%ld", folder, name, (long)getpid());
	int fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fd, bytes, length) && fsync(fd) == 0;

	if (fd >= 0 && close(fd) != 0)
		ok = false;
	ok = ok && rename(half, path) == 0 && folder_sync(folder);
	if (ok)
		return true;
	bad(app, path);
	unlink(half);
	return false;
}

char *state_read(struct app *app, const char *path, size_t most, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat info;
	char *bytes = NULL;
	size_t have = 0;

	*length = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size >= 0 &&
	    (size_t)info.st_size <= most)
		bytes = pool_alloc(&app->pool, (size_t)info.st_size + 1);
	while (bytes && have < (size_t)info.st_size) {
		ssize_t got = read(fd, bytes + have, (size_t)info.st_size - have);

		if (got <= 0)
			break;
		have += (size_t)got;
	}
	close(fd);
	*length = have;
	return bytes;
}

enum { SEEN_BYTES_MAX = 4 << 20 };

static const char *seen_folder(struct app *app)
{
	const char *user = app->login.user ? app->login.user : "";

	return state_folder(app, app->config.profile,
			    pool_printf(&app->pool, "seen/%s", state_name(app, user)));
}

bool seen_get(struct app *app, const char *report, uint64_t *revision)
{
	const char *folder = seen_folder(app);
	char *end = NULL;
	char *text;
	size_t length;

	*revision = 0;
	if (!folder)
		return false;
	text = state_read(app, pool_printf(&app->pool, "%s/%s", folder, state_name(app, report)),
			  32, &length);
	if (!text || !isdigit((unsigned char)text[0]))
		return false;
	*revision = strtoull(text, &end, 10);
	return *end == '\n' || *end == '\0';
}

static void seen_write(struct app *app, const char *name, const char *text)
{
	const char *folder = seen_folder(app);

	if (folder && state_write(app, folder, state_name(app, name), text, strlen(text)))
		return;
	app_note(app, _("the revision that was shown could not be remembered"));
	failure_clear(&app->failure);
}

void seen_put(struct app *app, const char *report, uint64_t revision)
{
	seen_write(app, report, pool_printf(&app->pool, "%llu\n", (unsigned long long)revision));
}

/* What was shown of a kind: an object of revisions by name. */
static json_t *seen_many(struct app *app, const char *kind)
{
	const char *folder = seen_folder(app);
	json_t *all = NULL;
	char *text;
	size_t length;

	if (folder && (text = state_read(app, pool_printf(&app->pool, "%s/%s", folder, kind),
					 SEEN_BYTES_MAX, &length)))
		all = json_loadb(text, length, 0, NULL);
	if (json_is_object(all))
		return all;
	json_decref(all);
	return json_object();
}

uint64_t seen_one(struct app *app, const char *kind, const char *name)
{
	json_t *all = seen_many(app, kind);
	json_int_t revision = json_integer_value(json_object_get(all, name));

	json_decref(all);
	return revision > 0 ? (uint64_t)revision : 0;
}

void seen_many_put(struct app *app, const char *kind, json_t *revisions)
{
	json_t *all = seen_many(app, kind), *before = json_copy(all);
	char *text;

	json_object_update(all, revisions);
	if (!json_equal(all, before)) {
		text = json_dumps(all, JSON_INDENT(0) | JSON_SORT_KEYS);
		seen_write(app, kind, text ? text : "");
		free(text);
	}
	json_decref(before);
	json_decref(revisions);
	json_decref(all);
}
