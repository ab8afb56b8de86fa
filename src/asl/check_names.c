/*
** check_names.c - variables that no state assigns, and functions of JSONata that
** there are not.
*/
#include <string.h>

#include "asl/check.h"
#include "query/jsonata/jsonata.h"

static bool is_assigned(const sf_loader *l, sf_value name) {
  size_t i;
  for (i = 0; i < l->nscopes; i++)
    if (sf_object_get_key(l->scopes[i].assigned, name).kind != SF_ABSENT)
      return true;
  return false;
}

static void try_assigned(const sf_loader *l, sf_nearest *n) {
  size_t i, k;
  for (i = 0; i < l->nscopes; i++)
    for (k = 0; k < sf_object_count(l->scopes[i].assigned); k++) {
      sf_value name = sf_object_key_at(l->scopes[i].assigned, k);
      sf_nearest_try(n, sf_string_text(name), sf_string_length(name));
    }
}

static void hint_variable(sf_loader *l, sf_value name) {
  sf_nearest n;
  sf_nearest_init(&n, sf_string_text(name), sf_string_length(name));
  sf_nearest_try(&n, "states", 6);
  try_assigned(l, &n);
  if (n.name != NULL)
    sf_hint(l, "did you mean '$%.*s'?", (int)n.length, n.name);
}

static void check_variable(sf_loader *l, sf_value name, const sf_where *at) {
  if (is_assigned(l, name) || sf_string_is(name, "states"))
    return;
  hint_variable(l, name);
  sf_warn(l, at, SF_LOCATION_HERE, "UNKNOWN_VARIABLE",
          "No state assigns the variable '$%s'", sf_string_text(name));
}

static void check_function(sf_loader *l, sf_value name, const sf_where *at) {
  sf_nearest n;
  const char *other;
  size_t i;
  if (is_assigned(l, name))
    return;
  sf_nearest_init(&n, sf_string_text(name), sf_string_length(name));
  for (i = 0; (other = sf_jsonata_function_name(SF_JSONATA_AWS, i)) != NULL;
       i++)
    sf_nearest_try(&n, other, strlen(other));
  if (n.name != NULL)
    sf_hint(l, "did you mean '$%.*s'?", (int)n.length, n.name);
  sf_warn(l, at, SF_LOCATION_HERE, "UNKNOWN_FUNCTION",
          "There is no function '$%s': calling it fails", sf_string_text(name));
}

static void check_each(sf_loader *l, sf_value names,
                       void (*check)(sf_loader *l, sf_value name,
                                     const sf_where *at)) {
  size_t i;
  for (i = 0; i < sf_object_count(names) && l->status == SF_OK; i++) {
    sf_value pointer = sf_object_value_at(names, i);
    sf_where at = sf_where_pointer(NULL, sf_string_text(pointer));
    check(l, sf_object_key_at(names, i), &at);
  }
}

void sf_check_names(sf_loader *l) {
  check_each(l, l->variables, check_variable);
  check_each(l, l->functions, check_function);
}
