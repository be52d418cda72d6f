/* Which step answers which method. */
#include "server/wiring.h"

#include "server/domain/category.h"
#include "server/domain/activity.h"
#include "server/domain/assignment.h"
#include "server/domain/due.h"
#include "server/domain/consult.h"
#include "server/domain/edition.h"
#include "server/domain/entity.h"
#include "server/domain/event.h"
#include "server/domain/evidence.h"
#include "server/domain/extension.h"
#include "server/domain/indicator.h"
#include "server/domain/login.h"
#include "server/domain/move.h"
#include "server/domain/national.h"
#include "server/domain/pair.h"
#include "server/domain/plan.h"
#include "server/domain/plan_state.h"
#include "server/domain/remind.h"
#include "server/domain/report.h"
#include "server/domain/review.h"
#include "server/domain/round.h"
#include "server/domain/rule.h"
#include "server/domain/save.h"
#include "server/domain/target.h"
#include "server/domain/succession.h"
#include "server/domain/user.h"
#include "server/domain/verification.h"
#include "server/rpc/answer.h"

/* clang-format off */
static const struct {
	enum method_number method;
	request_step *step;
} wiring[] = {
	{ METHOD_HELLO, hello },
	{ METHOD_SESSION_RESUME, session_resume },
	{ METHOD_SESSION_LOGIN, session_login },
	{ METHOD_SESSION_ENROL, session_enrol },
	{ METHOD_SESSION_LOGOUT, session_logout },
	{ METHOD_SESSION_PASSWD, session_passwd },
	{ METHOD_SESSION_WHOAMI, session_whoami },
	{ METHOD_SESSION_LIST, session_list },
	{ METHOD_SESSION_REVOKE, session_revoke },

	{ METHOD_TODO_LIST, todo_list },

	{ METHOD_PLAN_IMPORT, plan_import },
	{ METHOD_PLAN_LIST, plan_list },
	{ METHOD_PLAN_SHOW, plan_show },
	{ METHOD_INDICATOR_LIST, indicator_list },
	{ METHOD_ENTITY_LIST, entity_list },
	{ METHOD_ACTIVITY_LIST, activity_list },
	{ METHOD_ACTIVITY_ADD, activity_add },
	{ METHOD_ACTIVITY_AGREE, activity_agree },
	{ METHOD_ENTITY_EDIT, entity_edit },
	{ METHOD_CATEGORY_LIST, category_list },
	{ METHOD_ASSIGNMENT_CHANGE, assignment_change },
	{ METHOD_REVIEW_RECEIVE, review_receive },
	{ METHOD_RULE_LIST, rule_list },
	{ METHOD_RULE_CHANGE, rule_change },
	{ METHOD_CONSULT_LIST, consult_list },
	{ METHOD_REPORT_CONSULT, report_consult },

	{ METHOD_ROUND_LIST, round_list },
	{ METHOD_ROUND_ADD, round_add },
	{ METHOD_ROUND_OPEN, round_open },
	{ METHOD_ROUND_CLOSE, round_close },
	{ METHOD_ROUND_EXTEND, round_extend },
	{ METHOD_ROUND_OUTAGE, round_outage },
	{ METHOD_ROUND_EXTEND_ONE, round_extend_one },
	{ METHOD_ROUND_EXCUSE, round_excuse },

	{ METHOD_REPORT_LIST, report_list },
	{ METHOD_REPORT_SHOW, report_show },
	{ METHOD_REPORT_SAVE, report_save },
	{ METHOD_REPORT_CHECK, report_check },
	{ METHOD_REPORT_DIFF, report_diff },
	{ METHOD_REPORT_HISTORY, report_history },
	{ METHOD_REPORT_TRAIL, report_trail },
	{ METHOD_REPORT_READY, report_ready },
	{ METHOD_REPORT_HAND_BACK, report_hand_back },
	{ METHOD_REPORT_SUBMIT, report_submit },
	{ METHOD_REPORT_WITHDRAW, report_withdraw },
	{ METHOD_REPORT_ANSWER, report_answer },
	{ METHOD_REPORT_ASK_CELLS, report_ask_cells },
	{ METHOD_REPORT_NARRATIVE, report_narrative },
	{ METHOD_REPORT_ACTIVITY, report_activity },

	{ METHOD_REPORT_CONTEST, report_contest },

	{ METHOD_REVIEW_QUEUE, review_queue },
	{ METHOD_REVIEW_CLAIM, review_claim },
	{ METHOD_REVIEW_RELEASE, review_release },
	{ METHOD_REVIEW_POINT, review_point },
	{ METHOD_REVIEW_RETURN, review_return },
	{ METHOD_REVIEW_ENDORSE, review_endorse },
	{ METHOD_REVIEW_ACCEPT, review_accept },
	{ METHOD_REVIEW_SEND_BACK, review_send_back },
	{ METHOD_REVIEW_WITHDRAW, review_withdraw },

	{ METHOD_EXTENSION_ADD, extension_add },
	{ METHOD_EXTENSION_LIST, extension_list },
	{ METHOD_EXTENSION_REVOKE, extension_revoke },

	{ METHOD_NATIONAL_SUMMARY, national_summary },
	{ METHOD_NATIONAL_COMPLETENESS, national_completeness },
	{ METHOD_NATIONAL_RECOMPUTE, national_recompute },
	{ METHOD_TARGET_SET, target_set },
	{ METHOD_TARGET_LIST, target_list },
	{ METHOD_NATIONAL_LIGHTS, national_lights },
	{ METHOD_LIGHT_OVERRIDE, light_override },
	{ METHOD_REVIEW_PAIRS, review_pairs },

	{ METHOD_USER_ADD, user_add },
	{ METHOD_USER_LIST, user_list },
	{ METHOD_USER_DISABLE, user_disable },
	{ METHOD_USER_ENABLE, user_enable },
	{ METHOD_USER_RESET, user_reset },
	{ METHOD_ROLE_GRANT, role_grant },
	{ METHOD_ROLE_REVOKE, role_revoke },
	{ METHOD_ROLE_DELEGATE, role_delegate },
	{ METHOD_USER_IMPORT, user_import },

	{ METHOD_EVIDENCE_BEGIN, evidence_begin },
	{ METHOD_EVIDENCE_CHUNK, evidence_chunk },
	{ METHOD_EVIDENCE_ATTACH, evidence_attach },
	{ METHOD_EVIDENCE_DETACH, evidence_detach },
	{ METHOD_EVIDENCE_KEEP, evidence_keep },
	{ METHOD_EVIDENCE_LIST, evidence_list },
	{ METHOD_EVIDENCE_READ, evidence_read },

	{ METHOD_EDITION_LIST, edition_list },
	{ METHOD_EDITION_READ, edition_read },
	{ METHOD_EDITION_PROPOSE, edition_propose },
	{ METHOD_EDITION_COMMENT, edition_comment },
	{ METHOD_EDITION_CONFIRM, edition_confirm },
	{ METHOD_EDITION_WITHDRAW, edition_withdraw },
	{ METHOD_EDITION_SENTENCE, edition_sentence },
	{ METHOD_EDITION_RESTATE, edition_restate },
	{ METHOD_REPORT_ASK_RESTATEMENT, report_ask_restatement },
	{ METHOD_EDITION_PUBLIC_LIST, edition_public_list },
	{ METHOD_EDITION_PUBLIC_READ, edition_public_read },
	{ METHOD_EVENT_LIST, event_list },
	{ METHOD_EVENT_WRITE, event_write },
	{ METHOD_EVENT_DECIDE, event_decide },
	{ METHOD_EVENT_DONE, event_done },
	{ METHOD_ORGANISATION_LIST, organisation_list },
	{ METHOD_ORGANISATION_WRITE, organisation_write },
	{ METHOD_VERIFY_SAMPLE, verify_sample },
	{ METHOD_VERIFY_RECORD, verify_record },
	{ METHOD_VERIFY_LIST, verify_list },

	{ METHOD_ROUND_REMIND, round_remind },

	{ METHOD_PLAN_SUSPEND, plan_suspend },
	{ METHOD_PLAN_RESUME, plan_resume },
	{ METHOD_PLAN_CURRENT, plan_current },
	{ METHOD_ENTITY_SUCCEED, entity_succeed },
};
/* clang-format on */

request_step *const wiring_poll = session_poll;
request_step *const wiring_first_admin = session_first_admin;

void wiring_steps(struct rpc *rpc)
{
	rpc->refresh = session_refresh;
	for (size_t i = 0; i < sizeof wiring / sizeof *wiring; i++) {
		rpc->steps[wiring[i].method] = wiring[i].step;
	}
}
