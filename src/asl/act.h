/*
** act.h - the acts: what the loader does with a field of each kind.  Private to
** src/asl.  A new kind of field is a row in sf_field_kind, an act, and its place
** in the table of load_field.c.
*/
#ifndef SF_ASL_ACT_H
#define SF_ASL_ACT_H

#include "asl/loader.h"

/* A field at hand. */
typedef struct sf_site {
  const sf_field *row;
  void *slot; /* where it is stored, or NULL */
  const sf_where *where;
} sf_site;

/* Check 'v' (borrowed), tell what is wrong, store it. */
typedef void sf_act(sf_loader *l, const sf_site *site, sf_value v);

sf_act sf_act_text;
sf_act sf_act_version;
sf_act sf_act_word;
sf_act sf_act_switch;
sf_act sf_act_flag;
sf_act sf_act_start;
sf_act sf_act_target;
sf_act sf_act_default;
sf_act sf_act_states;
sf_act sf_act_selection;
sf_act sf_act_result_path;
sf_act sf_act_items_path;
sf_act sf_act_template;
sf_act sf_act_assign;
sf_act sf_act_credentials;
sf_act sf_act_value;
sf_act sf_act_static;
sf_act sf_act_integer;
sf_act sf_act_number;
sf_act sf_act_seconds;
sf_act sf_act_rate;
sf_act sf_act_count;
sf_act sf_act_operand_text;
sf_act sf_act_operand_path;
sf_act sf_act_text_path;
sf_act sf_act_timestamp;
sf_act sf_act_resource;
sf_act sf_act_store;
sf_act sf_act_items;
sf_act sf_act_label;
sf_act sf_act_errors;
sf_act sf_act_retry;
sf_act sf_act_catch;
sf_act sf_act_branches;
sf_act sf_act_choices;
sf_act sf_act_inner;
sf_act sf_act_scope;
sf_act sf_act_names;

/* A field where an expression may stand, in a JSONata state: is 'v' one?  Then it
** is checked and stored. */
bool sf_act_jsonata(sf_loader *l, const sf_site *site, sf_value v);

/* For acts: tell a fault; is it a string, an array, is there anything in it? */
void sf_site_fault(sf_loader *l, const sf_site *site, const char *text);
bool sf_site_text(sf_loader *l, const sf_site *site, sf_value v);
bool sf_site_list(sf_loader *l, const sf_site *site, sf_value v);
bool sf_site_filled(sf_loader *l, const sf_site *site, size_t count);

#endif
