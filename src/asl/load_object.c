/*
** load_object.c - walks the members of an object along the field table: what
** is there and may not be, what must be there and is not, what excludes one
** another.  The values themselves are load_field.c's.
*/
#include "asl/loader.h"

#include <string.h>

#include "asl/resource.h"

#define LIST_MAX 512 /* bytes of a list of field names in a message */

/* What has been seen of one object. */
typedef struct sf_members {
  sf_place place;
  sf_value object;
  void *dest;
  const sf_where *where;
  uint32_t once, twice; /* bits of groups */
  int required;         /* how many of the required fields */
} sf_members;

static const char *language_name(sf_language language) {
  return language == SF_JSONPATH ? "JSONPath" : "JSONata";
}

/* May the field stand in a state of this language? */
static bool check_language(sf_loader *l, const sf_field *field,
                           const sf_where *at) {
  if (field->languages & (1u << l->language))
    return true;
  sf_fault(
    l, at, SF_LOCATION_ABOVE, SF_CODE_SCHEMA,
    "The QueryLanguage is set to '%s', but field '%s' is only supported "
    "for the '%s' QueryLanguage",
    language_name(l->language), field->name,
    language_name(l->language == SF_JSONPATH ? SF_JSONATA : SF_JSONPATH));
  return false;
}

static void add_name(char list[LIST_MAX], const char *name) {
  size_t len = strlen(list);
  if (len + strlen(name) + 3 > LIST_MAX)
    return;
  if (len > 0)
    strcat(list, ", ");
  strcat(list, name);
}

/* Places that a person knows by name: the state types. */
static void add_types(char list[LIST_MAX], uint32_t places) {
  int type;
  for (type = SF_TASK; type <= SF_MAP; type++)
    if (places >> type & 1u)
      add_name(list, sf_state_type_name((sf_state_type)type));
}

/* The field that was meant, or where one of that name does stand. */
static void hint_field(sf_loader *l, sf_place place, sf_value key) {
  char types[LIST_MAX] = "";
  uint32_t places = 0;
  sf_nearest n;
  size_t i;
  sf_nearest_init(&n, sf_string_text(key), sf_string_length(key));
  for (i = 0; i < sf_field_count(); i++) {
    const sf_field *field = sf_field_at(i);
    if (sf_string_is(key, field->name))
      places |= field->places;
    else if ((field->places >> place & 1u) &&
             (field->languages & (1u << l->language)))
      sf_nearest_try(&n, field->name, strlen(field->name));
  }
  add_types(types, places);
  if (places == 0 || n.distance == 0)
    sf_hint_nearest(l, &n);
  else if (types[0] != '\0' && place <= SF_PLACE_MAP)
    sf_hint(l, "states of these types have it: %s", types);
}

static void load_member(sf_loader *l, sf_members *m, sf_value key, sf_value v) {
  sf_where at = sf_where_key(m->where, key);
  const sf_field *field = sf_field_find(&l->fields, m->place, key);
  uint32_t bit;
  if (field == NULL) {
    hint_field(l, m->place, key);
    sf_fault(l, &at, SF_LOCATION_ABOVE, SF_CODE_SCHEMA,
             "Field '%s' is not supported", sf_string_text(key));
    return;
  }
  m->required += (int)(field->required >> m->place & 1u);
  bit = UINT32_C(1) << field->group;
  m->twice |= m->once & bit;
  m->once |= bit;
  if (!check_language(l, field, &at))
    return;
  sf_load_field(l, field, v, m->dest, &at);
}

/* --- what is missing, what is too much --- */

static void check_required(sf_loader *l, const sf_members *m) {
  char list[LIST_MAX] = "";
  const uint16_t *row = l->fields.required[m->place];
  int i;
  if (m->required == SF_FIELD_REQUIRED_MAX || row[m->required] == 0)
    return;
  for (i = 0; i < SF_FIELD_REQUIRED_MAX && row[i] != 0; i++) {
    const char *name = sf_field_at(row[i] - 1u)->name;
    if (sf_object_get(m->object, name, strlen(name)).kind == SF_ABSENT)
      add_name(list, name);
  }
  if (list[0] != '\0')
    sf_fault(l, m->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "These fields are required: [%s]", list);
}

/* The fields of a group that may stand in this place, and those that do. */
static void list_group(const sf_loader *l, const sf_members *m, unsigned group,
                       char list[LIST_MAX]) {
  size_t i;
  list[0] = '\0';
  for (i = 0; i < sf_field_count(); i++) {
    const sf_field *field = sf_field_at(i);
    if (field->group == group && (field->places >> m->place & 1u) &&
        ((field->languages & (1u << l->language)) ||
         sf_object_get(m->object, field->name, strlen(field->name)).kind !=
           SF_ABSENT))
      add_name(list, field->name);
  }
}

static void check_groups(sf_loader *l, const sf_members *m) {
  uint32_t groups = l->fields.groups[m->place] & ~UINT32_C(1);
  unsigned group;
  char list[LIST_MAX];
  for (group = 1; group < SF_GROUPS && groups >> group != 0; group++) {
    uint32_t bit = UINT32_C(1) << group;
    if (!(groups & bit))
      continue;
    if (m->twice & bit) {
      list_group(l, m, group, list);
      sf_fault(l, m->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
               "Only one of these fields is allowed: [%s]", list);
    } else if (!(m->once & bit) &&
               sf_group_is_required((sf_field_group)group, l->language)) {
      list_group(l, m, group, list);
      sf_fault(l, m->where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
               "One of these fields is required: [%s]", list);
    }
  }
}

void sf_load_object(sf_loader *l, sf_place place, sf_value object, void *dest,
                    const sf_where *where) {
  sf_members m = {place, object, dest, where, 0, 0, 0};
  size_t i, n = sf_object_count(object);
  for (i = 0; i < n && l->status == SF_OK; i++)
    load_member(l, &m, sf_object_key_at(object, i),
                sf_object_value_at(object, i));
  check_required(l, &m);
  check_groups(l, &m);
}

/* --- states --- */

/* The processor of a distributed Map runs as executions of its own. */
static bool below_distributed(const sf_loader *l) {
  const sf_scope_source *scope = &l->scopes[l->scope];
  while (scope->owner != SF_NONE && scope->mode != 2)
    scope = &l->scopes[l->states[scope->owner].scope];
  return scope->mode == 2;
}

static sf_language language_of(sf_loader *l, sf_value state,
                               const sf_where *where) {
  sf_value v = sf_object_get(state, "QueryLanguage", 13);
  sf_language machine = l->machine->language;
  if (v.kind != SF_STRING)
    return machine;
  if (machine == SF_JSONATA && sf_string_is(v, "JSONPath") &&
      !below_distributed(l)) {
    sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for "
             "whole state machine");
    return SF_JSONPATH;
  }
  return sf_string_is(v, "JSONata")    ? SF_JSONATA
         : sf_string_is(v, "JSONPath") ? SF_JSONPATH
                                       : machine;
}

/* What a state is before its fields are read. */
static bool init_state(sf_loader *l, sf_state *s) {
  s->next = SF_NONE;
  switch (s->type) {
    case SF_CHOICE:
      s->u.choice = sf_alloc_zero(l->mem, sizeof *s->u.choice);
      if (s->u.choice == NULL)
        return sf_loader_nomem(l);
      s->u.choice->otherwise = SF_NONE;
      break;
    case SF_MAP: s->u.map.processor = SF_NONE; break;
    default: break;
  }
  return true;
}

/* Branches and processor are scopes of their own, known since the first pass. */
static bool link_scopes(sf_loader *l, sf_state *s,
                        const sf_state_source *source) {
  uint32_t i;
  if (source->nscopes == 0)
    return true;
  if (s->type == SF_MAP) {
    const sf_scope_source *scope = &l->scopes[source->first_scope];
    s->u.map.processor = source->first_scope;
    s->u.map.distributed = scope->mode == 2;
    s->u.map.execution_type =
      scope->execution_type == 2 ? SF_EXPRESS : SF_STANDARD;
    return true;
  }
  s->u.parallel.branches =
    sf_alloc_array(l->mem, source->nscopes, sizeof(uint32_t));
  if (s->u.parallel.branches == NULL)
    return sf_loader_nomem(l);
  for (i = 0; i < source->nscopes; i++)
    s->u.parallel.branches[i] = source->first_scope + i;
  s->u.parallel.count = source->nscopes;
  return true;
}

static bool positive(const sf_operand *o, double *seconds) {
  if (o->kind != SF_OPERAND_CONSTANT)
    return false;
  *seconds = sf_to_double(o->constant);
  return true;
}

/* AWS assumes a role; what a host's own functions need is theirs to say. */
static void check_credentials(sf_loader *l, const sf_state *s, sf_value object,
                              const sf_where *where) {
  sf_value v = sf_object_get(object, "Credentials", 11);
  sf_where at = sf_where_pointer(where, "/Credentials");
  if (v.kind != SF_OBJECT || !sf_resource_is_aws(&s->u.task.resource) ||
      sf_object_get(v, "RoleArn", 7).kind != SF_ABSENT ||
      (s->language == SF_JSONPATH &&
       sf_object_get(v, "RoleArn.$", 9).kind != SF_ABSENT))
    return;
  sf_fault(l, &at, SF_LOCATION_HERE, SF_CODE_SCHEMA,
           "The field 'RoleArn' is required but was missing");
}

/* What two fields of a state say together. */
static void check_state(sf_loader *l, const sf_state *s, sf_value object,
                        const sf_where *where) {
  sf_value end = sf_object_get(object, "End", 3);
  double timeout, heartbeat;
  if (end.kind == SF_BOOLEAN && !end.u.boolean && s->next == SF_NONE &&
      sf_object_get(object, "Next", 4).kind == SF_ABSENT)
    sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "One of these fields is required: [Next, End]");
  if (s->type == SF_TASK)
    check_credentials(l, s, object, where);
  if (s->type == SF_TASK && positive(&s->u.task.timeout, &timeout) &&
      positive(&s->u.task.heartbeat, &heartbeat) && heartbeat >= timeout)
    sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "HeartbeatSeconds must be smaller than TimeoutSeconds");
}

static void hint_type(sf_loader *l, sf_value type) {
  sf_nearest n;
  int i;
  if (type.kind != SF_STRING)
    return;
  sf_nearest_init(&n, sf_string_text(type), sf_string_length(type));
  for (i = SF_TASK; i <= SF_MAP; i++) {
    const char *name = sf_state_type_name((sf_state_type)i);
    sf_nearest_try(&n, name, strlen(name));
  }
  sf_hint_nearest(l, &n);
}

/* A state whose Type is missing or unknown: only that is said of it. */
static void refuse_type(sf_loader *l, sf_value type, sf_value type_key,
                        const sf_where *where) {
  sf_where at = sf_where_key(where, type_key);
  if (type.kind == SF_ABSENT)
    sf_fault(l, where, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "These fields are required: [Type]");
  else {
    hint_type(l, type);
    sf_fault(l, &at, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "The field 'Type' should have one of these values: [Task, Wait, "
             "Pass, Succeed, Fail, Choice, Parallel, Map]");
  }
}

static sf_value key_named(sf_value object, const char *name) {
  size_t i;
  for (i = 0; i < sf_object_count(object); i++)
    if (sf_string_is(sf_object_key_at(object, i), name))
      return sf_object_key_at(object, i);
  return sf_absent();
}

void sf_load_state(sf_loader *l, uint32_t index) {
  const sf_state_source *source = &l->states[index];
  sf_state *s = &l->machine->states[index];
  sf_where where = sf_where_pointer(NULL, sf_string_text(source->pointer));
  sf_value type;
  int t;
  if (source->value.kind != SF_OBJECT) {
    sf_fault_type(l, &where, "Object");
    return;
  }
  type = sf_object_get(source->value, "Type", 4);
  t = type.kind == SF_STRING ? sf_state_type_find(type) : -1;
  if (t < 0) {
    refuse_type(l, type, key_named(source->value, "Type"), &where);
    return;
  }
  l->state = s;
  l->scope = source->scope;
  s->type = (sf_state_type)t;
  s->language = l->language = language_of(l, source->value, &where);
  if (!init_state(l, s) || !link_scopes(l, s, source))
    return;
  sf_load_object(l, (sf_place)t, source->value, s, &where);
  if (l->status == SF_OK)
    check_state(l, s, source->value, &where);
}
