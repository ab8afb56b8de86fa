/*
** dialect.c - the table behind dialect.h.
*/
#include "query/jsonata/dialect.h"

static const jn_dialect dialects[] = {
  {SF_JSONATA_2_2, true, JN_CORE | JN_EVAL | JN_RANDOM, true, false, false,
   true, true, "the limit of memory is reached", false, false},
  {SF_JSONATA_AWS, false, JN_CORE | JN_AWS, false, true, true, false, false,
   "Expression evaluation memory limit exceeded", true, true},
};

const jn_dialect *jn_dialect_of(sf_jsonata_dialect dialect) {
  return &dialects[dialect];
}
