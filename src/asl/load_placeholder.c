/*
** load_placeholder.c - values that wait for their ${placeholder}.
*/
#include <string.h>

#include "asl/loader.h"

static bool has_placeholder(sf_value v) {
  const char *open =
    v.kind == SF_STRING ? strstr(sf_string_text(v), "${") : NULL;
  const char *close = open != NULL ? strchr(open, '}') : NULL;
  return close != NULL && close > open + 2;
}

bool sf_leave_placeholder(sf_loader *l, sf_value v, const sf_where *where) {
  if (!has_placeholder(v))
    return false;
  sf_warn(l, where, SF_LOCATION_HERE, "UNRESOLVED_PLACEHOLDER",
          "'%s' waits for its placeholder to be replaced", sf_string_text(v));
  if (l->state == NULL || l->state->waits.kind != SF_ABSENT)
    return true;
  l->state->waits = sf_where_text(l->mem, where);
  if (l->state->waits.kind == SF_ABSENT)
    sf_loader_nomem(l);
  return true;
}
