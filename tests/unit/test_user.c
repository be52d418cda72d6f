/* Users and roles, step by step. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "server/domain/user.h"
#include "server/rpc/grants.h"
#include "server/rpc/password.h"
#include "inap/v1/user.pb-c.h"
#include "tests/unit/step.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

static const char shown[] =
	"name=moi-focal,display_name=Focal "
	"point,home=FED-MOI,disabled=f,enrolled=t,last_login=,grants=1,receipt=\\\\xabcd";
static const char granted[] = "role=focal_point,entity=FED-MOI,jurisdiction=,starts=2025-01-01,"
			      "ends=,basis=own,order_number=,order_date=";

static int set_up(void **state)
{
	struct step_fixture *f = calloc(1, sizeof *f);

	step_init(f);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	step_fini(*state);
	free(*state);
	return 0;
}

static Inap__V1__UserAdd user_add_body(const char *user, const char *name, const char *home)
{
	Inap__V1__UserAdd body = INAP__V1__USER_ADD__INIT;

	body.user = TEXT(user);
	body.name = TEXT(name);
	body.home = TEXT(home);
	return body;
}

static void a_user_is_added_with_a_code_that_only_its_hash_is_stored_of(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__UserAdd body = user_add_body("moi-focal", "Focal point", "FED-MOI");
	const Inap__V1__UserCodeReply *reply;
	uint8_t hash[32], sent[32];

	step_begin(f, METHOD_USER_ADD, user_add, &body);
	assert_string_equal(step_sent(f), "user_lock user_add");
	assert_string_equal(f->r.unit.context_write, "{0}");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 0), "7");
	assert_memory_equal(fake_parameter(&f->r.unit, 1, 5), f->r.key, 16);
	memcpy(sent, fake_parameter(&f->r.unit, 1, 4), sizeof sent);
	fake_rows(&f->r.unit, 1,
		  "fault=NULL,expires_at=2026-01-02T00:00:00Z,in_force=t,receipt=\\\\xabcd");
	step_on(f);
	reply = step_reply(f, &inap__v1__user_code_reply__descriptor);
	assert_string_equal(reply->user, "moi-focal");
	assert_string_equal(reply->expires_at, "2026-01-02T00:00:00Z");
	assert_int_equal(reply->receipt.len, 2);
	assert_true(enrol_code_hash(reply->code, hash));
	assert_memory_equal(hash, sent, sizeof hash);
}

static void a_replay_after_the_code_was_used_shows_none(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__UserAdd body = user_add_body("moi-focal", "Focal point", "FED-MOI");
	const Inap__V1__UserCodeReply *reply;

	step_begin(f, METHOD_USER_ADD, user_add, &body);
	fake_rows(&f->r.unit, 1,
		  "fault=NULL,expires_at=2026-01-02T00:00:00Z,in_force=f,receipt=\\\\xabcd");
	step_on(f);
	reply = step_reply(f, &inap__v1__user_code_reply__descriptor);
	assert_string_equal(reply->code, "");
	assert_string_equal(reply->expires_at, "");
	assert_int_equal(reply->receipt.len, 2);
}

static void names_that_cannot_be_are_refused_at_once(void **state)
{
	static const char *const bad[] = {
		"",          "a",     "Moi",  "1moi", "moi focal",
		"moi_focal", "moi|x", "-moi", "موي",  "abcdefghijklmnopqrstuvwxyz-abcde1"
	};
	struct step_fixture *f = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		Inap__V1__UserAdd body = user_add_body(bad[i], "Some one", "FED-MOI");
		Inap__V1__UserRef ref = INAP__V1__USER_REF__INIT;

		step_begin(f, METHOD_USER_ADD, user_add, &body);
		step_refused(f, ERROR_BAD_ARGUMENT);
		step_argument(f, "field", "user");
		ref.user = TEXT(bad[i]);
		step_begin(f, METHOD_USER_DISABLE, user_disable, &ref);
		step_refused(f, ERROR_NOT_FOUND);
		step_begin(f, METHOD_USER_RESET, user_reset, &ref);
		step_refused(f, ERROR_NOT_FOUND);
	}
}

static void what_a_user_needs_is_asked_for(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__UserAdd body = user_add_body("moi-focal", "", "FED-MOI");
	char longer[202];

	step_begin(f, METHOD_USER_ADD, user_add, &body);
	step_refused(f, ERROR_BAD_ARGUMENT);
	step_argument(f, "field", "name");
	body = user_add_body("moi-focal", "Some one", "moi");
	step_begin(f, METHOD_USER_ADD, user_add, &body);
	step_refused(f, ERROR_NOT_FOUND);
	step_argument(f, "what", "entity");
	memset(longer, 'x', sizeof longer);
	longer[201] = '\0';
	body = user_add_body("moi-focal", longer, "FED-MOI");
	step_begin(f, METHOD_USER_ADD, user_add, &body);
	step_refused(f, ERROR_BAD_TEXT);
	body = user_add_body("moi-focal", "Some\none", "FED-MOI");
	step_begin(f, METHOD_USER_ADD, user_add, &body);
	step_refused(f, ERROR_BAD_TEXT);
}

static void a_fault_becomes_the_refusal_that_it_names(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__UserAdd body = user_add_body("moi-focal", "Focal point", "FED-MOI");

	step_begin(f, METHOD_USER_ADD, user_add, &body);
	fake_rows(&f->r.unit, 1,
		  "fault=EXISTS|what\\=user|name\\=moi-focal,expires_at=NULL,in_force=f,receipt="
		  "NULL");
	step_on(f);
	step_refused(f, ERROR_EXISTS);
	step_argument(f, "what", "user");
	step_argument(f, "name", "moi-focal");
	step_begin(f, METHOD_USER_ADD, user_add, &body);
	fake_rows(&f->r.unit, 1, "fault=KEY_REUSED,expires_at=NULL,in_force=f,receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_KEY_REUSED);
	step_begin(f, METHOD_USER_ADD, user_add, &body);
	fake_rows(&f->r.unit, 1, "fault=NO_SUCH_CODE|x,expires_at=NULL,in_force=f,receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_INTERNAL);
}

static void a_reset_gives_a_code(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__UserRef body = INAP__V1__USER_REF__INIT;
	const Inap__V1__UserCodeReply *reply;

	body.user = TEXT("moi-focal");
	step_begin(f, METHOD_USER_RESET, user_reset, &body);
	assert_string_equal(step_sent(f), "user_lock user_reset");
	assert_null(fake_parameter(&f->r.unit, 1, 2)); /* no note */
	fake_rows(&f->r.unit, 1,
		  "fault=NULL,expires_at=2026-01-02T00:00:00Z,in_force=t,receipt=\\\\xabcd");
	step_on(f);
	reply = step_reply(f, &inap__v1__user_code_reply__descriptor);
	assert_int_equal(strlen(reply->code), ENROL_CODE_BYTES - 1);
	step_begin(f, METHOD_USER_RESET, user_reset, &body);
	fake_rows(&f->r.unit, 1,
		  "fault=FOUR_EYES|why\\=nobody does this to "
		  "himself,expires_at=NULL,in_force=f,receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_FOUR_EYES);
}

static void disabling_and_enabling_say_which(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__UserRef body = INAP__V1__USER_REF__INIT;
	const Inap__V1__UserReply *reply;

	body.user = TEXT("moi-focal");
	body.note = TEXT("left the ministry");
	step_begin(f, METHOD_USER_DISABLE, user_disable, &body);
	assert_string_equal(step_sent(f), "user_lock user_switch user_show user_show_grants");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 1), "user.disable");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 3), "left the ministry");
	assert_memory_equal(fake_parameter(&f->r.unit, 2, 2), f->r.key, 16);
	fake_rows(&f->r.unit, 1, "fault=NULL,receipt=\\\\xabcd");
	fake_rows(&f->r.unit, 2, shown);
	fake_rows(&f->r.unit, 3, granted);
	step_on(f);
	reply = step_reply(f, &inap__v1__user_reply__descriptor);
	assert_string_equal(reply->user->user, "moi-focal");
	assert_int_equal(reply->user->n_roles, 1);
	assert_int_equal(reply->user->roles[0]->role, INAP__V1__ROLE__ROLE_FOCAL_POINT);
	assert_int_equal(reply->receipt.len, 2);
	assert_int_equal(reply->receipt.data[0], 0xab);
	step_begin(f, METHOD_USER_ENABLE, user_enable, &body);
	assert_string_equal(fake_parameter(&f->r.unit, 1, 1), "user.enable");
	fake_rows(&f->r.unit, 1, "fault=NOT_FOUND|what\\=user|name\\=moi-focal,receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_NOT_FOUND);
}

static void a_list_deals_the_grants_out_to_their_users(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__UserList body = INAP__V1__USER_LIST__INIT;
	const Inap__V1__UserListReply *reply;

	step_begin(f, METHOD_USER_LIST, user_list, &body);
	assert_string_equal(step_sent(f), "user_list user_show user_show_grants");
	assert_null(fake_parameter(&f->r.unit, 1, 2));
	fake_rows(&f->r.unit, 0, "fault=NULL");
	fake_rows(&f->r.unit, 1,
		  "name=a-a,display_name=A,home=FED-MOI,disabled=f,enrolled=f,last_login=,grants=0,"
		  "receipt=NULL;"
		  "name=b-b,display_name=B,home=FED-MOI,disabled=t,enrolled=t,last_login=2026-01-"
		  "01T00:00:00Z,grants=2,receipt=NULL;"
		  "name=c-c,display_name=C,home=FED-MOH,disabled=f,enrolled=t,last_login=,grants=1,"
		  "receipt=NULL");
	fake_rows(&f->r.unit, 2,
		  "role=focal_point,entity=FED-MOI,jurisdiction=,starts=2025-01-01,ends=,basis=own,"
		  "order_number=,order_date=;"
		  "role=national_team,entity=,jurisdiction=,starts=2025-01-01,ends=,basis=own,"
		  "order_number=,order_date=;"
		  "role=coordinator,entity=,jurisdiction=kurdistan,starts=2025-01-01,ends=2025-02-"
		  "01,basis=acting,order_number=5/1,order_date=2024-12-30");
	step_on(f);
	reply = step_reply(f, &inap__v1__user_list_reply__descriptor);
	assert_int_equal(reply->n_users, 3);
	assert_int_equal(reply->users[0]->n_roles, 0);
	assert_int_equal(reply->users[1]->n_roles, 2);
	assert_true(reply->users[1]->disabled);
	assert_false(reply->users[0]->enrolled);
	assert_int_equal(reply->users[2]->n_roles, 1);
	assert_int_equal(reply->users[2]->roles[0]->jurisdiction,
			 INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN);
	assert_string_equal(reply->users[2]->roles[0]->order_number, "5/1");
	step_begin(f, METHOD_USER_LIST, user_list, &body);
	fake_rows(&f->r.unit, 0, "fault=FORBIDDEN|action\\=user.list");
	step_on(f);
	step_refused(f, ERROR_FORBIDDEN);
	body.user = TEXT("No Such");
	step_begin(f, METHOD_USER_LIST, user_list, &body);
	step_refused(f, ERROR_NOT_FOUND);
}

struct role_body {
	Inap__V1__RoleChange change;
	Inap__V1__Grant grant;
};

static void role_body(struct role_body *body, Inap__V1__Role role, const char *entity,
		      Inap__V1__Jurisdiction jurisdiction)
{
	inap__v1__role_change__init(&body->change);
	inap__v1__grant__init(&body->grant);
	body->change.user = TEXT("moi-focal");
	body->change.grant = &body->grant;
	body->grant.role = role;
	body->grant.entity = TEXT(entity);
	body->grant.jurisdiction = jurisdiction;
}

static void a_role_is_given_with_its_dates_and_basis(void **state)
{
	struct step_fixture *f = *state;
	struct role_body body;

	role_body(&body, INAP__V1__ROLE__ROLE_APPROVER, "FED-MOI", 0);
	body.grant.basis = INAP__V1__BASIS__BASIS_ACTING;
	body.grant.from = TEXT("2024-02-29");
	body.grant.to = TEXT("2024-12-31");
	body.grant.order_number = TEXT("17/ق");
	body.grant.order_date = TEXT("2024-02-01");
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	assert_string_equal(step_sent(f), "user_lock role_give user_show user_show_grants");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 1), "role.grant");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 3), "approver");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 4), "FED-MOI");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 5), "");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 6), "2024-02-29");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 7), "2024-12-31");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 8), "acting");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 10), "2024-02-01");
	fake_rows(&f->r.unit, 1, "fault=NULL,receipt=\\\\xabcd");
	fake_rows(&f->r.unit, 2, shown);
	fake_rows(&f->r.unit, 3, granted);
	step_on(f);
	step_reply(f, &inap__v1__user_reply__descriptor);

	role_body(&body, INAP__V1__ROLE__ROLE_COORDINATOR, "",
		  INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN);
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	assert_string_equal(step_sent(f), "user_lock role_give user_show user_show_grants");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 5), "kurdistan");
	assert_null(fake_parameter(&f->r.unit, 1, 6));
	assert_null(fake_parameter(&f->r.unit, 1, 7));
	assert_string_equal(fake_parameter(&f->r.unit, 1, 8), "own");
	fake_rows(&f->r.unit, 1,
		  "fault=ROLE_CONFLICT|user\\=moi-focal|role\\=coordinator|other\\=focal_point,"
		  "receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_ROLE_CONFLICT);
	step_argument(f, "user", "moi-focal");
	step_argument(f, "role", "coordinator");
	step_argument(f, "other", "focal_point");
}

/* Every role with every kind of scope: what fits goes on, the rest is refused. */
static void a_scope_fits_its_role(void **state)
{
	static const struct {
		Inap__V1__Role role;
		const char *fits; /* e: an entity, j: a jurisdiction, n: neither */
	} rows[] = {
		{ INAP__V1__ROLE__ROLE_UNSPECIFIED, "" },
		{ INAP__V1__ROLE__ROLE_FOCAL_POINT, "e" },
		{ INAP__V1__ROLE__ROLE_APPROVER, "e" },
		{ INAP__V1__ROLE__ROLE_COORDINATOR, "j" },
		{ INAP__V1__ROLE__ROLE_SECRETARIAT, "n" },
		{ INAP__V1__ROLE__ROLE_NATIONAL_TEAM, "n" },
		{ INAP__V1__ROLE__ROLE_OBSERVER, "n" },
		{ INAP__V1__ROLE__ROLE_ADMIN, "jn" },
		{ INAP__V1__ROLE__ROLE_AUDITOR, "n" },
	};
	struct step_fixture *f = *state;
	struct role_body body;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (const char *scope = "ejnbi"; *scope; scope++) {
			role_body(&body, rows[i].role,
				  *scope == 'e' || *scope == 'b' ? "FED-MOI" : "",
				  *scope == 'j' || *scope == 'b'
					  ? INAP__V1__JURISDICTION__JURISDICTION_FEDERAL
				  : *scope == 'i'
					  ? INAP__V1__JURISDICTION__JURISDICTION_IRAQ
					  : INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED);
			for (int revoke = 0; revoke < 2; revoke++) {
				step_begin(f, revoke ? METHOD_ROLE_REVOKE : METHOD_ROLE_GRANT,
					   revoke ? role_revoke : role_grant, &body.change);
				if (strchr(rows[i].fits, *scope)) {
					assert_int_equal(f->at, STEP_WAIT);
				} else {
					step_refused(f, ERROR_BAD_ARGUMENT);
				}
			}
		}
	}
}

static void grants_that_cannot_be_are_refused_at_once(void **state)
{
	static const char *const bad_dates[] = { "2024-02-30", "2023-02-29", "2024-13-01",
						 "2024-1-1",   "yesterday",  "2024-01-01x",
						 " 024-01-01", "1899-01-01", "2024-00-10",
						 "1900-02-29" };
	struct step_fixture *f = *state;
	struct role_body body;

	for (size_t i = 0; i < sizeof bad_dates / sizeof *bad_dates; i++) {
		role_body(&body, INAP__V1__ROLE__ROLE_APPROVER, "FED-MOI", 0);
		body.grant.to = TEXT(bad_dates[i]);
		step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
		step_refused(f, ERROR_DATE_BAD);
	}
	role_body(&body, INAP__V1__ROLE__ROLE_APPROVER, "FED-MOI", 0);
	body.grant.from = TEXT("2025-01-02");
	body.grant.to = TEXT("2025-01-01");
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	step_refused(f, ERROR_BAD_ARGUMENT);
	step_argument(f, "field", "grant.to");
	role_body(&body, INAP__V1__ROLE__ROLE_APPROVER, "FED-MOI", 0);
	body.grant.basis = INAP__V1__BASIS__BASIS_ACTING;
	body.grant.order_number = TEXT("17");
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	step_refused(f, ERROR_BAD_ARGUMENT);
	body.grant.basis = INAP__V1__BASIS__BASIS_DELEGATED;
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	step_argument(f, "field", "grant.basis");
	role_body(&body, INAP__V1__ROLE__ROLE_APPROVER, "fed-moi", 0);
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	step_refused(f, ERROR_NOT_FOUND);
	body.change.grant = NULL;
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	step_refused(f, ERROR_BAD_ARGUMENT);
	step_begin(f, METHOD_ROLE_REVOKE, role_revoke, &body.change);
	step_refused(f, ERROR_BAD_ARGUMENT);
	body.change.user = TEXT("No One");
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	step_refused(f, ERROR_NOT_FOUND);
	step_begin(f, METHOD_ROLE_REVOKE, role_revoke, &body.change);
	step_refused(f, ERROR_NOT_FOUND);
}

static void a_role_is_taken_by_role_and_scope(void **state)
{
	struct step_fixture *f = *state;
	struct role_body body;

	role_body(&body, INAP__V1__ROLE__ROLE_ADMIN, "",
		  INAP__V1__JURISDICTION__JURISDICTION_FEDERAL);
	body.change.note = TEXT("order 9");
	step_begin(f, METHOD_ROLE_REVOKE, role_revoke, &body.change);
	assert_string_equal(step_sent(f), "user_lock role_take user_show user_show_grants");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 2), "admin");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 4), "federal");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 5), "order 9");
	fake_rows(&f->r.unit, 1, "fault=NOT_FOUND|what\\=grant|name\\=admin federal,receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_NOT_FOUND);
	step_argument(f, "name", "admin federal");
}

static void a_delegation_is_of_the_entity_in_reach(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__RoleDelegate body = INAP__V1__ROLE_DELEGATE__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;

	entity.entity = TEXT("FED-MOI");
	body.entity = &entity;
	body.user = TEXT("moi-deputy");
	body.until = TEXT("2026-01-20");
	step_begin(f, METHOD_ROLE_DELEGATE, role_delegate, &body);
	assert_string_equal(step_sent(f), "user_lock role_give user_show user_show_grants");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 1), "role.delegate");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 3), "approver");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 4), "FED-MOI");
	assert_null(fake_parameter(&f->r.unit, 1, 6));
	assert_string_equal(fake_parameter(&f->r.unit, 1, 7), "2026-01-20");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 8), "delegated");
	fake_rows(&f->r.unit, 1,
		  "fault=BAD_ARGUMENT|field\\=until|why\\=30 days at most,receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_BAD_ARGUMENT);
	step_argument(f, "why", "30 days at most");
	body.until = TEXT("");
	step_begin(f, METHOD_ROLE_DELEGATE, role_delegate, &body);
	step_argument(f, "field", "until");
	body.until = TEXT("soon");
	step_begin(f, METHOD_ROLE_DELEGATE, role_delegate, &body);
	step_refused(f, ERROR_DATE_BAD);
	body.user = TEXT("");
	step_begin(f, METHOD_ROLE_DELEGATE, role_delegate, &body);
	step_refused(f, ERROR_NOT_FOUND);
}

static void role_names_become_bits(void **state)
{
	(void)state;
	assert_int_equal(grants_roles(""), 0);
	assert_int_equal(grants_roles("admin"), ROLE_BIT_ADMIN);
	assert_int_equal(grants_roles("focal_point,national_team"),
			 ROLE_BIT_FOCAL_POINT | ROLE_BIT_NATIONAL_TEAM);
	assert_int_equal(grants_roles("king"), 0);
}

static void a_step_that_does_not_know_where_it_is_says_so(void **state)
{
	static request_step *const steps[] = {
		user_add,   user_list,  user_disable, user_enable,
		user_reset, role_grant, role_revoke,  role_delegate
	};
	struct step_fixture *f = *state;
	struct role_body body;

	role_body(&body, INAP__V1__ROLE__ROLE_ADMIN, "", 0);
	step_begin(f, METHOD_ROLE_GRANT, role_grant, &body.change);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		f->r.at = 99;
		f->r.error.code = ERROR_NONE;
		assert_int_equal(steps[i](&f->r), STEP_DONE);
		assert_int_equal(f->r.error.code, ERROR_INTERNAL);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_user_is_added_with_a_code_that_only_its_hash_is_stored_of),
		TEST(a_replay_after_the_code_was_used_shows_none),
		TEST(names_that_cannot_be_are_refused_at_once),
		TEST(what_a_user_needs_is_asked_for),
		TEST(a_fault_becomes_the_refusal_that_it_names),
		TEST(a_reset_gives_a_code),
		TEST(disabling_and_enabling_say_which),
		TEST(a_list_deals_the_grants_out_to_their_users),
		TEST(a_role_is_given_with_its_dates_and_basis),
		TEST(a_scope_fits_its_role),
		TEST(grants_that_cannot_be_are_refused_at_once),
		TEST(a_role_is_taken_by_role_and_scope),
		TEST(a_delegation_is_of_the_entity_in_reach),
		TEST(role_names_become_bits),
		TEST(a_step_that_does_not_know_where_it_is_says_so),
	};

	if (sodium_init() < 0) {
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
