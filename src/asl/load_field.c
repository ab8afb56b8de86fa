/*
** load_field.c - one field's value: checked as its row says, compiled, stored.
** One act for each kind of field.
*/
#include "asl/loader.h"

#include <string.h>

#include "asl/resource.h"

/* A field at hand. */
typedef struct sf_place_of_field {
  const sf_field *row;
  void *slot; /* where it is stored, or NULL */
  const sf_where *where;
} sf_site;

typedef void (*sf_act)(sf_loader *l, const sf_site *site, sf_value v);

static void fault_here(sf_loader *l, const sf_site *site, const char *text) {
  sf_fault(l, site->where, SF_LOCATION_HERE, SF_CODE_SCHEMA, "%s", text);
}

static bool check_text(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind == SF_STRING)
    return true;
  sf_fault_type(l, site->where, "String");
  return false;
}

static bool check_list(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind == SF_ARRAY)
    return true;
  sf_fault_type(l, site->where, "Array");
  return false;
}

static bool check_filled(sf_loader *l, const sf_site *site, size_t count) {
  if (count == 0)
    fault_here(l, site, "Value cannot be empty");
  return count > 0;
}

/* --- paths --- */

sf_expr *sf_load_path(sf_loader *l, sf_value text, const sf_where *where) {
  sf_error err;
  sf_expr *e = NULL;
  sf_status st;
  if (text.kind != SF_STRING) {
    sf_fault_type(l, where, "String");
    return NULL;
  }
  st =
    sf_expr_new(l->mem, sf_string_text(text), sf_string_length(text), &e, &err);
  if (st == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
    return NULL;
  }
  if (st == SF_OK && sf_expr_what(e) != SF_EXPR_CALL) {
    sf_warn_doubtful(l, e, where);
    return e;
  }
  sf_expr_free(e);
  sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
           "Value is not a valid JSONPath");
  return NULL;
}

sf_expr *sf_load_reference(sf_loader *l, sf_value text, const sf_where *where) {
  sf_expr *e = sf_load_path(l, text, where);
  if (e == NULL || sf_expr_is_reference(e))
    return e;
  sf_expr_free(e);
  sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
           "Value is not a Reference Path");
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

static void load_selection(sf_loader *l, const sf_site *site, sf_value v) {
  if (!select_simple(site, v))
    store_selection(site, sf_load_path(l, v, site->where));
}

static void load_result_path(sf_loader *l, const sf_site *site, sf_value v) {
  sf_expr *e;
  if (select_simple(site, v))
    return;
  e = sf_load_reference(l, v, site->where);
  if (e != NULL && sf_expr_what(e) != SF_EXPR_INPUT) {
    sf_expr_free(e);
    fault_here(l, site, "Value is not a Reference Path on the state's input");
    return;
  }
  store_selection(site, e);
}

static void load_items_path(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind != SF_NULL && select_simple(site, v))
    return;
  store_selection(site, sf_load_reference(l, v, site->where));
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

static void load_operand_path(sf_loader *l, const sf_site *site, sf_value v) {
  store_operand_expr(site, sf_load_reference(l, v, site->where));
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

static void load_text_path(sf_loader *l, const sf_site *site, sf_value v) {
  sf_error err;
  sf_expr *e = NULL;
  sf_status st;
  if (!check_text(l, site, v))
    return;
  st = sf_expr_new(l->mem, sf_string_text(v), sf_string_length(v), &e, &err);
  if (st == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
  } else if (st == SF_OK &&
             (sf_expr_what(e) == SF_EXPR_CALL ? gives_text(sf_string_text(v))
                                              : sf_expr_is_reference(e))) {
    store_operand_expr(site, e);
  } else {
    sf_expr_free(e);
    fault_here(l, site,
               "Value must be a Reference Path or a call of an intrinsic "
               "function that returns a string");
  }
}

/* --- constants --- */

static void load_text(sf_loader *l, const sf_site *site, sf_value v) {
  check_text(l, site, v);
}

static void load_version(sf_loader *l, const sf_site *site, sf_value v) {
  if (check_text(l, site, v) && !sf_string_is(v, "1.0"))
    fault_here(l, site,
               "The field 'Version' should have one of these values: [1.0]");
}

/* Which of the bar-separated words is it?  0: none. */
static int word_index(const char *words, const char *text) {
  size_t len = strlen(text);
  int i = 1;
  const char *end;
  for (; words != NULL; words = end != NULL ? end + 1 : NULL, i++) {
    end = strchr(words, '|');
    if (len == (end != NULL ? (size_t)(end - words) : strlen(words)) &&
        memcmp(words, text, len) == 0)
      return i;
  }
  return 0;
}

/* The words as a list in a message. */
static void list_words(const char *words, char *list) {
  for (; *words != '\0'; words++)
    if (*words == '|') {
      *list++ = ',';
      *list++ = ' ';
    } else {
      *list++ = *words;
    }
  *list = '\0';
}

static int find_word(sf_loader *l, const sf_site *site, sf_value v) {
  char list[256];
  int word;
  if (!check_text(l, site, v))
    return 0;
  word = word_index(site->row->words, sf_string_text(v));
  if (word != 0)
    return word;
  list_words(site->row->words, list);
  sf_fault(l, site->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
           "The field '%s' should have one of these values: [%s]",
           site->row->name, list);
  return 0;
}

static void load_word(sf_loader *l, const sf_site *site, sf_value v) {
  int word = find_word(l, site, v);
  if (site->slot != NULL)
    *(int *)site->slot = word;
}

static void load_switch(sf_loader *l, const sf_site *site, sf_value v) {
  *(bool *)site->slot = find_word(l, site, v) == 2;
}

static void load_flag(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind != SF_BOOLEAN)
    sf_fault_type(l, site->where, "Boolean");
}

static bool check_range(sf_loader *l, const sf_site *site, double d) {
  const sf_field *row = site->row;
  if (d < row->min)
    sf_fault(l, site->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "Value must be greater than or equal to %.0f", row->min);
  else if (d > row->max)
    sf_fault(l, site->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "Value must be less than or equal to %.0f", row->max);
  return d >= row->min && d <= row->max;
}

static bool check_integer(sf_loader *l, const sf_site *site, sf_value v,
                          int64_t *i) {
  if (!sf_is_number(v) || !sf_to_integer(v, i)) {
    sf_fault_type(l, site->where, "Integer");
    return false;
  }
  return check_range(l, site, (double)*i);
}

static bool check_number(sf_loader *l, const sf_site *site, sf_value v) {
  if (!sf_is_number(v)) {
    sf_fault_type(l, site->where, "Number");
    return false;
  }
  return check_range(l, site, sf_to_double(v));
}

static void store_constant(const sf_site *site, sf_value v) {
  sf_operand *o = site->slot;
  if (o == NULL || o->kind != SF_OPERAND_NONE)
    return;
  o->kind = SF_OPERAND_CONSTANT;
  o->constant = sf_retain(v);
}

static void load_integer(sf_loader *l, const sf_site *site, sf_value v) {
  int64_t i;
  if (check_integer(l, site, v, &i))
    store_constant(site, sf_integer(i));
}

static void load_number(sf_loader *l, const sf_site *site, sf_value v) {
  if (check_number(l, site, v))
    store_constant(site, v);
}

static void load_seconds(sf_loader *l, const sf_site *site, sf_value v) {
  int64_t i;
  if (check_integer(l, site, v, &i))
    *(double *)site->slot = (double)i;
}

static void load_rate(sf_loader *l, const sf_site *site, sf_value v) {
  if (check_number(l, site, v))
    *(double *)site->slot = sf_to_double(v);
}

static void load_count(sf_loader *l, const sf_site *site, sf_value v) {
  int64_t i;
  if (check_integer(l, site, v, &i))
    *(uint32_t *)site->slot = (uint32_t)i;
}

static void load_operand_text(sf_loader *l, const sf_site *site, sf_value v) {
  if (!check_text(l, site, v))
    return;
  if (l->language == SF_JSONPATH && sf_looks_like_path(v))
    sf_warn(l, site->where, SF_LOCATION_HERE, "NO_PATH",
            "The value looks like a path, but the field's name does not end "
            "with 'Path'");
  store_constant(site, v);
}

static void load_timestamp(sf_loader *l, const sf_site *site, sf_value v) {
  sf_wait *wait = site->slot;
  sf_time t;
  if (!check_text(l, site, v))
    return;
  if (!sf_time_parse(sf_string_text(v), sf_string_length(v), &t)) {
    fault_here(l, site, "String does not match RFC3339 timestamp");
    return;
  }
  if (wait->timestamp.kind != SF_OPERAND_NONE)
    return;
  wait->timestamp.kind = SF_OPERAND_CONSTANT;
  wait->timestamp.constant = sf_retain(v);
  wait->until = t;
}

static void load_value(sf_loader *l, const sf_site *site, sf_value v) {
  (void)l;
  *(sf_value *)site->slot = sf_retain(v);
}

static void load_static(sf_loader *l, const sf_site *site, sf_value v) {
  sf_load_constant(l, v, true, site->where);
  *(sf_value *)site->slot = sf_retain(v);
}

/* A name that becomes part of an ARN. */
static const char *label_fault(const char *text, size_t len) {
  size_t i;
  if (len == 0)
    return "Label cannot be empty";
  for (i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c <= 0x20 || c == 0x7F || strchr("<>{}[]?*\"#%\\^|~`$&,;:/", c) != NULL)
      return "Label contains invalid character";
  }
  return len > 40 ? "Label cannot exceed 40 characters" : NULL;
}

static void load_label(sf_loader *l, const sf_site *site, sf_value v) {
  const char *fault;
  if (!check_text(l, site, v))
    return;
  fault = label_fault(sf_string_text(v), sf_string_length(v));
  if (fault != NULL) {
    sf_fault(l, site->where, SF_LOCATION_HERE, "INVALID_LABEL_NAME", "%s",
             fault);
    return;
  }
  if (sf_object_get_key(l->labels, v).kind != SF_ABSENT)
    sf_fault(l, site->where, SF_LOCATION_HERE, "DUPLICATE_LABEL_NAME",
             "Label '%s' appears more than once", sf_string_text(v));
  else if (sf_object_set(&l->labels, sf_retain(v), sf_null()) != SF_OK)
    sf_loader_nomem(l);
  *(sf_value *)site->slot = sf_retain(v);
}

static void load_names(sf_loader *l, const sf_site *site, sf_value v) {
  size_t i;
  if (!check_list(l, site, v))
    return;
  for (i = 0; i < sf_array_count(v); i++) {
    sf_where at = sf_where_index(site->where, i);
    if (sf_array_at(v, i).kind != SF_STRING)
      sf_fault_type(l, &at, "String");
  }
}

static void load_errors(sf_loader *l, const sf_site *site, sf_value v) {
  load_names(l, site, v);
  if (v.kind == SF_ARRAY && check_filled(l, site, sf_array_count(v)))
    *(sf_value *)site->slot = sf_retain(v);
}

/* --- JSONata: the delimiters --- */

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

static void load_jsonata_field(sf_loader *l, const sf_site *site, sf_value v) {
  sf_load_jsonata_value(l, v, site->where);
}

/* --- templates --- */

static void store_template(const sf_site *site, sf_template *t) {
  if (site->slot == NULL)
    sf_template_free(t);
  else
    *(sf_template **)site->slot = t;
}

/* A slot that is taken (Parameters and ItemSelector both): nothing is stored. */
static bool taken(const sf_site *site) {
  return site->slot != NULL && *(sf_template **)site->slot != NULL;
}

static void load_template(sf_loader *l, const sf_site *site, sf_value v) {
  if (l->language == SF_JSONATA)
    sf_load_jsonata_value(l, v, site->where);
  else if (!taken(site))
    store_template(site, sf_load_template(l, v, site->where));
}

static void load_assign(sf_loader *l, const sf_site *site, sf_value v) {
  store_template(site, sf_load_assign(l, v, site->where));
}

static void load_credentials(sf_loader *l, const sf_site *site, sf_value v) {
  store_template(site, sf_load_credentials(l, v, site->where));
}

/* --- where to go --- */

uint32_t sf_load_target(sf_loader *l, const char *field, sf_value name,
                        const sf_where *where) {
  const sf_scope_source *scope = &l->scopes[l->scope];
  sf_value index;
  if (name.kind != SF_STRING) {
    sf_fault_type(l, where, "String");
    return SF_NONE;
  }
  index = sf_object_get_key(l->names, name);
  if (index.kind == SF_INTEGER && l->states[index.u.integer].scope == l->scope)
    return (uint32_t)index.u.integer;
  if (scope->states.kind == SF_OBJECT &&
      sf_object_get_key(scope->states, name).kind == SF_ABSENT)
    sf_fault(l, where, SF_LOCATION_HERE, "MISSING_TRANSITION_TARGET",
             "Missing '%s' target: %s", field, sf_string_text(name));
  return SF_NONE; /* else no States, or a name used twice: told already */
}

static void load_start(sf_loader *l, const sf_site *site, sf_value v) {
  l->scopes[l->scope].start =
    sf_load_target(l, site->row->name, v, site->where);
}

static void load_target(sf_loader *l, const sf_site *site, sf_value v) {
  *(uint32_t *)site->slot = sf_load_target(l, site->row->name, v, site->where);
}

static void load_default(sf_loader *l, const sf_site *site, sf_value v) {
  l->state->u.choice->otherwise =
    sf_load_target(l, site->row->name, v, site->where);
}

static void load_states(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind != SF_OBJECT)
    sf_fault_type(l, site->where, "Object");
  else
    check_filled(l, site, sf_object_count(v));
}

static void load_resource(sf_loader *l, const sf_site *site, sf_value v) {
  const char *fault;
  sf_resource *r = site->slot;
  if (!check_text(l, site, v))
    return;
  if (sf_resource_read(l->mem, v, r) == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
    return;
  }
  if (!sf_resource_is_known(r))
    sf_fault(l, site->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "The resource provided %s is not recognized. The value is not a "
             "valid resource ARN, or the resource is not available in this "
             "region.",
             sf_string_text(v));
  fault = sf_resource_refused(r, l->scopes[l->scope].type);
  if (fault != NULL)
    fault_here(l, site, fault);
}

/* --- lists and objects of fields --- */

/* States.ALL stands alone in its list, and in the last one. */
static void check_catch_all(sf_loader *l, sf_value list, sf_value errors,
                            size_t index, const sf_where *where) {
  size_t i, n = errors.kind == SF_ARRAY ? sf_array_count(errors) : 0;
  for (i = 0; i < n; i++) {
    sf_value name = sf_array_at(errors, i);
    if (name.kind == SF_STRING && sf_string_is(name, "States.ALL") &&
        (n > 1 || index + 1 < sf_array_count(list))) {
      sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
               "States.ALL must appear alone and at end of list");
      return;
    }
  }
}

static void load_element(sf_loader *l, sf_place place, sf_value list, size_t i,
                         void *dest, const sf_where *where) {
  sf_where at = sf_where_index(where, i);
  sf_value v = sf_array_at(list, i);
  if (v.kind != SF_OBJECT) {
    sf_fault_type(l, &at, "Object");
    return;
  }
  sf_load_object(l, place, v, dest, &at);
  check_catch_all(l, list, sf_object_get(v, "ErrorEquals", 11), i, &at);
}

static void load_retry(sf_loader *l, const sf_site *site, sf_value v) {
  sf_state *s = l->state;
  size_t i, n;
  if (!check_list(l, site, v) || (n = sf_array_count(v)) == 0)
    return;
  s->retriers = sf_alloc_array(l->mem, n, sizeof *s->retriers);
  if (s->retriers == NULL) {
    sf_loader_nomem(l);
    return;
  }
  s->nretriers = (uint32_t)n;
  for (i = 0; i < n; i++) {
    static const sf_retrier usual = {{{0}, SF_ABSENT}, 1, 2.0, 0, 3, false};
    s->retriers[i] = usual;
  }
  for (i = 0; i < n && l->status == SF_OK; i++)
    load_element(l, SF_PLACE_RETRIER, v, i, &s->retriers[i], site->where);
}

static void load_catch(sf_loader *l, const sf_site *site, sf_value v) {
  sf_state *s = l->state;
  size_t i, n;
  if (!check_list(l, site, v) || (n = sf_array_count(v)) == 0)
    return;
  s->catchers = sf_alloc_array(l->mem, n, sizeof *s->catchers);
  if (s->catchers == NULL) {
    sf_loader_nomem(l);
    return;
  }
  memset(s->catchers, 0, n * sizeof *s->catchers);
  s->ncatchers = (uint32_t)n;
  for (i = 0; i < n && l->status == SF_OK; i++)
    load_element(l, SF_PLACE_CATCHER, v, i, &s->catchers[i], site->where);
}

static void load_branches(sf_loader *l, const sf_site *site, sf_value v) {
  size_t i;
  if (!check_list(l, site, v) || !check_filled(l, site, sf_array_count(v)))
    return;
  for (i = 0; i < sf_array_count(v); i++) {
    sf_where at = sf_where_index(site->where, i);
    if (sf_array_at(v, i).kind != SF_OBJECT)
      sf_fault_type(l, &at, "Object");
  }
}

static void load_choices(sf_loader *l, const sf_site *site, sf_value v) {
  if (check_list(l, site, v) && check_filled(l, site, sf_array_count(v)))
    sf_load_choices(l, v, site->where);
}

/* What two fields of an inner object say together. */
static void check_inner(sf_loader *l, const sf_site *site, sf_value v) {
  if (site->row->inner == SF_PLACE_PROCESSOR_CONFIG &&
      l->scopes[l->scope].mode == 2 &&
      sf_object_get(v, "ExecutionType", 13).kind == SF_ABSENT)
    fault_here(l, site, "These fields are required: [ExecutionType]");
  if (site->row->inner == SF_PLACE_BATCHER && sf_object_count(v) == 0)
    fault_here(l, site,
               "One of these fields is required: [MaxItemsPerBatch, "
               "MaxInputBytesPerBatch]");
}

static void load_inner(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind != SF_OBJECT) {
    sf_fault_type(l, site->where, "Object");
    return;
  }
  sf_load_object(l, (sf_place)site->row->inner, v, site->slot, site->where);
  check_inner(l, site, v);
}

static void load_scope(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind != SF_OBJECT)
    sf_fault_type(l, site->where, "Object");
}

/* Read by load_choice.c, together with the rest of the rule. */
static void load_nothing(sf_loader *l, const sf_site *site, sf_value v) {
  (void)l;
  (void)site;
  (void)v;
}

/* ORDER FIELD_KIND */
static const sf_act acts[] = {
  load_text,          load_version,   load_word,         load_switch,
  load_flag,          load_start,     load_target,       load_default,
  load_states,        load_selection, load_result_path,  load_items_path,
  load_template,      load_assign,    load_credentials,  load_value,
  load_static,        load_integer,   load_number,       load_seconds,
  load_rate,          load_count,     load_operand_text, load_operand_path,
  load_text_path,     load_timestamp, load_resource,     load_label,
  load_errors,        load_retry,     load_catch,        load_branches,
  load_choices,       load_inner,     load_scope,        load_names,
  load_jsonata_field, load_nothing,   load_nothing,
};

void sf_load_field(sf_loader *l, const sf_field *field, sf_value v, void *dest,
                   const sf_where *where) {
  sf_site site = {field, NULL, where};
  if (field->offset != SF_NOWHERE && dest != NULL)
    site.slot = (char *)dest + field->offset;
  if (field->expression && l->language == SF_JSONATA &&
      field->kind != SF_FIELD_JSONATA && sf_load_jsonata(l, v, where))
    return;
  acts[field->kind](l, &site, v);
}
