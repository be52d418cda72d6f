/* A run of the client for tests: a fresh app, its own folders, its output caught. */
#ifndef INAP_TESTS_CLIENT_APP_H
#define INAP_TESTS_CLIENT_APP_H

#include "client/app.h"

/** A fresh run in a fresh folder, logged in as moi-focal (focal_point of FED-MOI) without a server.
 */
struct app *client_app_new(void);
/** Takes a command line as main() does, up to where the command would run. */
void client_app_words(struct app *app, const char *line);
/** What the run has put out so far; a copy in the app's pool. */
const char *client_app_output(struct app *app);
/** Ends the run; its folder goes away. */
void client_app_free(struct app *app);
/** The folder of the run. */
const char *client_app_folder(void);

#endif
