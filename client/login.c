/* The stored login of a profile. */
#include "client/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/app.h"
#include "client/i18n.h"

enum { LOGIN_FILE_BYTES_MAX = 4096 };

static const char *login_path(struct app *app)
{
	const char *folder = state_folder(app, "tokens", NULL);

	return folder ? pool_printf(&app->pool, "%s/%s", folder, app->config.profile) : NULL;
}

static bool token_read(const char *hex, uint8_t *token)
{
	for (int i = 0; i < TOKEN_BYTES; i++) {
		unsigned byte;

		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			return false;
		token[i] = (uint8_t)byte;
	}
	return hex[2 * TOKEN_BYTES] == '\0';
}

static void line_take(struct app *app, const char *name, const char *value)
{
	struct login *login = &app->login;

	if (strcmp(name, "token") == 0)
		login->present =
			strlen(value) == 2 * TOKEN_BYTES && token_read(value, login->token);
	else if (strcmp(name, "user") == 0)
		login->user = pool_strdup(&app->pool, value);
	else if (strcmp(name, "entity") == 0)
		login->entity = pool_strdup(&app->pool, value);
	else if (strcmp(name, "roles") == 0)
		login->roles = (unsigned)strtoul(value, NULL, 16);
}

/* A token that others can read is as good as theirs: refuse it and say how to mend it. */
static bool mode_check(struct app *app, const char *path)
{
	struct stat info;
	const char *why;

	if (stat(path, &info) != 0 || (info.st_mode & 077) == 0)
		return true;
	why = _("others may read this login");
	fail_with(app, ERROR_FILE_BAD, "file", path, "why", why, NULL);
	fail_next(app, N_("To mend it:"), pool_printf(&app->pool, "chmod 600 '%s'", path));
	return false;
}

bool login_load(struct app *app)
{
	const char *path = login_path(app);
	size_t length;
	char *text, *line, *rest;

	app->login = (struct login){ .user = "", .entity = "" };
	if (!path || !mode_check(app, path))
		return false;
	text = state_read(app, path, LOGIN_FILE_BYTES_MAX, &length);
	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *equals = strchr(line, '=');

		if (!equals)
			continue;
		*equals = '\0';
		line_take(app, line, equals + 1);
	}
	return true;
}

bool login_store(struct app *app, const uint8_t *token, const Inap__V1__SessionState *state)
{
	struct login *login = &app->login;
	const char *folder = state_folder(app, "tokens", NULL);
	char hex[2 * TOKEN_BYTES + 1] = "";
	const char *text;

	if (!folder)
		return false;
	if (token)
		memcpy(login->token, token, TOKEN_BYTES);
	login->present = true;
	login->user = state->user;
	login->roles = 0;
	login->entity = "";
	for (size_t i = 0; i < state->n_grants; i++) {
		if (state->grants[i]->role > 0 && state->grants[i]->role < 31)
			login->roles |= 1u << state->grants[i]->role;
		if (!login->entity[0])
			login->entity = state->grants[i]->entity;
	}
	for (int i = 0; i < TOKEN_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned)login->token[i]);
	text = pool_printf(&app->pool, "user=%s\nentity=%s\nroles=%x\ntoken=%s\n", login->user,
			   login->entity, login->roles, hex);
	explicit_bzero(hex, sizeof hex);
	return state_write(app, folder, app->config.profile, text, strlen(text));
}

void login_forget(struct app *app)
{
	const char *path = login_path(app);

	if (path)
		unlink(path);
	explicit_bzero(&app->login, sizeof app->login);
	app->login.user = "";
	app->login.entity = "";
}
