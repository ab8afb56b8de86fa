/*
** act_compound.c - fields that are read by other parts of the loader: templates,
** resources, lists of retriers and catchers, objects with fields of their own.
*/
#include <string.h>

#include "asl/act.h"
#include "asl/resource.h"

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

void sf_act_template(sf_loader *l, const sf_site *site, sf_value v) {
  if (!taken(site))
    store_template(site, sf_load_template(l, v, site->where));
}

void sf_act_items(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind == SF_ARRAY || v.kind == SF_OBJECT ||
      (v.kind == SF_STRING && sf_expr_is_jsonata(v)))
    sf_act_template(l, site, v);
  else
    sf_site_fault(l, site,
                  "Items must be an array, an object or a JSONata expression");
}

void sf_act_assign(sf_loader *l, const sf_site *site, sf_value v) {
  store_template(site, sf_load_assign(l, v, site->where));
}

void sf_act_credentials(sf_loader *l, const sf_site *site, sf_value v) {
  store_template(site, sf_load_credentials(l, v, site->where));
}

void sf_act_states(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind != SF_OBJECT)
    sf_fault_type(l, site->where, "Object");
  else
    sf_site_filled(l, site, sf_object_count(v));
}

static void refuse_resource(sf_loader *l, const sf_site *site, sf_value v) {
  sf_fault_value(l, site->where, SF_LOCATION_HERE,
                 "The resource provided %s is not recognized. The value is not "
                 "a valid resource ARN, or the resource is not available in "
                 "this region.",
                 sf_string_text(v));
}

void sf_act_store(sf_loader *l, const sf_site *site, sf_value v) {
  if (!sf_site_text(l, site, v))
    return;
  if (!sf_resource_is_store(v, site->row->words))
    refuse_resource(l, site, v);
  sf_assign(site->slot, sf_retain(v));
}

void sf_act_resource(sf_loader *l, const sf_site *site, sf_value v) {
  const char *fault;
  sf_resource *r = site->slot;
  if (!sf_site_text(l, site, v))
    return;
  if (sf_resource_read(l->mem, v, r) == SF_ERR_NOMEM) {
    sf_loader_nomem(l);
    return;
  }
  if (!sf_resource_is_known(r))
    refuse_resource(l, site, v);
  fault = sf_resource_refused(r, l->scopes[l->scope].type);
  if (fault != NULL)
    sf_fault_value(l, site->where, SF_LOCATION_HERE, "%s", fault);
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

void sf_act_retry(sf_loader *l, const sf_site *site, sf_value v) {
  sf_state *s = l->state;
  size_t i, n;
  if (!sf_site_list(l, site, v) || (n = sf_array_count(v)) == 0)
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

void sf_act_catch(sf_loader *l, const sf_site *site, sf_value v) {
  sf_state *s = l->state;
  size_t i, n;
  if (!sf_site_list(l, site, v) || (n = sf_array_count(v)) == 0)
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

void sf_act_branches(sf_loader *l, const sf_site *site, sf_value v) {
  size_t i;
  if (!sf_site_list(l, site, v) || !sf_site_filled(l, site, sf_array_count(v)))
    return;
  for (i = 0; i < sf_array_count(v); i++) {
    sf_where at = sf_where_index(site->where, i);
    if (sf_array_at(v, i).kind != SF_OBJECT)
      sf_fault_type(l, &at, "Object");
  }
}

void sf_act_choices(sf_loader *l, const sf_site *site, sf_value v) {
  if (sf_site_list(l, site, v) && sf_site_filled(l, site, sf_array_count(v)))
    sf_load_choices(l, v, site->where);
}

/* --- what the fields of an inner object say together --- */

static bool has(sf_value object, const char *name) {
  return sf_object_get(object, name, strlen(name)).kind != SF_ABSENT;
}

static bool has_word(sf_value object, const char *name, const char *word) {
  sf_value v = sf_object_get(object, name, strlen(name));
  return v.kind == SF_STRING && sf_string_is(v, word);
}

static const char *config_fault(const sf_loader *l, sf_value v) {
  if (l->scopes[l->scope].mode == 2 && !has(v, "ExecutionType"))
    return "These fields are required: [ExecutionType]";
  return NULL;
}

static const char *reader_fault(const sf_loader *l, sf_value v) {
  (void)l;
  if (has_word(v, "CSVHeaderLocation", "GIVEN") && !has(v, "CSVHeaders"))
    return "These fields are required: [CSVHeaders]";
  if (has_word(v, "Transformation", "LOAD_AND_FLATTEN") &&
      !has(v, "InputType") && !has(v, "ManifestType"))
    return "These fields are required: [InputType]";
  return NULL;
}

static const char *batcher_fault(const sf_loader *l, sf_value v) {
  (void)l;
  if (has(v, "MaxItemsPerBatch") || has(v, "MaxItemsPerBatchPath") ||
      has(v, "MaxInputBytesPerBatch") || has(v, "MaxInputBytesPerBatchPath"))
    return NULL;
  return "One of these fields is required: [MaxItemsPerBatch, "
         "MaxInputBytesPerBatch]";
}

/* Where to write, how to write, both, or nothing of it. */
static const char *writer_fault(const sf_loader *l, sf_value v) {
  bool jsonata = l->language == SF_JSONATA;
  bool where = has(v, jsonata ? "Arguments" : "Parameters");
  if (has(v, "Resource") && !where)
    return jsonata ? "These fields are required: [Arguments]"
                   : "These fields are required: [Parameters]";
  if (!has(v, "Resource") && where)
    return "These fields are required: [Resource]";
  return NULL;
}

static void check_inner(sf_loader *l, const sf_site *site, sf_value v) {
  const char *fault = NULL;
  switch ((sf_place)site->row->inner) {
    case SF_PLACE_PROCESSOR_CONFIG: fault = config_fault(l, v); break;
    case SF_PLACE_READER_CONFIG: fault = reader_fault(l, v); break;
    case SF_PLACE_BATCHER: fault = batcher_fault(l, v); break;
    case SF_PLACE_WRITER: fault = writer_fault(l, v); break;
    default: break;
  }
  if (fault != NULL)
    sf_site_fault(l, site, fault);
}

static sf_distribution *distribution_of(sf_loader *l) {
  sf_map *map = &l->state->u.map;
  if (map->distribution == NULL)
    map->distribution = sf_alloc_zero(l->mem, sizeof *map->distribution);
  if (map->distribution == NULL)
    sf_loader_nomem(l);
  return map->distribution;
}

/* Where the fields of an inner object are stored: of those of a Map in what the
** three share, of others in the struct around them. */
static void *inner_struct(sf_loader *l, const sf_site *site) {
  sf_distribution *d;
  if (!(site->row->places & SF_AT(MAP)))
    return site->slot;
  d = distribution_of(l);
  if (d == NULL)
    return NULL;
  switch ((sf_place)site->row->inner) {
    case SF_PLACE_READER: d->reader.there = true; break;
    case SF_PLACE_BATCHER: d->batcher.there = true; break;
    default: d->writer.there = true; break;
  }
  return d;
}

void sf_act_inner(sf_loader *l, const sf_site *site, sf_value v) {
  void *inner;
  if (v.kind != SF_OBJECT) {
    sf_fault_type(l, site->where, "Object");
    return;
  }
  inner = inner_struct(l, site);
  if (inner == NULL)
    return;
  sf_load_object(l, (sf_place)site->row->inner, v, inner, site->where);
  check_inner(l, site, v);
}

void sf_act_scope(sf_loader *l, const sf_site *site, sf_value v) {
  if (v.kind != SF_OBJECT)
    sf_fault_type(l, site->where, "Object");
}
