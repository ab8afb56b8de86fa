/*
** act_path.c - fields that hold a Path, a Reference Path or, in two places, a
** call of an intrinsic function.
*/
#include <string.h>

#include "asl/act.h"

sf_expr *sf_load_path(sf_loader *l, sf_value text, const sf_where *where) {
  sf_error err;
  sf_expr *e = NULL;
  sf_status st;
  if (text.kind != SF_STRING) {
    sf_fault_type(l, where, "String");
    return NULL;
  }
  st = sf_expr_new(l->mem, &l->paths, sf_string_text(text),
                   sf_string_length(text), &e, &err);
  if (st == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
    return NULL;
  }
  if (st == SF_OK && sf_expr_what(e) != SF_EXPR_CALL) {
    sf_warn_doubtful(l, e, where);
    sf_note_variables(l, e, where);
    return e;
  }
  sf_expr_free(e);
  if (st == SF_OK)
    sf_hint(l, "a call of an intrinsic function cannot stand here");
  else
    sf_hint_expr(l, text, &err);
  sf_fault_value(l, where, SF_LOCATION_HERE, "Value is not a valid JSONPath");
  return NULL;
}

static sf_expr *load_reference(sf_loader *l, sf_value text,
                               const sf_where *where) {
  sf_expr *e = sf_load_path(l, text, where);
  if (e == NULL || sf_expr_is_reference(e))
    return e;
  sf_expr_free(e);
  sf_fault_value(l, where, SF_LOCATION_HERE, "Value is not a Reference Path");
  return NULL;
}

/* The quick way: most paths are "$" or null. */
static bool select_simple(const sf_site *site, sf_value v) {
  sf_selection *s = site->slot;
  if (v.kind == SF_NULL)
    s->kind = SF_SELECT_NONE;
  else if (v.kind == SF_STRING && sf_string_is(v, "$"))
    s->kind = SF_SELECT_ALL;
  else
    return false;
  return true;
}

static void store_selection(const sf_site *site, sf_expr *e) {
  sf_selection *s = site->slot;
  if (e == NULL)
    return;
  s->kind = SF_SELECT_EXPR;
  s->expr = e;
}

void sf_act_selection(sf_loader *l, const sf_site *site, sf_value v) {
  if (!select_simple(site, v))
    store_selection(site, sf_load_path(l, v, site->where));
}

void sf_act_result_path(sf_loader *l, const sf_site *site, sf_value v) {
  sf_expr *e;
  if (select_simple(site, v))
    return;
  e = load_reference(l, v, site->where);
  if (e != NULL && sf_expr_what(e) != SF_EXPR_INPUT) {
    sf_expr_free(e);
    sf_fault_value(l, site->where, SF_LOCATION_HERE,
                   "Value is not a Reference Path on the state's input");
    return;
  }
  store_selection(site, e);
}

void sf_act_items_path(sf_loader *l, const sf_site *site, sf_value v) {
  if (select_simple(site, v))
    return;
  store_selection(site, load_reference(l, v, site->where));
}

static void store_operand_expr(const sf_site *site, sf_expr *e) {
  sf_operand *o = site->slot;
  if (o == NULL || o->kind != SF_OPERAND_NONE) { /* both X and XPath */
    sf_expr_free(e);
    return;
  }
  if (e != NULL)
    o->kind = SF_OPERAND_EXPR;
  o->expr = e;
}

void sf_act_operand_path(sf_loader *l, const sf_site *site, sf_value v) {
  store_operand_expr(site, load_reference(l, v, site->where));
}

/* The calls that give a string. */
static bool gives_text(const char *call) {
  static const char *const names[] = {
    "States.Format(",       "States.JsonToString(", "States.ArrayGetItem(",
    "States.Base64Encode(", "States.Base64Decode(", "States.Hash(",
    "States.UUID(",
  };
  size_t i;
  for (i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strncmp(call, names[i], strlen(names[i])) == 0)
      return true;
  return false;
}

void sf_act_text_path(sf_loader *l, const sf_site *site, sf_value v) {
  sf_error err;
  sf_expr *e = NULL;
  sf_status st;
  if (!sf_site_text(l, site, v))
    return;
  st = sf_expr_new(l->mem, &l->paths, sf_string_text(v), sf_string_length(v),
                   &e, &err);
  if (st == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
  } else if (st == SF_OK &&
             (sf_expr_what(e) == SF_EXPR_CALL ? gives_text(sf_string_text(v))
                                              : sf_expr_is_reference(e))) {
    sf_note_variables(l, e, site->where);
    store_operand_expr(site, e);
  } else {
    sf_expr_free(e);
    if (st != SF_OK)
      sf_hint_expr(l, v, &err);
    sf_fault_value(l, site->where, SF_LOCATION_HERE,
                   "Value must be a Reference Path or a call of an intrinsic "
                   "function that returns a string");
  }
}
