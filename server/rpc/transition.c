/* The transition table of a report. */
#include "server/rpc/transition.h"

#define ENTITY (ROLE_BIT_FOCAL_POINT | ROLE_BIT_APPROVER)

/* clang-format off */
static const struct transition transitions[] = {
	{ INAP__V1__ACTION__ACTION_SAVE,      "save",      STATE_BIT_EXPECTED | STATE_BIT_DRAFT | STATE_BIT_RETURNED, "{expected,draft,returned}", "draft",
	  ROLE_BIT_FOCAL_POINT, "{focal_point}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_READY,     "ready",     STATE_BIT_DRAFT | STATE_BIT_RETURNED, "{draft,returned}", "",
	  ENTITY, "{focal_point,approver}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_HAND_BACK, "hand-back", STATE_BIT_DRAFT | STATE_BIT_RETURNED, "{draft,returned}", "",
	  ROLE_BIT_APPROVER, "{approver}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_ANSWER,    "answer",    STATE_BIT_RETURNED, "{returned}", "",
	  ENTITY, "{focal_point,approver}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_SUBMIT,    "submit",    STATE_BIT_DRAFT | STATE_BIT_RETURNED, "{draft,returned}", "submitted",
	  ROLE_BIT_APPROVER, "{approver}", "any", "typist", "submitted" },
	{ INAP__V1__ACTION__ACTION_WITHDRAW,  "withdraw",  STATE_BIT_SUBMITTED, "{submitted}", "back",
	  ROLE_BIT_APPROVER, "{approver}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_RECEIVE,   "receive",   STATE_BIT_EXPECTED, "{expected}", "submitted",
	  ROLE_BIT_COORDINATOR, "{coordinator}", "any", "none", "submitted" },
	{ INAP__V1__ACTION__ACTION_CONTEST,   "contest",   STATE_BIT_SUBMITTED | STATE_BIT_IN_REVIEW | STATE_BIT_ENDORSED, "{submitted,in_review,endorsed}", "draft",
	  ROLE_BIT_APPROVER, "{approver}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_CLAIM,     "claim",     STATE_BIT_SUBMITTED, "{submitted}", "in_review",
	  ROLE_BIT_COORDINATOR, "{coordinator}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_RELEASE,   "release",   STATE_BIT_IN_REVIEW, "{in_review}", "submitted",
	  ROLE_BIT_COORDINATOR, "{coordinator}", "mine", "none", "" },
	{ INAP__V1__ACTION__ACTION_ASK_CELLS, "ask-cells", STATE_BIT_RETURNED, "{returned}", "",
	  ROLE_BIT_FOCAL_POINT, "{focal_point}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_POINT,     "point",     STATE_BIT_SUBMITTED | STATE_BIT_IN_REVIEW | STATE_BIT_RETURNED, "{submitted,in_review,returned}", "held",
	  ROLE_BIT_COORDINATOR, "{coordinator}", "mine", "none", "" },
	{ INAP__V1__ACTION__ACTION_WITHDRAW_POINT, "withdraw-point", STATE_BIT_SUBMITTED | STATE_BIT_IN_REVIEW | STATE_BIT_RETURNED, "{submitted,in_review,returned}", "",
	  ROLE_BIT_COORDINATOR, "{coordinator}", "mine", "none", "" },
	{ INAP__V1__ACTION__ACTION_RETURN,    "return",    STATE_BIT_SUBMITTED | STATE_BIT_IN_REVIEW, "{submitted,in_review}", "returned",
	  ROLE_BIT_COORDINATOR, "{coordinator}", "mine", "none", "" },
	{ INAP__V1__ACTION__ACTION_ENDORSE,   "endorse",   STATE_BIT_SUBMITTED | STATE_BIT_IN_REVIEW, "{submitted,in_review}", "endorsed",
	  ROLE_BIT_COORDINATOR, "{coordinator}", "mine", "house", "endorsed" },
	{ INAP__V1__ACTION__ACTION_ACCEPT,    "accept",    STATE_BIT_ENDORSED, "{endorsed}", "accepted",
	  ROLE_BIT_SECRETARIAT, "{secretariat}", "any", "house", "accepted" },
	{ INAP__V1__ACTION__ACTION_SEND_BACK, "send-back", STATE_BIT_ENDORSED | STATE_BIT_ACCEPTED, "{endorsed,accepted}", "in_review",
	  ROLE_BIT_SECRETARIAT, "{secretariat}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_ASK_RESTATEMENT, "ask-restatement", STATE_BIT_ACCEPTED, "{accepted}", "",
	  ROLE_BIT_APPROVER, "{approver}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_RESTATE,   "restate",   STATE_BIT_ACCEPTED, "{accepted}", "returned",
	  ROLE_BIT_SECRETARIAT, "{secretariat}", "any", "none", "" },
	{ INAP__V1__ACTION__ACTION_DECLINE_RESTATEMENT, "decline-restatement", STATE_BIT_ACCEPTED, "{accepted}", "",
	  ROLE_BIT_SECRETARIAT, "{secretariat}", "any", "none", "" },
};
/* clang-format on */

enum { TRANSITIONS = sizeof transitions / sizeof *transitions };

const struct transition *transition_of(Inap__V1__Action action)
{
	for (size_t i = 0; i < TRANSITIONS; i++) {
		if (transitions[i].action == action) {
			return &transitions[i];
		}
	}
	return NULL;
}

/* Do the facts keep this row from a caller whom the table lets? */
static bool transition_barred(const struct transition *row, int state, unsigned facts)
{
	switch (row->action) {
	case INAP__V1__ACTION__ACTION_CONTEST:
		return !(facts & TRANSITION_DESK);
	case INAP__V1__ACTION__ACTION_SEND_BACK:
		return facts & TRANSITION_PUBLISHED && state == INAP__V1__STATE__STATE_ACCEPTED;
	case INAP__V1__ACTION__ACTION_ASK_RESTATEMENT:
		return !(facts & TRANSITION_PUBLISHED);
	case INAP__V1__ACTION__ACTION_RESTATE:
	case INAP__V1__ACTION__ACTION_DECLINE_RESTATEMENT:
		return !(facts & TRANSITION_ASKED);
	default:
		break;
	}
	return facts & TRANSITION_HELD && row->claim[0] == 'm' &&
	       state == INAP__V1__STATE__STATE_IN_REVIEW;
}

Inap__V1__Action *transition_actions(struct request *r, int state, unsigned roles, unsigned facts,
				     size_t *count)
{
	Inap__V1__Action *actions = request_array(r, TRANSITIONS, sizeof *actions);

	*count = 0;
	for (size_t i = 0; actions && i < TRANSITIONS; i++) {
		const struct transition *row = &transitions[i];

		if ((row->from >> state & 1) != 0 && (row->roles & roles) != 0 &&
		    !transition_barred(row, state, facts)) {
			actions[(*count)++] = row->action;
		}
	}
	return actions;
}
