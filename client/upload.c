/* Files sent in pieces. */
#include "client/upload.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/app.h"
#include "client/call.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/link_lost.h"
#include "client/pending.h"
#include "proto/filetype.h"

enum { NOTE_BYTES_MAX = 16384 };

static bool refuse(struct app *app, const char *file, const char *why)
{
	return fail_with(app, ERROR_FILE_BAD, "file", file, "why", why, NULL);
}

static bool bytes_read(struct app *app, const char *file, struct upload *upload)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;
	ssize_t got = 1;

	if (fd < 0)
		return refuse(app, file, _(strerror(errno)));
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		close(fd);
		return refuse(app, file,
			      S_ISDIR(info.st_mode) ? _(strerror(EISDIR)) : _("it is no file"));
	}
	if (info.st_size > FILE_BYTES_MAX) {
		close(fd);
		return fail_with(app, ERROR_TOO_LARGE, "what", "a file", "limit", "20 MiB", NULL);
	}
	upload->bytes = pool_alloc(&app->pool, (size_t)info.st_size + 1);
	while (upload->length < (size_t)info.st_size && got > 0) {
		got = read(fd, upload->bytes + upload->length,
			   (size_t)info.st_size - upload->length);
		upload->length += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	return got >= 0 || refuse(app, file, _(strerror(errno)));
}

bool upload_read(struct app *app, const char *file, struct upload *upload)
{
	struct file_judged judged;
	struct file_piece piece;

	*upload = (struct upload){ .file = file };
	if (!bytes_read(app, file, upload))
		return false;
	judged = filetype_of(upload->bytes, upload->length);
	if (!judged.found)
		judged.found = filetype_named(file);
	if (judged.found)
		return fail_with(app, ERROR_EVIDENCE_TYPE, "file", file, "found", judged.found,
				 NULL);
	piece = (struct file_piece){ 0, upload->length, upload->bytes,
				     filetype_cut(upload->bytes, upload->length, 0) };
	upload->first = filetype_judge(&piece, NULL).type;
	digest_sha256(upload->bytes, upload->length, upload->sha256);
	return true;
}

/* ---- what is remembered */

static const char *note_name(struct app *app, const struct upload *upload, const char *report)
{
	const char *name = state_name(app, report);

	return pool_printf(&app->pool, "%s-%02x%02x%02x%02x%02x%02x", name, upload->sha256[0],
			   upload->sha256[1], upload->sha256[2], upload->sha256[3],
			   upload->sha256[4], upload->sha256[5]);
}

static bool note_keep(struct app *app, const struct upload *upload, const char *report,
		      const char *command)
{
	const char *folder = state_folder(app, app->config.profile, "uploads");
	const char *text =
		pool_printf(&app->pool, "user=%s\nreport=%s\nbytes=%zu\nfile=%s\ncommand=%s\n",
			    app->login.user, report, upload->length, upload->file, command);

	return folder &&
	       state_write(app, folder, note_name(app, upload, report), text, strlen(text));
}

void upload_forget(struct app *app, const struct upload *upload, const char *report)
{
	const char *folder = state_folder(app, app->config.profile, "uploads");

	if (folder)
		unlink(pool_printf(&app->pool, "%s/%s", folder, note_name(app, upload, report)));
}

static const char *note_line(char *text, const char *name)
{
	size_t length = strlen(name);

	for (char *line = text; line && *line;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (strncmp(line, name, length) == 0 && line[length] == '=')
			return line + length + 1;
	return "";
}

static const char *note_value(struct app *app, char *text, const char *name)
{
	const char *value = note_line(text, name);

	return pool_strndup(&app->pool, value, strcspn(value, "\n"));
}

struct unfinished *upload_unfinished(struct app *app, const char *report, size_t *count)
{
	const char *folder = state_folder(app, app->config.profile, "uploads");
	struct dirent **names = NULL;
	int found = folder ? scandir(folder, &names, NULL, alphasort) : 0;
	struct unfinished *list =
		pool_alloc(&app->pool, (found > 0 ? (size_t)found + 1 : 1) * sizeof *list);

	*count = 0;
	for (int i = 0; i < found; i++) {
		size_t length;
		char *text = names[i]->d_name[0] == '.'
				     ? NULL
				     : state_read(app,
						  pool_printf(&app->pool, "%s/%s", folder,
							      names[i]->d_name),
						  NOTE_BYTES_MAX, &length);

		free(names[i]);
		if (!text || strcmp(note_value(app, text, "report"), report) != 0 ||
		    strcmp(note_value(app, text, "user"), app->login.user) != 0)
			continue;
		list[(*count)++] =
			(struct unfinished){ .file = note_value(app, text, "file"),
					     .command = note_value(app, text, "command"),
					     .bytes = strtoull(note_value(app, text, "bytes"), NULL,
							       10) };
	}
	free(names);
	return list;
}

/* ---- sending */

/* What the server said it has, in the refusal of a piece that was not the next. */
static uint64_t have_of(const struct app *app)
{
	for (size_t i = 0; i < app->failure.places_count; i++)
		if (strcmp(app->failure.places[i].name, "have") == 0)
			return strtoull(app->failure.places[i].value, NULL, 10);
	return 0;
}

static bool piece_send(struct app *app, const struct upload *upload,
		       const Inap__V1__EvidenceAttach *attach, uint64_t *have)
{
	Inap__V1__EvidenceChunk request = INAP__V1__EVIDENCE_CHUNK__INIT;
	/* A piece that comes twice is taken twice: nothing need be kept on disk. */
	const struct write write = { .method = METHOD_EVIDENCE_CHUNK,
				     .request = &request.base,
				     .report = "",
				     .dry_run = true };
	size_t length = filetype_cut(upload->bytes, upload->length, *have);
	uint8_t hash[HASH_BYTES];
	ProtobufCMessage *reply = NULL;

	digest_sha256(upload->bytes + *have, length, hash);
	request.report = attach->report;
	request.base_revision = attach->base_revision;
	request.sha256 = attach->sha256;
	request.bytes = upload->length;
	request.type = pool_strdup(&app->pool, upload->first);
	request.offset = *have;
	request.data = (ProtobufCBinaryData){ length, upload->bytes + *have };
	request.data_sha256 = (ProtobufCBinaryData){ sizeof hash, hash };
	request.name = attach->name;
	if (!write_call(app, &write, &reply))
		return false;
	*have = ((const Inap__V1__EvidenceChunkReply *)reply)->have;
	return true;
}

static bool begin(struct app *app, const Inap__V1__EvidenceAttach *request, uint64_t *have,
		  bool *whole)
{
	ProtobufCMessage *reply = NULL;

	if (!exchange_call(app, METHOD_EVIDENCE_BEGIN, &request->base, &reply))
		return false;
	*have = ((const Inap__V1__EvidenceBeginReply *)reply)->have;
	*whole = ((const Inap__V1__EvidenceBeginReply *)reply)->whole;
	return true;
}

static void progress(const struct app *app, uint64_t have, uint64_t bytes)
{
	if (app->options.given[OPT_QUIET] || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%llu/%llu KiB%s", (unsigned long long)have / 1024,
		(unsigned long long)bytes / 1024, have == bytes ? "\n" : "");
}

/* What the server refused of a piece can be mended by sending another: what it has not, or all
 * again. */
static bool mended(struct app *app, uint64_t *have, bool *again)
{
	if (app->failure.code == ERROR_EVIDENCE_OFFSET && have_of(app) != *have) {
		*have = have_of(app);
	} else if (app->failure.code == ERROR_EVIDENCE_HASH && !*again) {
		*again = true;
		*have = 0;
	} else {
		return false;
	}
	failure_clear(&app->failure);
	return true;
}

bool upload_send(struct app *app, const struct upload *upload, Inap__V1__EvidenceAttach *request,
		 const char *report, const char *command)
{
	struct link_lost lost = { .bytes = upload->length, .command = command };
	uint64_t have = 0;
	bool whole = false, again = false;

	while (!begin(app, request, &have, &whole))
		if (!link_lost_again(app, &lost, 0))
			return false;
	if (whole)
		return true;
	if (!note_keep(app, upload, report, command))
		return false;
	if (have > 0)
		link_lost_note(app, &lost, have);
	while (have < upload->length) {
		progress(app, have, upload->length);
		if (!piece_send(app, upload, request, &have) && !mended(app, &have, &again) &&
		    !link_lost_again(app, &lost, have)) {
			if (app->failure.code == ERROR_EVIDENCE_TYPE)
				upload_forget(app, upload, report);
			return false;
		}
	}
	progress(app, have, upload->length);
	return true;
}
