/*
** load.c - drives the loading of a definition: text to value, substitutions,
** scopes and states counted and named, every field of every state, the graph.
*/
#include "asl/load.h"

#include <string.h>

#include "asl/check.h"
#include "asl/load_syntax.h"
#include "asl/loader.h"
#include "base/json.h"

/* --- first pass: which scopes and states there are --- */

/* "<pointer>/<name>", with "/<index>" when it is not negative. */
static sf_value pointer_below(sf_loader *l, sf_value pointer, const char *name,
                              long index) {
  sf_buffer b;
  sf_value v;
  sf_buffer_init(&b, l->mem);
  sf_buffer_add(&b, sf_string_text(pointer), sf_string_length(pointer));
  sf_buffer_add_text(&b, name);
  if (index >= 0)
    sf_buffer_add_format(&b, "/%ld", index);
  v = sf_buffer_string(&b);
  if (v.kind == SF_ABSENT)
    sf_loader_nomem(l);
  return v;
}

/* Add a scope; 'pointer' is consumed. */
static void add_scope(sf_loader *l, sf_value value, sf_value pointer,
                      sf_place place, uint32_t owner, unsigned depth) {
  void *scopes = l->scopes;
  sf_scope_source *s;
  sf_value states = sf_object_get(value, "States", 6);
  if (pointer.kind == SF_ABSENT)
    return;
  if (!sf_alloc_grow(l->mem, &scopes, &l->scope_capacity, l->nscopes + 1,
                     sizeof *l->scopes)) {
    sf_release(pointer);
    sf_loader_nomem(l);
    return;
  }
  l->scopes = scopes;
  s = &l->scopes[l->nscopes++];
  memset(s, 0, sizeof *s);
  s->value = value;
  s->states = states.kind == SF_OBJECT ? states : sf_absent();
  s->pointer = pointer;
  s->place = place;
  s->owner = owner;
  s->start = SF_NONE;
  s->depth = depth;
  s->assigned = sf_object_new(l->mem, 0);
  if (s->assigned.kind == SF_ABSENT)
    sf_loader_nomem(l);
}

/* Code points. */
static size_t name_length(sf_value name) {
  const char *text = sf_string_text(name);
  size_t i, n = 0;
  for (i = 0; i < sf_string_length(name); i++)
    n += ((unsigned char)text[i] & 0xC0) != 0x80;
  return n;
}

static void check_name(sf_loader *l, sf_value name, sf_value pointer) {
  sf_where at = sf_where_pointer(NULL, sf_string_text(pointer));
  size_t n = name_length(name);
  if (n == 0)
    sf_fault(l, &at, SF_LOCATION_HOLDER, "INVALID_STATE_NAME",
             "State name cannot be empty");
  if (n > SF_STATE_NAME_MAX)
    sf_fault(l, &at, SF_LOCATION_HOLDER, "INVALID_STATE_NAME",
             "State name cannot exceed %d characters", SF_STATE_NAME_MAX);
  if (sf_object_get_key(l->names, name).kind != SF_ABSENT)
    sf_fault(l, &at, SF_LOCATION_HERE, "DUPLICATE_STATE_NAME",
             "State name '%s' appears more than once", sf_string_text(name));
  else if (sf_object_set(&l->names, sf_retain(name),
                         sf_integer((int64_t)l->nstates)) != SF_OK)
    sf_loader_nomem(l);
}

static sf_value state_pointer(sf_loader *l, const sf_scope_source *scope,
                              sf_value name) {
  sf_buffer b;
  sf_value v;
  sf_buffer_init(&b, l->mem);
  sf_buffer_add(&b, sf_string_text(scope->pointer),
                sf_string_length(scope->pointer));
  sf_buffer_add_text(&b, "/States");
  sf_pointer_add(&b, name);
  v = sf_buffer_string(&b);
  if (v.kind == SF_ABSENT)
    sf_loader_nomem(l);
  return v;
}

/* There is room for it. */
static void add_state(sf_loader *l, uint32_t scope, sf_value name,
                      sf_value value) {
  sf_value pointer = state_pointer(l, &l->scopes[scope], name);
  sf_state_source *s;
  if (pointer.kind == SF_ABSENT)
    return;
  check_name(l, name, pointer);
  s = &l->states[l->nstates++];
  memset(s, 0, sizeof *s);
  s->name = name;
  s->value = value;
  s->pointer = pointer;
  s->scope = scope;
}

/* Room for 'count' more: large blocks that grow are copied again and again. */
static void reserve_states(sf_loader *l, size_t count) {
  void *states = l->states;
  if (sf_alloc_grow(l->mem, &states, &l->state_capacity, l->nstates + count,
                    sizeof *l->states))
    l->states = states;
  else
    sf_loader_nomem(l);
}

static void add_states(sf_loader *l, uint32_t k) {
  sf_value states = l->scopes[k].states;
  size_t i;
  l->scopes[k].first = (uint32_t)l->nstates;
  if (states.kind != SF_OBJECT)
    return;
  reserve_states(l, sf_object_count(states));
  for (i = 0; i < sf_object_count(states) && l->status == SF_OK; i++)
    add_state(l, k, sf_object_key_at(states, i), sf_object_value_at(states, i));
  l->scopes[k].count = (uint32_t)(l->nstates - l->scopes[k].first);
}

static void add_branches(sf_loader *l, sf_value branches, uint32_t state) {
  sf_state_source s = l->states[state];
  unsigned depth = l->scopes[s.scope].depth + 1;
  size_t i;
  for (i = 0; branches.kind == SF_ARRAY && i < sf_array_count(branches); i++)
    if (sf_array_at(branches, i).kind == SF_OBJECT)
      add_scope(l, sf_array_at(branches, i),
                pointer_below(l, s.pointer, "/Branches", (long)i),
                SF_PLACE_BRANCH, state, depth);
}

static void add_processor(sf_loader *l, const char *name, uint32_t state) {
  sf_state_source s = l->states[state];
  sf_value v = sf_object_get(s.value, name + 1, strlen(name + 1));
  if (v.kind == SF_OBJECT)
    add_scope(l, v, pointer_below(l, s.pointer, name, -1), SF_PLACE_PROCESSOR,
              state, l->scopes[s.scope].depth + 1);
}

/* The branches or the processor of a state. */
static void add_inner_scopes(sf_loader *l, uint32_t state) {
  sf_value v = l->states[state].value, type;
  if (v.kind != SF_OBJECT)
    return;
  type = sf_object_get(v, "Type", 4);
  l->states[state].first_scope = (uint32_t)l->nscopes;
  if (type.kind == SF_STRING && sf_string_is(type, "Parallel")) {
    add_branches(l, sf_object_get(v, "Branches", 8), state);
  } else if (type.kind == SF_STRING && sf_string_is(type, "Map")) {
    add_processor(l, "/ItemProcessor", state);
    add_processor(l, "/Iterator", state);
  }
  l->states[state].nscopes =
    (uint32_t)l->nscopes - l->states[state].first_scope;
}

static void refuse_depth(sf_loader *l, const sf_scope_source *scope) {
  sf_where at = sf_where_pointer(NULL, sf_string_text(scope->pointer));
  sf_fault(l, &at, SF_LOCATION_HERE, "TOO_DEEPLY_NESTED",
           "States are nested more than %d levels deep", SF_SCOPE_DEPTH_MAX);
}

static void collect(sf_loader *l) {
  uint32_t k, i;
  add_scope(l, l->root, sf_string_from(l->mem, ""), SF_PLACE_MACHINE, SF_NONE,
            0);
  if (l->nscopes == 0)
    sf_loader_nomem(l);
  for (k = 0; k < l->nscopes && l->status == SF_OK; k++) {
    if (l->scopes[k].depth > SF_SCOPE_DEPTH_MAX) {
      refuse_depth(l, &l->scopes[k]);
      continue;
    }
    add_states(l, k);
    for (i = l->scopes[k].first; i < l->nstates && l->status == SF_OK; i++)
      add_inner_scopes(l, i);
  }
}

/* --- second pass: what they hold --- */

/* Children of a distributed Map may be EXPRESS while the machine is not. */
static sf_machine_type type_of(const sf_loader *l,
                               const sf_scope_source *scope) {
  if (scope->owner == SF_NONE)
    return l->machine->type;
  if (scope->mode == 2 && scope->execution_type != 0)
    return scope->execution_type == 2 ? SF_EXPRESS : SF_STANDARD;
  return l->scopes[l->states[scope->owner].scope].type;
}

static void refuse_distributed(sf_loader *l, const sf_scope_source *scope) {
  sf_where at = sf_where_pointer(NULL, sf_string_text(scope->pointer));
  if (scope->mode == 2 && l->machine->type == SF_EXPRESS)
    sf_fault(l, &at, SF_LOCATION_HERE, SF_CODE_SCHEMA,
             "Express state machine does not support Map states in "
             "DISTRIBUTED mode");
}

static void load_scopes(sf_loader *l) {
  uint32_t k;
  for (k = 0; k < l->nscopes && l->status == SF_OK; k++) {
    sf_scope_source *scope = &l->scopes[k];
    sf_where at = sf_where_pointer(NULL, sf_string_text(scope->pointer));
    l->scope = k;
    l->language = l->machine->language;
    sf_load_object(l, scope->place, scope->value, scope, &at);
    scope->type = type_of(l, scope);
    refuse_distributed(l, scope);
  }
}

static bool alloc_machine(sf_loader *l) {
  sf_machine *m = l->machine;
  size_t i;
  m->scopes = sf_alloc_zero(l->mem, l->nscopes * sizeof *m->scopes);
  if (m->scopes == NULL)
    return sf_loader_nomem(l);
  m->nscopes = (uint32_t)l->nscopes;
  if (l->nstates == 0)
    return true; /* told when the scopes are read */
  m->states = sf_alloc_zero(l->mem, l->nstates * sizeof *m->states);
  if (m->states == NULL)
    return sf_loader_nomem(l);
  m->nstates = (uint32_t)l->nstates;
  for (i = 0; i < l->nstates; i++) {
    m->states[i].name = sf_retain(l->states[i].name);
    m->states[i].pointer = sf_retain(l->states[i].pointer);
    m->states[i].scope = l->states[i].scope;
    m->states[i].next = SF_NONE;
  }
  return true;
}

static void load_all(sf_loader *l) {
  uint32_t i;
  collect(l);
  if (l->status != SF_OK || !alloc_machine(l))
    return;
  load_scopes(l);
  for (i = 0; i < l->nstates && l->status == SF_OK; i++)
    sf_load_state(l, i);
  if (l->status == SF_OK)
    sf_check_flow(l);
  if (l->status == SF_OK && l->diags->errors == 0)
    sf_check_doubts(l);
}

/* --- the machine --- */

static void finish(sf_loader *l) {
  sf_machine *m = l->machine;
  size_t i;
  for (i = 0; i < l->nscopes; i++) {
    m->scopes[i].start = l->scopes[i].start;
    m->scopes[i].owner = l->scopes[i].owner;
  }
  m->timeout_seconds = l->scopes[0].timeout_seconds;
}

static sf_machine *new_machine(sf_loader *l) {
  sf_machine *m = sf_alloc_zero(l->mem, sizeof *m);
  sf_value language;
  if (m == NULL) {
    sf_loader_nomem(l);
    return NULL;
  }
  m->mem = l->mem;
  m->refs = 1;
  m->type = l->options->type;
  m->name = sf_retain(l->options->name);
  m->definition = sf_retain(l->root);
  language = sf_object_get(l->root, "QueryLanguage", 13);
  if (language.kind == SF_STRING && sf_string_is(language, "JSONata"))
    m->language = SF_JSONATA;
  return m;
}

static void clear_loader(sf_loader *l) {
  size_t i;
  for (i = 0; i < l->nscopes; i++) {
    sf_release(l->scopes[i].pointer);
    sf_release(l->scopes[i].assigned);
  }
  for (i = 0; i < l->nstates; i++)
    sf_release(l->states[i].pointer);
  sf_alloc_free(l->mem, l->scopes, l->scope_capacity * sizeof *l->scopes);
  sf_alloc_free(l->mem, l->states, l->state_capacity * sizeof *l->states);
  sf_release(l->names);
  sf_release(l->labels);
  sf_release(l->variables);
  sf_release(l->functions);
  sf_release(l->hint);
  sf_path_cache_clear(&l->paths);
}

static void refuse_root(sf_loader *l) {
  sf_where at = sf_where_pointer(NULL, "");
  sf_fault(l, &at, SF_LOCATION_NOWHERE, SF_CODE_SCHEMA,
           "Definition must be a valid JSON object");
}

/* From the definition in l->root to the machine in l->machine. */
static void run_loader(sf_loader *l) {
  l->names = sf_object_new(l->mem, 0);
  l->labels = sf_object_new(l->mem, 0);
  l->variables = sf_object_new(l->mem, 0);
  l->functions = sf_object_new(l->mem, 0);
  if (l->names.kind == SF_ABSENT || l->labels.kind == SF_ABSENT ||
      l->variables.kind == SF_ABSENT || l->functions.kind == SF_ABSENT)
    sf_loader_nomem(l);
  else if (l->root.kind != SF_OBJECT)
    refuse_root(l);
  else if ((l->machine = new_machine(l)) != NULL)
    load_all(l);
  if (l->status == SF_OK && l->machine != NULL && l->diags->errors == 0)
    finish(l);
}

static sf_status load_root(sf_loader *l, sf_machine **out, sf_error *err) {
  sf_status st = SF_OK;
  sf_field_index_init(&l->fields);
  run_loader(l);
  clear_loader(l);
  sf_diagnostics_sort(l->diags);
  if (l->status != SF_OK)
    st = sf_error_nomem(err);
  else if (l->diags->errors > 0)
    st = sf_error_set(err, SF_ERR_SYNTAX, "the definition is not valid");
  if (st == SF_OK && out != NULL)
    *out = l->machine;
  else
    sf_machine_release(l->machine);
  return st;
}

static sf_status load_definition(sf_loader *l, sf_value definition,
                                 sf_machine **out, sf_error *err) {
  sf_value names = l->options->substitutions;
  sf_status st;
  l->root = names.kind == SF_OBJECT ? sf_substitute(l->mem, definition, names)
                                    : sf_retain(definition);
  if (l->root.kind == SF_ABSENT)
    return sf_error_nomem(err);
  st = load_root(l, out, err);
  sf_release(l->root);
  return st;
}

sf_status sf_load_value(const sf_alloc *mem, sf_value definition,
                        const sf_load_options *options, sf_machine **out,
                        sf_diagnostics *diags, sf_error *err) {
  sf_loader l;
  memset(&l, 0, sizeof l);
  l.mem = mem;
  l.options = options;
  l.diags = diags;
  if (out != NULL)
    *out = NULL;
  return load_definition(&l, definition, out, err);
}

/* --- from text --- */

static bool is_blank(const char *text, size_t len) {
  while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL &&
         text[len - 1] != '\0')
    len--;
  return len == 0;
}

static sf_status refuse_text(sf_loader *l, const sf_source *source,
                             sf_error *err) {
  if (is_blank(l->text, l->length))
    refuse_root(l);
  else if (sf_syntax_fault(source, err) != SF_OK)
    sf_loader_nomem(l);
  if (l->status != SF_OK)
    return sf_error_nomem(err);
  return sf_error_set(err, SF_ERR_SYNTAX, "the definition is not valid");
}

static sf_status refuse_size(sf_loader *l, sf_error *err) {
  sf_where at = sf_where_pointer(NULL, "");
  l->text = NULL;
  sf_fault(l, &at, SF_LOCATION_NOWHERE, SF_CODE_SCHEMA,
           "The definition is longer than %d bytes", SF_DEFINITION_MAX);
  if (l->status != SF_OK)
    return sf_error_nomem(err);
  return sf_error_set(err, SF_ERR_SYNTAX, "the definition is not valid");
}

sf_status sf_load_text(const sf_alloc *mem, const char *text, size_t len,
                       const sf_load_options *options, sf_machine **out,
                       sf_diagnostics *diags, sf_error *err) {
  sf_source source = {text, len, diags};
  sf_loader l;
  sf_value definition;
  bool repeats;
  sf_status st;
  memset(&l, 0, sizeof l);
  l.mem = mem;
  l.options = options;
  l.text = text;
  l.length = len;
  l.diags = diags;
  if (out != NULL)
    *out = NULL;
  if (len > SF_DEFINITION_MAX)
    return refuse_size(&l, err);
  st = sf_json_read_noting(mem, text, len, &definition, &repeats, err);
  if (st == SF_ERR_NOMEM)
    return st;
  if (st != SF_OK)
    return refuse_text(&l, &source, err);
  if (repeats)
    st = sf_syntax_repeats(&source);
  st = st != SF_OK ? sf_error_of(err, st)
                   : load_definition(&l, definition, out, err);
  sf_release(definition);
  return st;
}
