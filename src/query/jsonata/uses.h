/*
** uses.h - what an expression mentions: its variables, and whether it needs an
** input.  Found once, when it is compiled.
*/
#ifndef SF_QUERY_JSONATA_USES_H
#define SF_QUERY_JSONATA_USES_H

#include "query/jsonata/ast.h"
#include "query/jsonata/jsonata.h"

typedef struct jn_uses {
  sf_jsonata_use *at;
  size_t count, capacity;
  size_t needs_input; /* offset, or SF_NO_OFFSET */
} jn_uses;

/* False: no memory. */
bool jn_uses_find(jn_arena *a, const jn_node *tree, jn_uses *out);

#endif
