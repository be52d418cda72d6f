/* Tests of the intrusive list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/base/list.h"

struct item {
	int number;
	struct list_node node;
};

static int sum_in_order(const struct list_node *head)
{
	int sum = 0;

	for (struct list_node *n = list_first(head); n; n = list_next(head, n)) {
		sum = sum * 10 + LIST_OWNER(n, struct item, node)->number;
	}
	return sum;
}

static void nodes_stay_in_the_order_they_came(void **state)
{
	struct item items[4] = {
		{ .number = 1 }, { .number = 2 }, { .number = 3 }, { .number = 4 }
	};
	struct list_node head;

	(void)state;
	list_init(&head);
	assert_true(list_empty(&head));
	assert_null(list_first(&head));
	for (size_t i = 0; i < 3; i++) {
		list_push_back(&head, &items[i].node);
	}
	list_push_front(&head, &items[3].node);
	assert_int_equal(sum_in_order(&head), 4123);
	assert_false(list_empty(&head));
}

static void a_removed_node_is_gone_and_may_be_removed_again(void **state)
{
	struct item items[3] = { { .number = 1 }, { .number = 2 }, { .number = 3 } };
	struct list_node head;

	(void)state;
	list_init(&head);
	assert_false(list_linked(&items[1].node));
	list_remove(&items[1].node); /* never linked */
	for (size_t i = 0; i < 3; i++) {
		list_push_back(&head, &items[i].node);
	}
	assert_true(list_linked(&items[1].node));
	list_remove(&items[1].node);
	list_remove(&items[1].node);
	assert_false(list_linked(&items[1].node));
	assert_int_equal(sum_in_order(&head), 13);
	list_push_back(&head, &items[1].node);
	assert_int_equal(sum_in_order(&head), 132);
}

static void popping_empties_from_the_front(void **state)
{
	struct item items[2] = { { .number = 1 }, { .number = 2 } };
	struct list_node head;

	(void)state;
	list_init(&head);
	list_push_back(&head, &items[0].node);
	list_push_back(&head, &items[1].node);
	assert_ptr_equal(list_pop_front(&head), &items[0].node);
	assert_ptr_equal(list_pop_front(&head), &items[1].node);
	assert_null(list_pop_front(&head));
	assert_true(list_empty(&head));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_stay_in_the_order_they_came),
		cmocka_unit_test(a_removed_node_is_gone_and_may_be_removed_again),
		cmocka_unit_test(popping_empties_from_the_front),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
