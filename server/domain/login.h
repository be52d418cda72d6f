/**
 * Login, enrolment, the password and the sessions.
 *
 * Errors     wrong user, password or code are one refusal, LOGIN_FAILED, at one and the same cost.
 * Limits     two units and a worker job for login, enrol and passwd; one unit for the rest.
 * Threads    loop thread; passwords are hashed in workers.
 */
#ifndef INAP_DOMAIN_LOGIN_H
#define INAP_DOMAIN_LOGIN_H

#include "server/rpc/request.h"
#include "server/rpc/session.h"
#include "inap/v1/session.pb-c.h"

request_step session_resume, session_login, session_enrol, session_logout, session_passwd,
	session_whoami, session_list, session_revoke;

/** The daemon's own: reloads r->session's grants; LOGIN_REQUIRED where the session is over. */
request_step session_refresh;
/** The daemon's own: reads session_change, acts on it, and writes down which sessions are in use.
 */
request_step session_poll;
/** The daemon's own: makes user admin and prints its one-time code on a line; EXISTS where there
 * are users. */
request_step session_first_admin;

/** Fills an empty or loaded session from the rows of session_show, session_grants and
 * session_reach; false without memory or over SESSION_REACH_MAX: it is as it was. */
bool session_load(struct request *r, struct session *session, unsigned entry_show,
		  unsigned entry_grants, unsigned entry_reach) __attribute__((warn_unused_result));

/* Between the files of login. */

/** Who is logged in, from the rows of session_show and session_grants; NULL at the arena's cap. */
Inap__V1__SessionState *login_state(struct request *r, unsigned entry_show, unsigned entry_grants);
/** What this unit writes goes to the system's own chain, whoever asks; without a key it is never
 * sent twice. */
void login_write_alone(struct request *r);
/** Ends with an empty reply. */
enum step login_reply_empty(struct request *r);

#endif
