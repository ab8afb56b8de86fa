/*
** choice.h - the rules of a Choice state: 39 comparison operators in one table
** (choice.c), And, Or, Not over them.
*/
#ifndef SF_ASL_CHOICE_H
#define SF_ASL_CHOICE_H

#include "asl/machine.h"

typedef struct sf_choice_rule {
  uint32_t next;        /* state */
  sf_template *assign;  /* NULL when not there */
  struct sf_test *test; /* private to choice.c */
} sf_choice_rule;

struct sf_choice {
  sf_choice_rule *rules;
  uint32_t count;
  uint32_t otherwise; /* Default: a state, or SF_NONE */
};

/* Try the rules in order against env.  *rule is the index of the first that
** holds, or SF_NONE.  SF_ERR_NOT_FOUND: a Variable or ...Path operand names
** nothing; err->message then is AWS's text ("Invalid path '$.x': The choice
** state's condition path references an invalid value."). */
sf_status sf_choice_select(const sf_choice *choice, const sf_env *env,
                           uint32_t *rule, sf_error *err);

#endif
