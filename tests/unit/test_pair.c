/* review.pairs without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/domain/pair.h"
#include "inap/v1/pair.pb-c.h"
#include "tests/unit/step.h"

#define NONE                                                                                       \
	"code=NULL,name_en=NULL,name_ar=NULL,name_ckb=NULL,tolerance=NULL,left_entity=NULL,"       \
	"left_cell=NULL,left_figure=NULL,left_point=NULL,right_entity=NULL,right_cell=NULL,"       \
	"right_figure=NULL,right_point=NULL,differs=NULL"
#define PAIR                                                                                       \
	"plan=INAP-II,round=2024Q3,code=SAME,name_en=the same,name_ar=NULL,name_ckb=NULL,"         \
	"tolerance=2,left_entity=FED-A,left_cell=XA-1.1,left_figure=10,left_point=1,"              \
	"right_entity=KRG-A,right_cell=XA-1.1,right_figure=NULL,right_point=NULL,differs=t"

static struct step_fixture f;
static Inap__V1__PairList body;

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__pair_list__init(&body);
	step_begin(&f, METHOD_REVIEW_PAIRS, review_pairs, &body);
	assert_string_equal(step_sent(&f), "pair_list");
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void a_side_that_is_not_the_callers_has_no_figure(void **state)
{
	const Inap__V1__PairListReply *reply;

	(void)state;
	fake_rows(&f.r.unit, 0, PAIR);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__pair_list_reply__descriptor);
	assert_int_equal(reply->n_pairs, 1);
	assert_string_equal(reply->pairs[0]->left->figure, "10");
	assert_int_equal(reply->pairs[0]->left->point, 1);
	assert_string_equal(reply->pairs[0]->right->figure, "");
	assert_int_equal(reply->pairs[0]->right->point, 0);
	assert_true(reply->pairs[0]->differs);
}

static void no_pair_is_an_empty_list(void **state)
{
	(void)state;
	fake_rows(&f.r.unit, 0, "plan=INAP-II,round=2024Q3," NONE);
	step_on(&f);
	assert_int_equal(((const Inap__V1__PairListReply *)step_reply(
				  &f, &inap__v1__pair_list_reply__descriptor))
				 ->n_pairs,
			 0);
}

static void what_is_not_there_is_named(void **state)
{
	(void)state;
	fake_rows(&f.r.unit, 0, "plan=INAP-II,round=NULL," NONE);
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "name", "open");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_side_that_is_not_the_callers_has_no_figure),
		TEST(no_pair_is_an_empty_list),
		TEST(what_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
