/*
** act_jsonata.c - fields of JSONata states: expressions in "{% %}" and what they
** may use.
*/
#include <string.h>

#include "asl/act.h"
#include "query/jsonata/jsonata.h"

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
  if (sf_expr_is_jsonata(v))
    return true;
  text = sf_string_text(v);
  len = sf_string_length(v);
  if (begins(text, len) || ends(text, len)) /* blanks outside make it a text */
    sf_fault_value(
      l, where, SF_LOCATION_HERE,
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

/* --- what an expression may use --- */

const char *sf_field_sees(const sf_field *field, const sf_state *state) {
  if (strcmp(field->name, "Output") != 0 && strcmp(field->name, "Assign") != 0)
    return NULL;
  if (field->places == SF_AT(CATCHER))
    return "errorOutput";
  if (field->places == SF_AT(RULE) || state == NULL)
    return NULL;
  return state->type == SF_TASK || state->type == SF_PARALLEL ||
             state->type == SF_MAP
           ? "result"
           : NULL;
}

static bool is_member(const sf_loader *l, sf_value member) {
  return sf_string_is(member, "input") || sf_string_is(member, "context") ||
         (l->sees != NULL && sf_string_is(member, l->sees));
}

/* Is it '$$', or a member of $states that is not there? */
static bool is_wrong(const sf_loader *l, const sf_jsonata_use *use) {
  if (use->is_local)
    return false;
  return sf_string_is(use->name, "$") ||
         (sf_string_is(use->name, "states") && use->member.kind != SF_ABSENT &&
          !is_member(l, use->member));
}

bool sf_jsonata_is_sound(const sf_loader *l, const sf_expr *e) {
  size_t count, i;
  const sf_jsonata_use *uses = sf_jsonata_uses(sf_expr_jsonata(e), &count);
  for (i = 0; i < count; i++)
    if (is_wrong(l, &uses[i]))
      return false;
  return true;
}

static void hint_member(sf_loader *l, sf_value member) {
  sf_nearest n;
  sf_nearest_init(&n, sf_string_text(member), sf_string_length(member));
  sf_nearest_try(&n, "input", 5);
  sf_nearest_try(&n, "context", 7);
  if (l->sees != NULL)
    sf_nearest_try(&n, l->sees, strlen(l->sees));
  if (n.name != NULL)
    sf_hint(l, "did you mean '$states.%.*s'?", (int)n.length, n.name);
}

static void tell_use(sf_loader *l, const sf_jsonata_use *use,
                     const sf_where *where) {
  if (sf_string_is(use->name, "$")) {
    sf_fault_value(l, where, SF_LOCATION_HERE, "Field '$$' does not exist.");
    return;
  }
  hint_member(l, use->member);
  sf_fault_value(l, where, SF_LOCATION_HERE,
                 "Field '$states.%s' does not exist.",
                 sf_string_text(use->member));
}

void sf_check_jsonata(sf_loader *l, const sf_expr *e, const sf_where *where) {
  size_t count, i;
  const sf_jsonata_use *uses = sf_jsonata_uses(sf_expr_jsonata(e), &count);
  for (i = 0; i < count; i++)
    if (is_wrong(l, &uses[i]))
      tell_use(l, &uses[i], where);
}

/* --- one expression --- */

void sf_load_operand_jsonata(sf_loader *l, sf_value v, sf_operand *slot,
                             const sf_where *where) {
  sf_expr *e = NULL;
  sf_error err;
  sf_status st = sf_expr_new_jsonata(l->mem, v, &e, &err);
  if (st == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
    return;
  }
  if (st != SF_OK) {
    if (!sf_leave_placeholder(l, v, where))
      sf_fault_value(l, where, SF_LOCATION_HERE, "%s", err.message);
    return;
  }
  sf_check_jsonata(l, e, where);
  sf_note_uses(l, e, where);
  if (slot == NULL || slot->kind != SF_OPERAND_NONE) {
    sf_expr_free(e);
    return;
  }
  slot->kind = SF_OPERAND_EXPR;
  slot->expr = e;
}

/* Where the operand of the field is: that of a Timestamp lies in its sf_wait. */
static sf_operand *operand_of(const sf_site *site) {
  sf_wait *wait = site->slot;
  if (site->slot == NULL)
    return NULL;
  return site->row->kind == SF_FIELD_TIMESTAMP ? &wait->timestamp : site->slot;
}

bool sf_act_jsonata(sf_loader *l, const sf_site *site, sf_value v) {
  switch (site->row->kind) {
    case SF_FIELD_ITEMS:
    case SF_FIELD_TEMPLATE: /* may be an expression as a whole: see there */
    case SF_FIELD_RULE_PART: return false;
    default: break;
  }
  if (!sf_load_jsonata(l, v, site->where))
    return false;
  sf_load_operand_jsonata(l, v, operand_of(site), site->where);
  return true;
}
