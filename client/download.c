/* Files fetched in pieces: into a file beside the one wanted, which takes its name when the hash is
 * right. */
#include "client/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/app.h"
#include "client/call.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/link_lost.h"
#include "proto/filetype.h"

/* The file that grows. */
struct part {
	const char *path;
	int fd;
	uint64_t have;
};

static bool bad(struct app *app, const char *file)
{
	return fail_with(app, ERROR_FILE_BAD, "file", file, "why", _(strerror(errno)), NULL);
}

/* ".minutes.pdf.0b1c2d3e.part" beside the file, so that another file's part is never gone on with.
 */
static const char *part_path(struct app *app, const char *file, const ProtobufCBinaryData *sha256)
{
	const char *slash = strrchr(file, '/');
	size_t folder = slash ? (size_t)(slash + 1 - file) : 0;
	uint8_t head[4] = { 0 };

	memcpy(head, sha256->data, sha256->len < sizeof head ? sha256->len : sizeof head);
	return pool_printf(&app->pool, "%.*s.%s.%02x%02x%02x%02x.part", (int)folder, file,
			   file + folder, head[0], head[1], head[2], head[3]);
}

static bool part_open(struct app *app, struct part *part, uint64_t bytes)
{
	struct stat info;

	part->fd = open(part->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (part->fd < 0 || fstat(part->fd, &info) != 0)
		return bad(app, part->path);
	part->have = (uint64_t)info.st_size;
	if (part->have > bytes && ftruncate(part->fd, 0) == 0)
		part->have = 0;
	return true;
}

static bool part_add(struct app *app, struct part *part, const ProtobufCBinaryData *data)
{
	for (size_t done = 0; done < data->len;) {
		ssize_t written = pwrite(part->fd, data->data + done, data->len - done,
					 (off_t)(part->have + done));

		if (written < 0 && errno != EINTR)
			return bad(app, part->path);
		done += written > 0 ? (size_t)written : 0;
	}
	part->have += data->len;
	return true;
}

bool evidence_read(struct app *app, const Inap__V1__ReportRef *report, uint64_t number,
		   uint64_t offset, Inap__V1__EvidenceReadReply **reply)
{
	Inap__V1__EvidenceRead request = INAP__V1__EVIDENCE_READ__INIT;
	Inap__V1__ReportRef ref = *report;
	ProtobufCMessage *message = NULL;

	request.report = &ref;
	request.number = number;
	request.offset = offset;
	if (!exchange_call(app, METHOD_EVIDENCE_READ, &request.base, &message))
		return false;
	*reply = (Inap__V1__EvidenceReadReply *)message;
	return true;
}

static bool strange(struct app *app)
{
	return fail_with(app, ERROR_UNSUPPORTED, "why", _("the answer is too large"), NULL);
}

static bool part_fill(struct app *app, struct part *part, const struct download *download)
{
	const Inap__V1__Evidence *evidence = download->evidence;
	struct link_lost lost = { .bytes = evidence->bytes, .command = download->command };

	if (part->have > 0 && part->have < evidence->bytes)
		link_lost_note(app, &lost, part->have);
	while (part->have < evidence->bytes) {
		Inap__V1__EvidenceReadReply *reply = NULL;

		if (!evidence_read(app, download->report, evidence->number, part->have, &reply)) {
			if (!link_lost_again(app, &lost, part->have))
				return false;
			continue;
		}
		if (reply->data.len == 0 || reply->data.len > evidence->bytes - part->have)
			return strange(app);
		if (!part_add(app, part, &reply->data))
			return false;
	}
	return true;
}

/* Are these the bytes? What was left by an earlier run may be anything. */
static bool part_good(struct app *app, const struct part *part, const Inap__V1__Evidence *evidence)
{
	uint8_t *bytes = pool_alloc(&app->pool, evidence->bytes + 1);
	uint8_t hash[HASH_BYTES];

	if (pread(part->fd, bytes, evidence->bytes, 0) != (ssize_t)evidence->bytes)
		return false;
	digest_sha256(bytes, evidence->bytes, hash);
	return evidence->sha256.len == sizeof hash &&
	       memcmp(hash, evidence->sha256.data, sizeof hash) == 0;
}

static bool part_whole(struct app *app, struct part *part, const struct download *download)
{
	bool resumed = part->have > 0;

	if (!part_fill(app, part, download))
		return false;
	if (part_good(app, part, download->evidence))
		return true;
	part->have = 0;
	if (ftruncate(part->fd, 0) != 0)
		return bad(app, part->path);
	if (resumed && part_fill(app, part, download) && part_good(app, part, download->evidence))
		return true;
	return !app->failure.set && fail_with(app, ERROR_TAMPERED, "what", download->evidence->name,
					      "why", _("its bytes do not have its hash"), NULL);
}

bool download_file(struct app *app, const struct download *download)
{
	const Inap__V1__Evidence *evidence = download->evidence;
	struct part part = { .path = part_path(app, download->file, &evidence->sha256) };
	bool ok;

	if (evidence->bytes > FILE_BYTES_MAX)
		return strange(app);
	if (!part_open(app, &part, evidence->bytes))
		return false;
	ok = part_whole(app, &part, download);
	if (ok && (fsync(part.fd) != 0 || rename(part.path, download->file) != 0))
		ok = bad(app, download->file);
	close(part.fd);
	return ok;
}
