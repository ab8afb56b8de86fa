/*
** path.c - compiled paths: making them, asking them, running them.
*/
#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "query/path_eval.h"
#include "query/path_parse.h"

#define STEPS 4 /* of a path of a few names, "none" and the root's end */
#define NODES 2 /* of a path without filters: "none" and its query */

/* --- life --- */

/* What the program refers to. */
static void clear_program(sf_path *path) {
  size_t i;
  for (i = 0; i < path->step_count; i++)
    if (path->steps[i].kind == STEP_NAME)
      sf_release(path->steps[i].u.name);
  for (i = 0; i < path->value_count; i++)
    sf_release(path->values[i]);
  for (i = 0; i < path->regex_count; i++)
    sf_regex_free(path->regexes[i]);
}

/* A path, its program and its text lie in one block. */
static size_t block_size(const sf_path *path) {
  return sizeof *path + path->step_count * sizeof *path->steps +
         path->node_count * sizeof *path->nodes +
         path->value_count * sizeof *path->values +
         path->regex_count * sizeof *path->regexes + path->length + 1;
}

/* Copy 'size' bytes to *at, which moves on.  Returns the copy. */
static void *place(char **at, const void *from, size_t size) {
  void *to = *at;
  if (size > 0)
    memcpy(to, from, size);
  *at += size;
  return to;
}

/* The draft as it stays; NULL: no memory. */
static sf_path *settle(const sf_path *draft) {
  sf_path *path = sf_alloc_new(draft->mem, block_size(draft));
  char *at = (char *)(path + 1), *text;
  if (path == NULL)
    return NULL;
  *path = *draft;
  path->steps = place(&at, draft->steps, draft->step_count * sizeof(sf_step));
  path->nodes = place(&at, draft->nodes, draft->node_count * sizeof(sf_node));
  path->values =
    place(&at, draft->values, draft->value_count * sizeof(sf_value));
  path->regexes =
    place(&at, draft->regexes, draft->regex_count * sizeof(sf_regex *));
  path->text = text = place(&at, draft->text, draft->length);
  text[draft->length] = '\0';
  return path;
}

static void free_path(sf_path *path) {
  clear_program(path);
  sf_alloc_free(path->mem, path, block_size(path));
}

sf_path *sf_path_retain(sf_path *path) {
  path->refs++;
  return path;
}

void sf_path_release(sf_path *path) {
  if (path != NULL && --path->refs == 0)
    free_path(path);
}

/* --- compiling --- */

/* Most paths are a few names: room for these. */
static sf_status reserve(sf_parser *p) {
  sf_path *path = p->path;
  path->steps = sf_alloc_array(path->mem, STEPS, sizeof(sf_step));
  p->room->steps = path->steps != NULL ? STEPS : 0;
  path->nodes = sf_alloc_array(path->mem, NODES, sizeof(sf_node));
  p->room->nodes = path->nodes != NULL ? NODES : 0;
  return path->steps == NULL || path->nodes == NULL ? sf_error_nomem(p->err)
                                                    : SF_OK;
}

static void free_arrays(const sf_path *draft, const sf_path_room *room) {
  const sf_alloc *mem = draft->mem;
  sf_alloc_free(mem, draft->steps, room->steps * sizeof(sf_step));
  sf_alloc_free(mem, draft->nodes, room->nodes * sizeof(sf_node));
  sf_alloc_free(mem, draft->values, room->values * sizeof(sf_value));
  sf_alloc_free(mem, draft->regexes, room->regexes * sizeof(sf_regex *));
}

/* The whole text as one query. */
static sf_status parse_whole(sf_parser *p) {
  uint32_t none;
  sf_status status = reserve(p);
  if (status == SF_OK)
    status = sf_add_step(p, STEP_END, &none);
  if (status == SF_OK)
    status = sf_add_node(p, NODE_NONE, &none);
  if (status == SF_OK)
    status = sf_parse_query(p, &p->path->main);
  if (status == SF_OK && !sf_at_end(&p->c))
    return sf_parse_fault(p, "the path does not go on like this");
  return status;
}

/* Where '$' is optional: blanks around the text do not count, and a text that
** begins with neither '$' nor '@' gets "$." in front. */
static sf_status parse_rootless(sf_parser *p) {
  sf_buffer b;
  sf_status status;
  while (p->c.end > p->c.at && p->c.text[p->c.end - 1] == ' ')
    p->c.end--;
  sf_skip(&p->c, " ");
  if (sf_at_end(&p->c))
    return sf_parse_fault(p, "the path is empty");
  if (p->c.text[p->c.end - 1] == '.')
    return sf_parse_fault(p, "a path must not end with '.'");
  if (sf_peek(&p->c) == '$' || sf_peek(&p->c) == '@')
    return parse_whole(p);
  sf_buffer_init(&b, p->path->mem);
  sf_buffer_add_text(&b, "$.");
  sf_buffer_add(&b, p->c.text + p->c.at, p->c.end - p->c.at);
  p->c.text = b.bytes;
  p->c.at = 0;
  p->c.end = b.length;
  status = b.failed ? sf_error_nomem(p->err) : parse_whole(p);
  if (status == SF_ERR_SYNTAX)
    p->err->offset -= p->err->offset < 2 ? p->err->offset : 2;
  sf_buffer_clear(&b);
  return status;
}

static sf_status parse(sf_parser *p) {
  if (p->rules->root_optional)
    return parse_rootless(p);
  if (sf_peek(&p->c) != '$')
    return sf_parse_fault(p, "a path begins with '$'");
  return parse_whole(p);
}

/* '$', then names and indices from the front; nothing left over. */
static bool names_a_place(const sf_path *path) {
  const sf_step *s = &path->steps[path->nodes[path->main].u.query.first];
  if (path->length == 0 || path->text[0] != '$' ||
      !path->nodes[path->main].u.query.singular)
    return false;
  for (; s->kind != STEP_END; s = &path->steps[s->next])
    if (s->kind == STEP_INDEX && s->u.slice.from < 0)
      return false;
  return true;
}

static sf_status check_text(const char *text, size_t len, sf_error *err) {
  size_t valid;
  if (len > SF_PATH_LENGTH_MAX)
    return sf_error_at(err, SF_ERR_LIMIT, 0, "the path is longer than %d bytes",
                       SF_PATH_LENGTH_MAX);
  valid = sf_utf8_check(text, len);
  if (valid < len)
    return sf_error_at(err, SF_ERR_SYNTAX, valid, "the path is not UTF-8");
  return SF_OK;
}

/* Parse the draft's text into its program. */
static sf_status compile(sf_path *draft, sf_path_room *room, sf_error *err) {
  sf_parser p;
  sf_status status;
  memset(&p, 0, sizeof p);
  p.path = draft;
  p.room = room;
  p.rules = draft->rules;
  p.c.text = draft->text;
  p.c.end = draft->length;
  p.err = err;
  status = parse(&p);
  /* A text that was rewritten may be longer than the path's own. */
  if (status != SF_OK && err->offset != SF_NO_OFFSET &&
      err->offset > draft->length)
    err->offset = draft->length;
  return status;
}

sf_status sf_path_new(const sf_alloc *mem, const char *text, size_t len,
                      sf_dialect dialect, sf_path **out, sf_error *err) {
  sf_path_room room = {0, 0, 0, 0};
  sf_path draft;
  sf_status status = check_text(text, len, err);
  *out = NULL;
  if (status != SF_OK)
    return status;
  memset(&draft, 0, sizeof draft);
  draft.mem = mem;
  draft.refs = 1;
  draft.rules = sf_rules_of(dialect);
  draft.text = text;
  draft.length = len;
  status = compile(&draft, &room, err);
  if (status == SF_OK) {
    draft.reference = names_a_place(&draft);
    *out = settle(&draft);
    if (*out == NULL)
      status = sf_error_nomem(err);
  }
  if (status != SF_OK)
    clear_program(&draft);
  free_arrays(&draft, &room);
  return status;
}

/* --- asking --- */

const char *sf_path_text(const sf_path *path) {
  return path->text;
}

bool sf_path_is_definite(const sf_path *path) {
  return path->nodes[path->main].u.query.definite;
}

bool sf_path_is_reference(const sf_path *path) {
  return path->reference;
}

const char *sf_path_doubtful(const sf_path *path) {
  return path->doubtful;
}

/* --- running --- */

/* What was found, as an array. */
static sf_status make_array(sf_eval *e, sf_value *out) {
  sf_status status;
  size_t i;
  for (i = 0; i < e->node_count; i++)
    sf_retain(e->nodes[i]);
  status = sf_array_from(e->mem, e->nodes, e->node_count, out);
  if (status == SF_OK)
    return SF_OK;
  while (i-- > 0)
    sf_release(e->nodes[i]);
  return sf_error_of(e->err, status);
}

static sf_status select_into(const sf_path *path, sf_value root, sf_sink sink,
                             sf_budget *budget, sf_value *out, sf_error *err) {
  sf_eval e;
  sf_outcome outcome;
  sf_status status;
  *out = sf_absent();
  sf_eval_init(&e, path, root, budget, err);
  e.sink = sink;
  outcome = sf_eval_query(&e, path->main, root);
  status =
    outcome == RUN_ON ? make_array(&e, out) : sf_eval_report(&e, outcome);
  sf_eval_clear(&e);
  return status;
}

sf_status sf_path_values(const sf_path *path, sf_value root, sf_budget *budget,
                         sf_value *out, sf_error *err) {
  return select_into(path, root, SINK_NODES, budget, out, err);
}

sf_status sf_path_locations(const sf_path *path, sf_value root,
                            sf_budget *budget, sf_value *out, sf_error *err) {
  return select_into(path, root, SINK_PLACES, budget, out, err);
}

sf_status sf_path_read(const sf_path *path, sf_value root, sf_budget *budget,
                       sf_value *out, sf_error *err) {
  sf_eval e;
  sf_outcome outcome;
  sf_status status = SF_OK;
  if (!sf_path_is_definite(path))
    return sf_path_values(path, root, budget, out, err);
  *out = path->reference ? sf_path_get(path, root) : sf_absent();
  if (out->kind != SF_ABSENT && sf_budget_take(budget, 1)) {
    sf_retain(*out);
    return SF_OK;
  }
  *out = sf_absent();
  sf_eval_init(&e, path, root, budget, err);
  outcome = sf_eval_value(&e, path->main, root, out);
  if (outcome == RUN_ON)
    sf_retain(*out);
  else {
    *out = sf_absent();
    status = sf_eval_report(&e, outcome);
  }
  sf_eval_clear(&e);
  return status;
}
