/* Enrolment sheets as HTML. */
#include "client/out/letter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/value.h"
#include "proto/text.h"

/* clang-format off */
static const char style[] =
	"@page{size:A4;margin:12mm 14mm}"
	"*{box-sizing:border-box}"
	"body{margin:0;color:#111;background:#fff;font:10pt/1.4 'Noto Sans','Noto Naskh Arabic','Noto Sans Arabic',"
	"'Segoe UI',Tahoma,'DejaVu Sans',sans-serif}"
	".sheet{max-width:182mm;margin:0 auto;padding:2mm 0;break-after:page}"
	".sheet:last-child{break-after:auto}"
	"header{border:1.5pt solid #111;padding:3mm 5mm;margin-bottom:3mm}"
	"header div{display:flex;justify-content:space-between;align-items:center;gap:6mm}"
	"header p{margin:0}"
	".code{font:700 15pt/1.4 'DejaVu Sans Mono','Liberation Mono',Consolas,monospace;white-space:nowrap}"
	".print{font:7.5pt/1.6 'DejaVu Sans Mono','Liberation Mono',Consolas,monospace;overflow-wrap:anywhere}"
	"section section{border-top:.75pt solid #777;padding:1.5mm 0;text-align:start;break-inside:avoid}"
	"h2{font-size:12pt;margin:.5mm 0}"
	"p{margin:.7mm 0}"
	"ol{margin:.7mm 0;padding-inline-start:7mm}"
	"li{margin:.5mm 0}"
	"code{display:block;direction:ltr;text-align:left;unicode-bidi:isolate;overflow-wrap:anywhere;"
	"font:9pt/1.4 'DejaVu Sans Mono','Liberation Mono',Consolas,monospace}"
	".warn{font-weight:700;border-inline-start:3pt solid #111;padding-inline-start:3mm}";
/* clang-format on */

/* Where the page goes, and what all its sheets say. */
struct page {
	FILE *stream;
	struct app *app;
	const char *authority;
};

/* Text as HTML: what would turn lines or hide is gone, what is markup is escaped. */
static void put_text(const struct page *page, const char *text)
{
	char *safe = text_printable(text, false);

	for (const char *at = safe; *at; at++) {
		switch (*at) {
		case '&':
			fputs("&amp;", page->stream);
			break;
		case '<':
			fputs("&lt;", page->stream);
			break;
		case '>':
			fputs("&gt;", page->stream);
			break;
		case '"':
			fputs("&quot;", page->stream);
			break;
		default:
			fputc(*at, page->stream);
		}
	}
	free(safe);
}

static void put(const struct page *page, const char *tag, const char *text)
{
	fprintf(page->stream, "<%s>", tag);
	put_text(page, text);
	fprintf(page->stream, "</%.*s>", (int)strcspn(tag, " "), tag);
}

/* A sentence whose {places} are names and codes: each keeps its own direction. */
static void put_sentence(const struct page *page, const char *tag, const char *text,
			 const struct place *places)
{
	fprintf(page->stream, "<%s>", tag);
	while (*text) {
		size_t length = strcspn(text, "{");
		const char *end = strchr(text, '}');
		const struct place *place = places;

		put_text(page, pool_strndup(&page->app->pool, text, length));
		text += length;
		if (!*text || !end)
			break;
		length = (size_t)(end - text - 1);
		while (place->name && (strlen(place->name) != length ||
				       strncmp(place->name, text + 1, length) != 0))
			place++;
		put(page, "bdi", place->name ? place->value : "");
		text = end + 1;
	}
	fprintf(page->stream, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

/* One step: what to do, and the command that does it. */
static void put_step(const struct page *page, const char *text, const char *command)
{
	fputs("<li>", page->stream);
	put_text(page, text);
	if (command[0])
		put(page, "code", command);
	fputs("</li>\n", page->stream);
}

static void put_steps(const struct page *page, const struct letter *letter)
{
	struct pool *pool = &page->app->pool;
	const char *server = page->app->config.server;

	fputs("<ol>\n", page->stream);
	if (page->authority[0])
		put_step(page,
			 _("Look whether the certificate that came with the program is the right "
			   "one: this "
			   "command must show the fingerprint that stands above."),
			 "openssl x509 -in ca.pem -noout -fingerprint -sha256");
	put_step(page,
		 _("Enrol. The program asks for the code above, then for a password of your own: "
		   "15 characters or "
		   "more, such as four words that do not belong together."),
		 pool_printf(pool, "inap -s %s%s enrol --user %s", server,
			     page->authority[0] ? " --ca ca.pem" : "", letter->user->user));
	put_step(page, _("Look what waits for you:"),
		 pool_printf(pool, "inap -s %s%s todo", server,
			     page->authority[0] ? " --ca ca.pem" : ""));
	fputs("</ol>\n", page->stream);
}

static void put_language(const struct page *page, const struct letter *letter,
			 enum language language)
{
	static const char *const codes[] = { "en", "ar", "ckb" };
	const Inap__V1__User *user = letter->user;
	struct app *app = page->app;
	const struct place places[] = {
		{ "name", user->name },
		{ "home", user->home },
		{ "user", user->user },
		{ "server", app->config.server },
		{ "expires", clock_moment(app, letter->expires_at) },
		{ "roles", grants_text(app, user->roles, user->n_roles) },
		{ NULL, NULL },
	};

	fprintf(page->stream, "<section lang=\"%s\" dir=\"%s\">\n", codes[language],
		language == LANGUAGE_EN ? "ltr" : "rtl");
	put(page, "h2", _("Your access to the reporting system on resolution 1325"));
	put_sentence(page, "p", _("For {name}, of {home}. User name: {user}. Server: {server}."),
		     places);
	if (user->n_roles > 0)
		put_sentence(page, "p", _("Role: {roles}."), places);
	put_steps(page, letter);
	put_sentence(page, "p",
		     _("The code works once, until {expires} (Baghdad). After that ask your admin "
		       "for a new one. "
		       "Keep this sheet to yourself, and destroy it once you are in."),
		     places);
	put(page, "p class=\"warn\"",
	    _("Do not enter classified information, names or addresses."));
	fputs("</section>\n", page->stream);
}

static void put_sheet(const struct page *page, const struct letter *letter)
{
	static const enum language order[] = { LANGUAGE_AR, LANGUAGE_CKB, LANGUAGE_EN };
	enum language before = language_now();

	fputs("<section class=\"sheet\">\n<header dir=\"ltr\"><div><p>", page->stream);
	put(page, "bdi", letter->user->user);
	fputs("<br>", page->stream);
	put(page, "bdi", page->app->config.server);
	fputs("</p>", page->stream);
	put(page, "p class=\"code\"", letter->code);
	fputs("</div>\n", page->stream);
	if (page->authority[0])
		put(page, "p class=\"print\"",
		    pool_printf(&page->app->pool, "SHA-256 %s", page->authority));
	fputs("</header>\n", page->stream);
	for (size_t i = 0; i < 3; i++) {
		language_set(order[i]);
		put_language(page, letter, order[i]);
	}
	language_set(before);
	fputs("</section>\n", page->stream);
}

const char *letters_html(struct app *app, const struct letter *letters, size_t count,
			 const char *authority)
{
	char *bytes = NULL;
	size_t length = 0;
	struct page page = { open_memstream(&bytes, &length), app, authority };
	const char *html;

	if (!page.stream)
		return "";
	fprintf(page.stream,
		"<!DOCTYPE html>\n<html lang=\"ar\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" "
		"content=\"noindex\">\n"
		"<title>INAP 1325</title>\n<style>%s</style>\n</head>\n<body>\n",
		style);
	for (size_t i = 0; i < count; i++)
		put_sheet(&page, &letters[i]);
	fputs("</body>\n</html>\n", page.stream);
	fclose(page.stream);
	html = pool_strndup(&app->pool, bytes, length);
	explicit_bzero(bytes, length);
	free(bytes);
	return html;
}
