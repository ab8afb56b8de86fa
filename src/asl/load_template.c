/*
** load_template.c - payload templates, Assign, Credentials: compiled by the
** query floor, their faults and doubtful constants told here.
*/
#include "asl/loader.h"

#include <string.h>

#include "query/template.h"

/* Who is told of the faults of a template. */
typedef struct sf_listener {
  sf_loader *l;
  const sf_where *where; /* the template's root */
  const sf_template *t;  /* once it is compiled */
} sf_listener;

static void report(void *ud, const sf_template_fault *fault) {
  const sf_listener *listener = ud;
  sf_where at = sf_where_pointer(listener->where, fault->pointer);
  if (sf_leave_placeholder(listener->l, fault->text, &at))
    return;
  if (fault->error.status == SF_ERR_STATE) {
    sf_fault(listener->l, &at, SF_LOCATION_HOLDER, SF_CODE_SCHEMA,
             "The field '%s' appears both with and without '.$'",
             sf_string_text(fault->key));
    return;
  }
  sf_hint_expr(listener->l, fault->text, &fault->error);
  sf_fault_value(listener->l, &at, SF_LOCATION_ABOVE,
                 "The value for the field '%s' must be a valid JSONPath or a "
                 "valid intrinsic function call",
                 sf_string_text(fault->key));
}

static void report_jsonata(void *ud, const sf_template_fault *fault) {
  const sf_listener *listener = ud;
  sf_where at = sf_where_pointer(listener->where, fault->pointer);
  if (!sf_leave_placeholder(listener->l, fault->text, &at))
    sf_fault_value(listener->l, &at, SF_LOCATION_HERE, "%s",
                   fault->error.message);
}

static const char *doubt_of(const sf_expr *e) {
  const sf_path *path = sf_expr_path(e);
  return path != NULL ? sf_path_doubtful(path) : NULL;
}

void sf_warn_doubtful(sf_loader *l, const sf_expr *e, const sf_where *where) {
  const char *what = doubt_of(e);
  if (what != NULL)
    sf_warn(l, where, SF_LOCATION_HERE, "DOUBTFUL_PATH",
            "The path '%s' uses %s, which AWS documents as not supported",
            sf_expr_text(e), what);
}

/* The place of one expression in it: 'pointer' is the caller's to release. */
static sf_where where_of(const sf_listener *listener, size_t at,
                         sf_value *pointer) {
  *pointer = sf_template_pointer(listener->t, at);
  if (pointer->kind == SF_ABSENT)
    sf_loader_nomem(listener->l);
  return sf_where_pointer(listener->where, pointer->kind == SF_ABSENT
                                             ? ""
                                             : sf_string_text(*pointer));
}

static void visit_jsonata(void *ud, const sf_expr *e, size_t at) {
  const sf_listener *listener = ud;
  sf_value pointer;
  sf_where where;
  if (sf_jsonata_is_sound(listener->l, e) && !sf_has_uses(e))
    return;
  where = where_of(listener, at, &pointer);
  sf_check_jsonata(listener->l, e, &where);
  sf_note_uses(listener->l, e, &where);
  sf_release(pointer);
}

static void visit(void *ud, const sf_expr *e, size_t at) {
  const sf_listener *listener = ud;
  sf_value pointer;
  sf_where where;
  if (doubt_of(e) == NULL && !sf_has_variables(e))
    return;
  where = where_of(listener, at, &pointer);
  sf_note_variables(listener->l, e, &where);
  sf_warn_doubtful(listener->l, e, &where);
  sf_release(pointer);
}

bool sf_looks_like_path(sf_value text) {
  const char *t = sf_string_text(text);
  size_t len = sf_string_length(text);
  if (t[0] == '$')
    return t[1] == '.' || t[1] == '[' || (t[1] == '$' && t[2] == '.');
  return strncmp(t, "States.", 7) == 0 && strchr(t, '(') != NULL &&
         t[len - 1] == ')';
}

static bool ends_in_dollar(sf_value key) {
  size_t len = sf_string_length(key);
  return len > 2 && strcmp(sf_string_text(key) + len - 2, ".$") == 0;
}

static void warn_static(sf_loader *l, const sf_where *where) {
  sf_warn(l, where, SF_LOCATION_HERE, "PASS_RESULT_IS_STATIC",
          "The Result of a Pass state is not evaluated: paths in it stay text");
}

static void warn_constant(sf_loader *l, sf_value v, bool result,
                          const sf_where *where) {
  if (!sf_looks_like_path(v))
    return;
  if (result)
    warn_static(l, where);
  else
    sf_warn(l, where, SF_LOCATION_HERE, "NO_DOLLAR",
            "The value looks like a path or an intrinsic function call, but "
            "the field's name does not end with '.$'");
}

/* The depth of a value is limited (SF_DEPTH_MAX), so is this recursion. */
void sf_load_constant(sf_loader *l, sf_value v, bool result,
                      const sf_where *where) {
  size_t i;
  if (v.kind == SF_STRING) {
    warn_constant(l, v, result, where);
  } else if (v.kind == SF_ARRAY) {
    for (i = 0; i < sf_array_count(v); i++) {
      sf_where at = sf_where_index(where, i);
      sf_load_constant(l, sf_array_at(v, i), result, &at);
    }
  } else if (v.kind == SF_OBJECT) {
    for (i = 0; i < sf_object_count(v); i++) {
      sf_value key = sf_object_key_at(v, i);
      sf_where at = sf_where_key(where, key);
      if (!ends_in_dollar(key))
        sf_load_constant(l, sf_object_value_at(v, i), result, &at);
      else if (result)
        warn_static(l, &at);
    }
  }
}

sf_template *sf_load_template(sf_loader *l, sf_value v, const sf_where *where) {
  bool jsonata = l->language == SF_JSONATA;
  sf_listener listener = {l, where, NULL};
  sf_template *t = NULL;
  sf_error err;
  sf_status st = sf_template_new(
    l->mem, &l->paths, jsonata ? SF_TEMPLATE_JSONATA : SF_TEMPLATE_JSONPATH, v,
    jsonata ? report_jsonata : report, &listener, &t, &err);
  if (st == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
    return NULL;
  }
  if (st == SF_ERR_LIMIT)
    sf_fault_value(l, where, SF_LOCATION_HERE, "%s", err.message);
  if (jsonata)
    sf_load_jsonata_value(l, v, where);
  if (st != SF_OK)
    return NULL;
  if (!jsonata)
    sf_load_constant(l, v, false, where);
  listener.t = t;
  sf_template_visit(t, jsonata ? visit_jsonata : visit, &listener);
  return t;
}

/* --- Assign --- */

static const char *name_fault(const char *name, size_t len) {
  size_t i, points = 0;
  if (len == 0)
    return "must not be empty";
  if (len == 6 && memcmp(name, "states", 6) == 0)
    return "is reserved";
  for (i = 0; i < len; i++) {
    unsigned char c = (unsigned char)name[i];
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    if (!letter && c != '_' && c < 0x80 && !(i > 0 && c >= '0' && c <= '9'))
      return "is not an identifier";
    points += (c & 0xC0) != 0x80;
  }
  return points > SF_VARIABLE_NAME_MAX ? "is longer than 80 characters" : NULL;
}

/* Remember who assigns it, for the check against outer scopes. */
static void note_assigned(sf_loader *l, const char *name, size_t len,
                          const sf_where *where) {
  sf_value *assigned = &l->scopes[l->scope].assigned;
  sf_value key, pointer;
  if (sf_object_get(*assigned, name, len).kind != SF_ABSENT)
    return;
  key = sf_string_new(l->mem, name, len);
  pointer = sf_where_text(l->mem, where);
  if (key.kind == SF_ABSENT || pointer.kind == SF_ABSENT) {
    sf_release(key);
    sf_release(pointer);
    sf_loader_nomem(l);
  } else if (sf_object_set(assigned, key, pointer) != SF_OK) {
    sf_loader_nomem(l);
  }
}

static void check_name(sf_loader *l, sf_value key, const sf_where *where) {
  sf_where at = sf_where_key(where, key);
  const char *name = sf_string_text(key);
  size_t len = sf_string_length(key);
  const char *fault;
  if (l->language == SF_JSONPATH && ends_in_dollar(key))
    len -= 2;
  fault = name_fault(name, len);
  if (fault == NULL)
    note_assigned(l, name, len, &at);
  else
    sf_fault_in(l, SF_PHASE_NAMES, &at, SF_LOCATION_ABOVE, SF_CODE_SCHEMA,
                "The variable name '%.*s' %s", (int)len, name, fault);
}

sf_template *sf_load_assign(sf_loader *l, sf_value v, const sf_where *where) {
  size_t i;
  if (v.kind != SF_OBJECT) {
    sf_fault_type(l, where, "Object");
    return NULL;
  }
  for (i = 0; i < sf_object_count(v) && l->status == SF_OK; i++)
    check_name(l, sf_object_key_at(v, i), where);
  return sf_load_template(l, v, where);
}

/* --- Credentials --- */

sf_template *sf_load_credentials(sf_loader *l, sf_value v,
                                 const sf_where *where) {
  if (v.kind != SF_OBJECT) {
    sf_fault_type(l, where, "Object");
    return NULL;
  }
  return sf_load_template(l, v, where);
}
