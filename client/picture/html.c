/* The national picture as one page: no script, nothing loaded, right to left where people read so.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/call.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/picture/page.h"
#include "client/version.h"
#include "client/words.h"

enum { DIGEST_BYTES = 32 };

/* Colours of signs stand on white with at least 4.5 to 1; print needs none of them. */
static const char style_text[] =
	"*{box-sizing:border-box}"
	"body{font:15px/1.45 P,\"Noto Naskh Arabic\",\"Segoe UI\",Tahoma,sans-serif;margin:0 "
	"auto;padding:1rem;max-width:80rem;color:#1a1f26;"
	"background:#fff}"
	"h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.8rem 0 "
	".5rem;border-bottom:2px solid #1a1f26}h3{font-size:1rem;margin:0}"
	"p{margin:.2rem 0}table{border-collapse:collapse;width:100%}th,td{padding:.2rem "
	".35rem;text-align:start;border-bottom:1px solid #d5dae0;"
	"vertical-align:top}th{font-weight:600}thead th{border-bottom:2px solid "
	"#7c8794}.p{background:#eef1f4;padding-top:.5rem}"
	".n,.w td:nth-child(n+3):nth-child(-n+6){text-align:end;"
	"font-variant-numeric:tabular-nums;white-space:nowrap}.w "
	"b{display:block;font-weight:600}.w .x b{display:inline}"
	".c,.g a,section "
	"bdi{font-family:P,ui-monospace,monospace;font-size:.85em;white-space:nowrap;unicode-bidi:"
	"isolate;direction:ltr}"
	"small,i{display:block;color:#4d5763;font-size:.78rem;font-style:normal}"
	".k3{display:flex;gap:1rem;flex-wrap:wrap;margin:1rem 0}.k3 div{flex:1 1 12rem;border:1px "
	"solid #c3cad2;border-radius:.4rem;padding:.6rem .8rem}"
	".k3 b{display:block;font-size:2rem;line-height:1.1}"
	".g bdi{margin-inline-start:.5rem;font-size:.85rem}.g{width:auto;min-width:60%;"
	"color:#4d5763}.g td,.g th{text-align:center;padding:.1rem .2rem}.g td:first-child,.g "
	"th{color:#1a1f26}.g td:first-child,.g th:first-child{text-align:start}.g a{color:inherit}"
	".ok{color:#17623a}.la{color:#7d5100}.mi{color:#a01f23;font-weight:600}.wa,.ex,.no,.h{"
	"color:#4d5763}"
	".l span{margin-inline-end:1.2rem;white-space:nowrap}.y td{border:0}.x "
	"td{font-size:.82rem}.x p{margin:0}"
	"section{border-bottom:1px solid #d5dae0;padding:.5rem 0}section ul{margin:.2rem "
	"0;padding:0;list-style:none;columns:12rem}"
	".b{width:7rem;height:.7rem;display:block;margin-top:.25rem;background:#e3e8ed}.b "
	"rect{fill:#2f6690;height:100%}.b .k{fill:#000;width:3px}"
	".s{width:5rem;height:1.1rem}.s path{fill:none;stroke:#2f6690;stroke-width:1.6}"
	"[dir=rtl] svg{transform:scaleX(-1)}"
	"footer{margin-top:2rem;border-top:2px solid "
	"#1a1f26;padding-top:.4rem;color:#4d5763;font-size:.85rem}"
	"@media "
	"print{body{font-size:9pt;padding:0;max-width:none}h2{break-after:avoid}thead{display:"
	"table-header-group}tr,section{break-inside:avoid}"
	".y{break-after:avoid}.x td{font-size:7.5pt}.b{width:4rem}.s{width:3.5rem}"
	"small,i{font-size:7pt}a{text-decoration:none}*{print-color-"
	"adjust:exact;-webkit-print-color-adjust:exact}}";

static const char *const directions[] = {
	[LANGUAGE_EN] = "ltr",
	[LANGUAGE_AR] = "rtl",
	[LANGUAGE_CKB] = "rtl",
};
static const char *const languages[] = {
	[LANGUAGE_EN] = "en",
	[LANGUAGE_AR] = "ar",
	[LANGUAGE_CKB] = "ckb",
};

/* ---- three numbers */

/* What the first screen counts of a round. */
struct counts {
	unsigned expected, received, on_time, late;
};

static struct counts counts_of(const struct picture_round *round)
{
	struct counts counts = { 0 };

	for (size_t i = 0; i < round->who->n_entities; i++) {
		const struct mark *mark = page_mark(round->who->entities[i], round->totals->as_of);

		counts.expected += strcmp(mark->class, "ex") != 0;
		counts.received += round->who->entities[i]->submitted_at[0] != '\0';
		counts.on_time += strcmp(mark->class, "ok") == 0;
		counts.late += strcmp(mark->class, "la") == 0 || strcmp(mark->class, "mi") == 0;
	}
	return counts;
}

static const char *share(struct pool *pool, unsigned part, unsigned whole)
{
	return whole > 0 ? pool_printf(pool, "%.0f %%", 100.0 * part / whole) : "–";
}

static void headline_put(const struct page *page, const char *what, const char *now,
			 const char *before)
{
	fputs("<div>", page->stream);
	page_text(page, what);
	page_element(page, "b", NULL, now);
	if (before)
		page_element(page, "small", NULL,
			     sentence(&page->app->pool, _("round before: {value}"), "value", before,
				      NULL));
	fputs("</div>", page->stream);
}

static void headlines_put(const struct page *page)
{
	const struct picture *picture = page->picture;
	struct pool *pool = &page->app->pool;
	bool past = picture->rounds_count > 1;
	struct counts now = counts_of(picture_now(picture));
	struct counts before = past ? counts_of(&picture->rounds[picture->rounds_count - 2])
				    : (struct counts){ 0 };

	fputs("<div class=k3>", page->stream);
	headline_put(page, _("Reports received"),
		     pool_printf(pool, "%u/%u", now.received, now.expected),
		     past ? pool_printf(pool, "%u/%u", before.received, before.expected) : NULL);
	headline_put(page, _("On time"), share(pool, now.on_time, now.expected),
		     past ? share(pool, before.on_time, before.expected) : NULL);
	headline_put(page, _("Late or missing"), pool_printf(pool, "%u", now.late),
		     past ? pool_printf(pool, "%u", before.late) : NULL);
	fputs("</div>\n", page->stream);
}

/* ---- who reported when */

static const Inap__V1__CompletenessEntry *entry_of(const struct picture_round *round,
						   const char *entity)
{
	for (size_t i = 0; i < round->who->n_entities; i++)
		if (strcmp(round->who->entities[i]->entity, entity) == 0)
			return round->who->entities[i];
	return NULL;
}

static void grid_row_put(const struct page *page, const Inap__V1__CompletenessEntry *entry)
{
	fprintf(page->stream, "<tr><td><a href=#%s>%s</a>", entry->entity, entry->entity);
	page_element(page, "bdi", NULL, name_text(entry->name));
	for (size_t i = 0; i < page->picture->rounds_count; i++) {
		const struct picture_round *round = &page->picture->rounds[i];
		const struct mark *mark =
			page_mark(entry_of(round, entry->entity), round->totals->as_of);

		if (mark->grey)
			fputs("<td>", page->stream);
		else
			fprintf(page->stream, "<td class=%s>", mark->class);
		fputs(mark->sign, page->stream);
	}
	fputc('\n', page->stream);
}

static void legend_put(const struct page *page, const struct mark *marks, size_t count)
{
	fputs("<p class=l>", page->stream);
	for (size_t i = 0; i < count; i++) {
		fprintf(page->stream, "<span class=%s>%s ", marks[i].class, marks[i].sign);
		page_text(page, _(marks[i].word));
		fputs("</span>", page->stream);
	}
	fputs("</p>\n", page->stream);
}

static void grid_put(const struct page *page)
{
	const Inap__V1__NationalCompletenessReply *who = picture_now(page->picture)->who;
	Inap__V1__Jurisdiction side = INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED;
	size_t count;
	const struct mark *marks = page_marks(&count);

	page_element(page, "h2", NULL, _("Who reported, and when"));
	legend_put(page, marks, count);
	fputs("<table class=g><thead><tr>", page->stream);
	page_element(page, "th", NULL, _("Institution"));
	for (size_t i = 0; i < page->picture->rounds_count; i++)
		page_element(page, "th", "c", page->picture->rounds[i].code);
	fputs("</tr></thead>\n", page->stream);
	for (size_t i = 0; i < who->n_entities; i++) {
		if (who->entities[i]->jurisdiction != side) {
			side = who->entities[i]->jurisdiction;
			fprintf(page->stream, "<tbody><tr><th class=p colspan=%zu>",
				page->picture->rounds_count + 1);
			page_text(page, enum_word(&inap__v1__jurisdiction__descriptor, (int)side));
			fputs("</th></tr>\n", page->stream);
		}
		grid_row_put(page, who->entities[i]);
	}
	fputs("</table>\n", page->stream);
}

/* ---- the whole */

static void top_put(const struct page *page)
{
	const struct picture_round *now = picture_now(page->picture);
	struct pool *pool = &page->app->pool;

	page_element(page, "h1", NULL, _("Women, peace and security: the national picture"));
	if (page->picture->edition) {
		page_edition_head(page);
		return;
	}
	page_say(page, name_text(page->picture->plan->name));
	page_say(page,
		 sentence(pool, _("Round {round}, as of {at}. Accepted reports only."), "round",
			  now->code, "at", clock_moment(page->app, now->totals->as_of), NULL));
}

static void notes_put(const struct page *page)
{
	size_t count;
	const struct mark *lights = page_lights(&count);

	if (page->picture->edition) {
		page_say(page,
			 sentence(&page->app->pool,
				  _("{sign} hidden, so that nobody can be recognised. Under each "
				    "figure: institutions with a figure / institutions asked."),
				  "sign", "▒", NULL));
		return;
	}
	legend_put(page, lights, count);
	page_say(page, _("A light is of the end of the round's quarter, of sums over the year so "
			 "far: v is the figure, t the target, b the baseline."));
	page_say(page,
		 sentence(&page->app->pool,
			  _("{sign} hidden, so that nobody can be recognised. Under each figure: "
			    "institutions with a figure / institutions asked. Change is "
			    "against the same quarter of last year, or else the round before."),
			  "sign", "▒", NULL));
}

static void bottom_put(const struct page *page)
{
	struct pool *pool = &page->app->pool;

	fputs("<footer>", page->stream);
	page_say(page, page->picture->edition
			       ? _("Drawn from the bytes of a published edition, which never "
				   "change: inap edition verify compares them with the hash above.")
			       : _("Drawn from accepted reports; not an edition: figures may still "
				   "be corrected."));
	page_say(page, sentence(pool,
				page->picture->edition
					? _("Plan {plan}, period {round}, made by inap {version}.")
					: _("Plan {plan}, round {round}, made by inap {version}."),
				"plan", page->picture->plan->code, "round",
				picture_now(page->picture)->code, "version", INAP_VERSION, NULL));
	fputs("</footer>", page->stream);
}

static bool body_write(struct page *page, char **body, size_t *length)
{
	page->stream = open_memstream(body, length);
	if (!page->stream)
		return false;
	top_put(page);
	if (!page->picture->edition) {
		headlines_put(page);
		grid_put(page);
	}
	page_indicators(page);
	notes_put(page);
	if (page->picture->edition)
		page_edition_rest(page);
	else
		page_entities(page);
	bottom_put(page);
	return fclose(page->stream) == 0;
}

/* What stands at the foot of every printed page, in letters that mean nothing to a style. */
static char *foot_make(const struct page *page)
{
	const struct picture *picture = page->picture;
	const struct picture_round *now = picture_now(picture);
	const Inap__V1__Edition *edition = picture->edition;
	struct pool *pool = &page->app->pool;
	char *foot =
		edition ? pool_printf(pool, "%s %s/%u SHA-256 %s", edition->plan, edition->period,
				      (unsigned)edition->number, edition->sha256)
			: pool_printf(pool, "%s %s %.10s", picture->plan->code, now->code,
				      now->totals->as_of);

	for (char *at = foot; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-/:_ ", *at))
			*at = '_';
	return foot;
}

/* The style, with the page's own letters where the machine has a font to take them from. */
static char *style_make(const struct page *page, const char *body, size_t length)
{
	char *font = font_subset(body, length), *style = NULL;

	if (asprintf(&style,
		     "%s%s%s%s@page{size:A4;margin:13mm;@bottom-center{content:\"%s\";"
		     "font:7pt sans-serif;color:#4d5763}}",
		     font ? "@font-face{font-family:P;src:url(data:font/woff;base64," : "",
		     font ? font : "", font ? ")}" : "", style_text, foot_make(page)) < 0)
		style = NULL;
	free(font);
	return style;
}

static bool head_write(const struct page *page, const char *style, FILE *stream)
{
	enum language language = language_now();
	uint8_t digest[DIGEST_BYTES];
	char *hash;

	digest_sha256(style, strlen(style), digest);
	hash = base64_of(digest, sizeof digest);
	if (!hash)
		return false;
	fprintf(stream,
		"<!DOCTYPE html>\n<html lang=%s dir=%s><head><meta charset=utf-8>"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'sha256-%s'; font-src data:; base-uri 'none'; form-action 'none'\">"
		"<meta name=viewport content=\"width=device-width,initial-scale=1\"><title>%s "
		"%s</title><style>%s</style></head><body>\n",
		languages[language], directions[language], hash, page->picture->plan->code,
		picture_now(page->picture)->code, style);
	free(hash);
	return true;
}

bool picture_html(const struct picture *picture, FILE *stream)
{
	struct page page = { .picture = picture, .app = picture->app };
	char *body = NULL, *style = NULL;
	size_t length = 0;
	bool good = body_write(&page, &body, &length);

	if (good)
		style = style_make(&page, body, length);
	good = good && style && head_write(&page, style, stream);
	if (good) {
		fwrite(body, 1, length, stream);
		fputs("</body></html>\n", stream);
	}
	free(style);
	free(body);
	return good || fail_with(picture->app, ERROR_FILE_BAD, "file", "-", "why",
				 _(strerror(ENOMEM)), NULL);
}
