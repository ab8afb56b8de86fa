/*
** path_member.c - a member that is not where it was last time.
*/
#include <string.h>

#include "query/path_member.h"

#define WALK_MAX 8 /* larger objects are searched by their index */

sf_value sf_search_name(sf_hint *hint, sf_value name, sf_value object) {
  const char *text = sf_string_text(name);
  size_t i, len = sf_string_length(name), count = sf_object_count(object);
  if (count > WALK_MAX)
    return sf_object_get_key(object, name);
  for (i = 0; i < count; i++) {
    sf_value key = sf_object_key_at(object, i);
    const char *own = sf_string_text(key);
    if (sf_string_length(key) == len && own[0] == text[0] &&
        memcmp(own, text, len) == 0) {
      hint->at = i;
      hint->key = sf_identity(key);
      return sf_object_value_at(object, i);
    }
  }
  return sf_absent();
}
