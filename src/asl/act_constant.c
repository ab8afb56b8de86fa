/*
** act_constant.c - fields that hold a constant: texts, words, numbers within
** limits, timestamps, names.
*/
#include <string.h>

#include "asl/act.h"

void sf_act_text(sf_loader *l, const sf_site *site, sf_value v) {
  if (sf_site_text(l, site, v) && site->slot != NULL)
    sf_assign(site->slot, sf_retain(v));
}

void sf_act_version(sf_loader *l, const sf_site *site, sf_value v) {
  if (sf_site_text(l, site, v) && !sf_string_is(v, "1.0"))
    sf_site_fault(l, site,
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

static void hint_word(sf_loader *l, const char *words, sf_value v) {
  sf_nearest n;
  sf_nearest_init(&n, sf_string_text(v), sf_string_length(v));
  for (;;) {
    const char *end = strchr(words, '|');
    sf_nearest_try(&n, words,
                   end != NULL ? (size_t)(end - words) : strlen(words));
    if (end == NULL)
      break;
    words = end + 1;
  }
  sf_hint_nearest(l, &n);
}

static int find_word(sf_loader *l, const sf_site *site, sf_value v) {
  char list[256];
  int word;
  if (!sf_site_text(l, site, v))
    return 0;
  word = word_index(site->row->words, sf_string_text(v));
  if (word != 0)
    return word;
  hint_word(l, site->row->words, v);
  list_words(site->row->words, list);
  sf_fault(l, site->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
           "The field '%s' should have one of these values: [%s]",
           site->row->name, list);
  return 0;
}

void sf_act_word(sf_loader *l, const sf_site *site, sf_value v) {
  int word = find_word(l, site, v);
  if (site->slot != NULL)
    *(int *)site->slot = word;
}

void sf_act_switch(sf_loader *l, const sf_site *site, sf_value v) {
  *(bool *)site->slot = find_word(l, site, v) == 2;
}

void sf_act_flag(sf_loader *l, const sf_site *site, sf_value v) {
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

void sf_act_integer(sf_loader *l, const sf_site *site, sf_value v) {
  int64_t i;
  if (check_integer(l, site, v, &i))
    store_constant(site, sf_integer(i));
}

void sf_act_number(sf_loader *l, const sf_site *site, sf_value v) {
  if (check_number(l, site, v))
    store_constant(site, v);
}

void sf_act_seconds(sf_loader *l, const sf_site *site, sf_value v) {
  int64_t i;
  if (check_integer(l, site, v, &i))
    *(double *)site->slot = (double)i;
}

void sf_act_rate(sf_loader *l, const sf_site *site, sf_value v) {
  if (check_number(l, site, v))
    *(double *)site->slot = sf_to_double(v);
}

void sf_act_count(sf_loader *l, const sf_site *site, sf_value v) {
  int64_t i;
  if (check_integer(l, site, v, &i))
    *(uint32_t *)site->slot = (uint32_t)i;
}

void sf_act_operand_text(sf_loader *l, const sf_site *site, sf_value v) {
  if (!sf_site_text(l, site, v))
    return;
  if (l->language == SF_JSONPATH && sf_looks_like_path(v))
    sf_warn(l, site->where, SF_LOCATION_HERE, "NO_PATH",
            "The value looks like a path, but the field's name does not end "
            "with 'Path'");
  store_constant(site, v);
}

void sf_act_timestamp(sf_loader *l, const sf_site *site, sf_value v) {
  sf_wait *wait = site->slot;
  sf_time t;
  if (!sf_site_text(l, site, v))
    return;
  if (!sf_time_parse(sf_string_text(v), sf_string_length(v), &t)) {
    sf_site_fault(l, site, "String does not match RFC3339 timestamp");
    return;
  }
  if (wait->timestamp.kind != SF_OPERAND_NONE)
    return;
  wait->timestamp.kind = SF_OPERAND_CONSTANT;
  wait->timestamp.constant = sf_retain(v);
  wait->until = t;
}

void sf_act_value(sf_loader *l, const sf_site *site, sf_value v) {
  (void)l;
  *(sf_value *)site->slot = sf_retain(v);
}

void sf_act_static(sf_loader *l, const sf_site *site, sf_value v) {
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

void sf_act_label(sf_loader *l, const sf_site *site, sf_value v) {
  const char *fault;
  if (!sf_site_text(l, site, v))
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

void sf_act_names(sf_loader *l, const sf_site *site, sf_value v) {
  size_t i;
  if (!sf_site_list(l, site, v))
    return;
  for (i = 0; i < sf_array_count(v); i++) {
    sf_where at = sf_where_index(site->where, i);
    if (sf_array_at(v, i).kind != SF_STRING)
      sf_fault_type(l, &at, "String");
  }
  sf_assign(site->slot, sf_retain(v));
}

void sf_act_errors(sf_loader *l, const sf_site *site, sf_value v) {
  sf_act_names(l, site, v);
  if (v.kind == SF_ARRAY)
    sf_site_filled(l, site, sf_array_count(v));
}
