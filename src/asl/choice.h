/*
** choice.h - the rules of a Choice state: 39 comparison operators in one table
** (SF_OPERATORS), And, Or, Not over them.
**
** A rule is compiled to a row of tests with two exits each, where to go on
** when the test holds and where when it does not.  And, Or and Not are nothing
** but these exits, so that a rule is evaluated by a loop, without recursion and
** without allocating.
*/
#ifndef SF_ASL_CHOICE_H
#define SF_ASL_CHOICE_H

#include "asl/machine.h"

/* name, type of its operand, relation, is the operand a path? */
#define SF_OPERATORS(X)                                                        \
  X(StringEquals, STRING, EQUAL, false)                                        \
  X(StringEqualsPath, STRING, EQUAL, true)                                     \
  X(StringLessThan, STRING, LESS, false)                                       \
  X(StringLessThanPath, STRING, LESS, true)                                    \
  X(StringGreaterThan, STRING, GREATER, false)                                 \
  X(StringGreaterThanPath, STRING, GREATER, true)                              \
  X(StringLessThanEquals, STRING, LESS_EQUAL, false)                           \
  X(StringLessThanEqualsPath, STRING, LESS_EQUAL, true)                        \
  X(StringGreaterThanEquals, STRING, GREATER_EQUAL, false)                     \
  X(StringGreaterThanEqualsPath, STRING, GREATER_EQUAL, true)                  \
  X(StringMatches, STRING, MATCHES, false)                                     \
  X(NumericEquals, NUMERIC, EQUAL, false)                                      \
  X(NumericEqualsPath, NUMERIC, EQUAL, true)                                   \
  X(NumericLessThan, NUMERIC, LESS, false)                                     \
  X(NumericLessThanPath, NUMERIC, LESS, true)                                  \
  X(NumericGreaterThan, NUMERIC, GREATER, false)                               \
  X(NumericGreaterThanPath, NUMERIC, GREATER, true)                            \
  X(NumericLessThanEquals, NUMERIC, LESS_EQUAL, false)                         \
  X(NumericLessThanEqualsPath, NUMERIC, LESS_EQUAL, true)                      \
  X(NumericGreaterThanEquals, NUMERIC, GREATER_EQUAL, false)                   \
  X(NumericGreaterThanEqualsPath, NUMERIC, GREATER_EQUAL, true)                \
  X(BooleanEquals, BOOLEAN, EQUAL, false)                                      \
  X(BooleanEqualsPath, BOOLEAN, EQUAL, true)                                   \
  X(TimestampEquals, TIMESTAMP, EQUAL, false)                                  \
  X(TimestampEqualsPath, TIMESTAMP, EQUAL, true)                               \
  X(TimestampLessThan, TIMESTAMP, LESS, false)                                 \
  X(TimestampLessThanPath, TIMESTAMP, LESS, true)                              \
  X(TimestampGreaterThan, TIMESTAMP, GREATER, false)                           \
  X(TimestampGreaterThanPath, TIMESTAMP, GREATER, true)                        \
  X(TimestampLessThanEquals, TIMESTAMP, LESS_EQUAL, false)                     \
  X(TimestampLessThanEqualsPath, TIMESTAMP, LESS_EQUAL, true)                  \
  X(TimestampGreaterThanEquals, TIMESTAMP, GREATER_EQUAL, false)               \
  X(TimestampGreaterThanEqualsPath, TIMESTAMP, GREATER_EQUAL, true)            \
  X(IsNull, BOOLEAN, IS_NULL, false)                                           \
  X(IsPresent, BOOLEAN, IS_PRESENT, false)                                     \
  X(IsNumeric, BOOLEAN, IS_NUMERIC, false)                                     \
  X(IsString, BOOLEAN, IS_STRING, false)                                       \
  X(IsBoolean, BOOLEAN, IS_BOOLEAN, false)                                     \
  X(IsTimestamp, BOOLEAN, IS_TIMESTAMP, false)

typedef enum sf_operand_type {
  SF_TYPE_STRING,
  SF_TYPE_NUMERIC,
  SF_TYPE_BOOLEAN,
  SF_TYPE_TIMESTAMP
} sf_operand_type;

typedef enum sf_relation {
  SF_RELATION_EQUAL,
  SF_RELATION_LESS,
  SF_RELATION_GREATER,
  SF_RELATION_LESS_EQUAL,
  SF_RELATION_GREATER_EQUAL,
  SF_RELATION_MATCHES,
  SF_RELATION_IS_NULL,
  SF_RELATION_IS_PRESENT,
  SF_RELATION_IS_NUMERIC,
  SF_RELATION_IS_STRING,
  SF_RELATION_IS_BOOLEAN,
  SF_RELATION_IS_TIMESTAMP
} sf_relation;

typedef struct sf_operator {
  const char *name;
  sf_operand_type type;
  sf_relation relation;
  bool path; /* the operand is a path to the value */
} sf_operator;

/* The place of each in SF_OPERATORS. */
#define SF_OPERATOR_INDEX(name, type, relation, path) SF_OPERATOR_##name,
enum { SF_OPERATORS(SF_OPERATOR_INDEX) SF_OPERATOR_COUNT };

/* The operator at 'index', which is below SF_OPERATOR_COUNT. */
const sf_operator *sf_operator_at(size_t index);

/* Variables of one choice that are looked up once only. */
#define SF_SLOTS_MAX 32

/* Exits of a test. */
#define SF_TEST_HOLDS UINT32_MAX       /* the rule holds */
#define SF_TEST_FAILS (UINT32_MAX - 1) /* the rule does not */

typedef struct sf_test {
  const sf_operator *op; /* of the static table */
  sf_expr *variable;
  sf_value operand; /* a constant, or SF_ABSENT: */
  sf_expr *operand_path;
  sf_time instant;  /* of a constant TIMESTAMP operand */
  bool plain;       /* 'variable' is a Reference Path on the input */
  uint32_t slot;    /* tests of one choice with equal variables have the same
                       number below SF_SLOTS_MAX; SF_NONE: none is left */
  uint32_t yes, no; /* the next test of the rule, or one of the exits */
} sf_test;

/* Gives back what the test owns. */
void sf_test_clear(sf_test *t);

typedef struct sf_choice_rule {
  uint32_t next;        /* state */
  sf_template *assign;  /* NULL when not there */
  sf_template *output;  /* JSONata; NULL when not there */
  sf_operand condition; /* JSONata: a boolean, or an expression */
  sf_test *tests;       /* JSONPath: the first is where to begin */
  uint32_t ntests;
} sf_choice_rule;

struct sf_choice {
  sf_choice_rule *rules;
  uint32_t count;
  uint32_t otherwise; /* Default: a state, or SF_NONE */
};

/* Try the rules of a JSONPath state in order against env.  *rule is the index of the first that
** holds, or SF_NONE.  SF_ERR_NOT_FOUND: a Variable or ...Path operand names
** nothing; err->message then is AWS's text ("Invalid path '$.x': The choice
** state's condition path references an invalid value.").  SF_ERR_EVALUATE: a
** StringMatches pattern with a stray backslash. */
sf_status sf_choice_select(const sf_choice *choice, const sf_env *env,
                           uint32_t *rule, sf_error *err);

#endif
