/* inap doctor: looks for what is wrong with the set-up, from the configuration to the terminal. */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/app.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/view.h"

enum { CLOCK_DRIFT_S = 120 };

/* One thing looked at. */
struct finding {
	struct view *view;
	json_t *list;
	bool ok; /* so far */
};

static void finding_add(struct finding *finding, const char *what, bool good, const char *key,
			const char *detail)
{
	json_t *one = json_object();

	json_put_text(one, "check", key);
	json_put_bool(one, "ok", good);
	json_put_text(one, "detail", detail);
	json_array_append_new(finding->list, one);
	view_both(finding->view, what, key);
	view_both(finding->view, good ? _("good") : _("look at this"), good ? "ok" : "bad");
	view_text(finding->view, detail);
	finding->ok = finding->ok && good;
}

static void server_look(struct app *app, struct finding *finding)
{
	const Inap__V1__HelloReply *hello;
	struct tm parts = { 0 };
	int64_t drift = 0;

	if (!exchange_ready(app)) {
		finding_add(finding, _("server"), false, "server", failure_sentence(app));
		failure_clear(&app->failure);
		return;
	}
	hello = exchange_hello(app);
	finding_add(finding, _("server"), true, "server",
		    pool_printf(&app->pool, "%s %s", app->config.server, hello->build));
	if (strptime(hello->time, "%Y-%m-%dT%H:%M:%S", &parts))
		drift = (int64_t)time(NULL) - (int64_t)timegm(&parts);
	finding_add(finding, _("clock"), llabs(drift) < CLOCK_DRIFT_S, "clock",
		    clock_moment(app, hello->time));
}

static void login_look(struct app *app, struct finding *finding)
{
	Inap__V1__Empty request = INAP__V1__EMPTY__INIT;
	ProtobufCMessage *message = NULL;
	bool good = exchange_call(app, METHOD_SESSION_WHOAMI, &request.base, &message);

	finding_add(finding, _("login"), good, "login",
		    good ? app->login.user : failure_sentence(app));
	failure_clear(&app->failure);
}

bool cmd_doctor(struct app *app)
{
	const struct column columns[] = {
		{ "check", _("WHAT"), COLUMN_CODE },
		{ "ok", _("FOUND"), COLUMN_CODE },
		{ "detail", _("DETAIL"), COLUMN_TEXT },
	};
	struct finding finding = { view_new(app, columns, 3), json_array(), true };

	finding_add(&finding, _("profile"), true, "profile", app->config.profile);
	finding_add(&finding, _("letters"), strcmp(nl_langinfo(CODESET), "UTF-8") == 0, "charset",
		    nl_langinfo(CODESET));
	server_look(app, &finding);
	login_look(app, &finding);
	out_json(app, finding.list);
	out_view(app, finding.view);
	/* Nothing tells which way a terminal writes: the person must look. */
	out_say(app, _("Which line reads right? If neither does, use -L en, and -o card."));
	out_say(app, "  FED-MOH  12.5  وزارة الصحة");
	out_say(app, "  وزارة الصحة  12.5  FED-MOH");
	app->status = finding.ok ? 0 : 1;
	return true;
}
