/*
 * condition_parts.h - conditions and orders once they are parsed; for condition*.c alone.
 */
#ifndef SANDBOX_CONDITION_PARTS_H
#define SANDBOX_CONDITION_PARTS_H

#include "condition.h"

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_CONTAINS, OP_LIKE, OP_IN };

enum node { NODE_AND, NODE_OR, NODE_NOT, NODE_TEST };

struct condition {
	enum node node;
	struct condition *left, *right;
	/* NODE_TEST */
	const struct field *field;
	char *sub;
	enum op op;
	bool negated;
	struct value *values; /* texts owned */
	size_t n_values;
};

#define ORDER_MAX 8

struct order {
	size_t n;
	struct {
		const struct field *field;
		char *sub;
		bool down;
	} keys[ORDER_MAX];
};

#endif
