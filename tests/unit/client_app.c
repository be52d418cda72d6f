/* A run of the client for tests. */
#include "tests/unit/client_app.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/exchange.h"
#include "client/i18n.h"
#include "proto/method.h"

static char folder[64];

const char *client_app_folder(void)
{
	return folder;
}

struct app *client_app_new(void)
{
	struct app *app = calloc(1, sizeof *app);

	if (!app)
		abort();
	strcpy(folder, "/tmp/inap-test-XXXXXX");
	if (!mkdtemp(folder))
		abort();
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_CONFIG_HOME", folder, 1);
	unsetenv("INAP_SERVER");
	language_set(LANGUAGE_EN);
	digits_set(false);
	app->config = (struct config){ .profile = "default",
				       .server = "",
				       .ca = "",
				       .user = "",
				       .digits = "latn",
				       .color = "never",
				       .pager = "" };
	app->login = (struct login){ .present = true,
				     .user = "moi-focal",
				     .roles = ROLE_BIT_FOCAL_POINT,
				     .entity = "FED-MOI" };
	app->command = command_find("todo", "");
	if (!out_begin(app))
		abort();
	return app;
}

void client_app_words(struct app *app, const char *line)
{
	char *copy = pool_strdup(&app->pool, line);
	char **words = pool_alloc(&app->pool, 64 * sizeof *words);
	int count = 1, taken = 0;
	char *rest;

	words[0] = pool_strdup(&app->pool, "inap");
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	if (!options_parse(app, count, words))
		return;
	app->command = command_match(app->words, app->words_count, &taken);
	app->words += taken;
	app->words_count -= taken;
}

const char *client_app_output(struct app *app)
{
	fflush(app->out.stream);
	return pool_strndup(&app->pool, app->out.bytes, app->out.length);
}

void client_app_free(struct app *app)
{
	const char *remove = pool_printf(&app->pool, "rm -rf '%s'", folder);

	if (system(remove) != 0)
		abort();
	exchange_close(app);
	out_drop(app);
	pool_fini(&app->pool);
	free(app);
}
