/*
** uses.h - what an expression mentions: its variables.  Found once, when it is
** compiled.
*/
#ifndef SF_QUERY_JSONATA_USES_H
#define SF_QUERY_JSONATA_USES_H

#include "query/jsonata/ast.h"
#include "query/jsonata/jsonata.h"

typedef struct jn_uses {
  sf_jsonata_use *at;
  size_t count, capacity;
} jn_uses;

/* False: no memory. */
bool jn_uses_find(jn_arena *a, const jn_node *tree, jn_uses *out);

#endif
