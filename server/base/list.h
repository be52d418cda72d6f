/**
 * An intrusive, circular, doubly linked list.
 *
 * Ownership  nodes lie inside their owners; the list owns nothing.
 * Errors     none. A zeroed node is not linked; removing it is no error.
 * Threads    loop thread only.
 */
#ifndef INAP_BASE_LIST_H
#define INAP_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

/** A node, or the head of a list (then only after list_init()). */
struct list_node {
	struct list_node *next;
	struct list_node *prev;
};

/** The struct around a node: LIST_OWNER(node, struct request, node). */
#define LIST_OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

static inline void list_init(struct list_node *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_node *head)
{
	return head->next == head;
}

/** True while the node is in some list. */
static inline bool list_linked(const struct list_node *node)
{
	return node->next != NULL;
}

/** The node must not be linked. */
static inline void list_push_back(struct list_node *head, struct list_node *node)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

/** The node must not be linked. */
static inline void list_push_front(struct list_node *head, struct list_node *node)
{
	node->prev = head;
	node->next = head->next;
	head->next->prev = node;
	head->next = node;
}

/** Takes the node out of whatever list it is in. */
static inline void list_remove(struct list_node *node)
{
	if (!list_linked(node)) {
		return;
	}
	node->prev->next = node->next;
	node->next->prev = node->prev;
	node->next = NULL;
	node->prev = NULL;
}

/** NULL if the list is empty. */
static inline struct list_node *list_first(const struct list_node *head)
{
	return head->next == head ? NULL : head->next;
}

/** NULL after the last; take the next before removing the node. */
static inline struct list_node *list_next(const struct list_node *head,
					  const struct list_node *node)
{
	return node->next == head ? NULL : node->next;
}

/** Removes and returns the first, NULL if the list is empty. */
static inline struct list_node *list_pop_front(struct list_node *head)
{
	struct list_node *node = list_first(head);

	if (node) {
		list_remove(node);
	}
	return node;
}

#endif
