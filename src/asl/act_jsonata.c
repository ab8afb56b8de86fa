/*
** act_jsonata.c - fields of JSONata states.  Their expressions are not compiled
** yet: the delimiters are looked at.
*/
#include "asl/act.h"

static bool begins(const char *text, size_t len) {
  return len >= 2 && text[0] == '{' && text[1] == '%';
}

static bool ends(const char *text, size_t len) {
  return len >= 2 && text[len - 2] == '%' && text[len - 1] == '}';
}

bool sf_load_jsonata(sf_loader *l, sf_value v, const sf_where *where) {
  const char *text;
  size_t len;
  if (v.kind != SF_STRING)
    return false;
  text = sf_string_text(v);
  len = sf_string_length(v);
  if (begins(text, len) && ends(text, len) && len >= 4)
    return true;
  if (begins(text, len) || ends(text, len)) /* blanks outside make it a text */
    sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "A JSONata expression must begin with '{%%' and end with '%%}'");
  return false;
}

/* The depth of a value is limited (SF_DEPTH_MAX), so is this recursion. */
void sf_load_jsonata_value(sf_loader *l, sf_value v, const sf_where *where) {
  size_t i;
  if (v.kind == SF_STRING) {
    sf_load_jsonata(l, v, where);
  } else if (v.kind == SF_ARRAY) {
    for (i = 0; i < sf_array_count(v); i++) {
      sf_where at = sf_where_index(where, i);
      sf_load_jsonata_value(l, sf_array_at(v, i), &at);
    }
  } else if (v.kind == SF_OBJECT) {
    for (i = 0; i < sf_object_count(v); i++) {
      sf_where at = sf_where_key(where, sf_object_key_at(v, i));
      sf_load_jsonata_value(l, sf_object_value_at(v, i), &at);
    }
  }
}

void sf_act_jsonata_field(sf_loader *l, const sf_site *site, sf_value v) {
  sf_load_jsonata_value(l, v, site->where);
}
