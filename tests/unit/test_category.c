/* category.list without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/category.h"
#include "inap/v1/category.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

static struct step_fixture f;

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void list(const char *plan, const char *dimension)
{
	static Inap__V1__CategoryList body;

	inap__v1__category_list__init(&body);
	body.plan = (char *)(uintptr_t)plan;
	body.dimension = (char *)(uintptr_t)dimension;
	step_begin(&f, METHOD_CATEGORY_LIST, category_list, &body.base);
	assert_string_equal(step_sent(&f), "category_list");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), plan);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), dimension);
}

#define ROW(dimension, code, rest)                                                                 \
	"dimension=" dimension ",dimension_en=D " dimension ",dimension_ar=A,dimension_ckb=NULL,"  \
	"code=" code ",name_en=N " code ",name_ar=NULL,name_ckb=K," rest

static void listed_sent(void)
{
	list("", "");
	fake_rows(
		&f.r.unit, 0,
		ROW("governorate", "IQ-HA", "valid_from=2025-04-01,valid_to=NULL,split_from=IQ-SU;")
			ROW("governorate", "IQ-SU",
			    "valid_from=NULL,valid_to=2030-01-01,split_from=NULL;")
				ROW("sex", "F", "valid_from=NULL,valid_to=NULL,split_from=NULL"));
}

static void categories_are_listed_by_dimension(void **state)
{
	const Inap__V1__CategoryListReply *reply;
	const Inap__V1__Dimension *dimension;

	(void)state;
	listed_sent();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__category_list_reply__descriptor);
	assert_int_equal(reply->n_dimensions, 2);
	dimension = reply->dimensions[0];
	assert_string_equal(dimension->code, "governorate");
	assert_string_equal(dimension->name->ar, "A");
	assert_int_equal(dimension->n_categories, 2);
	assert_string_equal(dimension->categories[0]->code, "IQ-HA");
	assert_string_equal(dimension->categories[0]->name->en, "N IQ-HA");
	assert_string_equal(dimension->categories[0]->name->ar, "");
	assert_string_equal(dimension->categories[0]->from, "2025-04-01");
	assert_string_equal(dimension->categories[0]->to, "");
	assert_string_equal(dimension->categories[0]->split_from, "IQ-SU");
	assert_string_equal(dimension->categories[1]->to, "2030-01-01");
	assert_string_equal(reply->dimensions[1]->code, "sex");
	assert_int_equal(reply->dimensions[1]->n_categories, 1);
	assert_string_equal(reply->dimensions[1]->categories[0]->code, "F");
}

static void no_such_dimension_or_plan(void **state)
{
	(void)state;
	list("", "colour");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "dimension");
	step_argument(&f, "name", "colour");

	list("INAP-X", "");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "plan");
	step_argument(&f, "name", "INAP-X");
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, listed_sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(categories_are_listed_by_dimension, begin, end),
		cmocka_unit_test_setup_teardown(no_such_dimension_or_plan, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
