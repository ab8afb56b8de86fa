/*
** load_field.c - one field's value: finds the act of its kind.
*/
#include "asl/act.h"

void sf_site_fault(sf_loader *l, const sf_site *site, const char *text) {
  sf_fault(l, site->where, SF_LOCATION_HERE, SF_CODE_SCHEMA, "%s", text);
}

bool sf_site_text(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind == SF_STRING)
    return true;
  sf_fault_type(l, site->where, "String");
  return false;
}

bool sf_site_list(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind == SF_ARRAY)
    return true;
  sf_fault_type(l, site->where, "Array");
  return false;
}

bool sf_site_filled(sf_loader *l, const sf_site *site, size_t count) {
  if (count == 0)
    sf_site_fault(l, site, "Value cannot be empty");
  return count > 0;
}

/* Read by load_choice.c, together with the rest of the rule. */
static void act_nothing(sf_loader *l, const sf_site *site, sf_value v) {
  (void)l;
  (void)site;
  (void)v;
}

static sf_act *const acts[] = {
  [SF_FIELD_TEXT] = sf_act_text,
  [SF_FIELD_VERSION] = sf_act_version,
  [SF_FIELD_WORD] = sf_act_word,
  [SF_FIELD_SWITCH] = sf_act_switch,
  [SF_FIELD_FLAG] = sf_act_flag,
  [SF_FIELD_START] = sf_act_start,
  [SF_FIELD_TARGET] = sf_act_target,
  [SF_FIELD_DEFAULT] = sf_act_default,
  [SF_FIELD_STATES] = sf_act_states,
  [SF_FIELD_SELECTION] = sf_act_selection,
  [SF_FIELD_RESULT_PATH] = sf_act_result_path,
  [SF_FIELD_ITEMS_PATH] = sf_act_items_path,
  [SF_FIELD_TEMPLATE] = sf_act_template,
  [SF_FIELD_ASSIGN] = sf_act_assign,
  [SF_FIELD_CREDENTIALS] = sf_act_credentials,
  [SF_FIELD_VALUE] = sf_act_value,
  [SF_FIELD_STATIC] = sf_act_static,
  [SF_FIELD_INTEGER] = sf_act_integer,
  [SF_FIELD_NUMBER] = sf_act_number,
  [SF_FIELD_SECONDS] = sf_act_seconds,
  [SF_FIELD_RATE] = sf_act_rate,
  [SF_FIELD_COUNT] = sf_act_count,
  [SF_FIELD_OPERAND_TEXT] = sf_act_operand_text,
  [SF_FIELD_OPERAND_PATH] = sf_act_operand_path,
  [SF_FIELD_TEXT_PATH] = sf_act_text_path,
  [SF_FIELD_TIMESTAMP] = sf_act_timestamp,
  [SF_FIELD_RESOURCE] = sf_act_resource,
  [SF_FIELD_STORE] = sf_act_store,
  [SF_FIELD_ITEMS] = sf_act_items,
  [SF_FIELD_LABEL] = sf_act_label,
  [SF_FIELD_ERRORS] = sf_act_errors,
  [SF_FIELD_RETRY] = sf_act_retry,
  [SF_FIELD_CATCH] = sf_act_catch,
  [SF_FIELD_BRANCHES] = sf_act_branches,
  [SF_FIELD_CHOICES] = sf_act_choices,
  [SF_FIELD_OBJECT] = sf_act_inner,
  [SF_FIELD_SCOPE] = sf_act_scope,
  [SF_FIELD_NAMES] = sf_act_names,
  [SF_FIELD_RULE_PART] = act_nothing,
  [SF_FIELD_OPERATOR] = act_nothing,
};

/* What a text can't be, but a placeholder may become. */
static bool may_wait(sf_field_kind kind) {
  switch (kind) {
    case SF_FIELD_WORD:
    case SF_FIELD_SWITCH:
    case SF_FIELD_SELECTION:
    case SF_FIELD_RESULT_PATH:
    case SF_FIELD_ITEMS_PATH:
    case SF_FIELD_ASSIGN:
    case SF_FIELD_CREDENTIALS:
    case SF_FIELD_INTEGER:
    case SF_FIELD_NUMBER:
    case SF_FIELD_SECONDS:
    case SF_FIELD_RATE:
    case SF_FIELD_COUNT:
    case SF_FIELD_OPERAND_PATH:
    case SF_FIELD_TEXT_PATH:
    case SF_FIELD_TIMESTAMP:
    case SF_FIELD_NAMES:
    case SF_FIELD_ITEMS:
    case SF_FIELD_LABEL: return true;
    default: return false;
  }
}

void sf_load_field(sf_loader *l, const sf_field *field, sf_value v, void *dest,
                   const sf_where *where) {
  sf_site site = {field, NULL, where};
  if (field->offset != SF_NOWHERE && dest != NULL)
    site.slot = (char *)dest + field->offset;
  l->sees = sf_field_sees(field, l->state);
  if (field->expression && l->language == SF_JSONATA &&
      sf_act_jsonata(l, &site, v))
    return;
  if (may_wait((sf_field_kind)field->kind) && sf_leave_placeholder(l, v, where))
    return;
  acts[field->kind](l, &site, v);
}
