/*
** eval_group.c - objects: constructors and grouping are the same thing, one
** group for each key.
*/
#include "query/jsonata/run.h"

typedef struct group {
  uint32_t pair;  /* the pair that made the key */
  size_t count;   /* of items */
  jn_value data;  /* the item, or what the items make together */
  jn_array *list; /* where they are put together */
} group;

typedef struct grouping {
  jn_run *r;
  const jn_node *pairs;
  jn_frame *frame;
  bool is_stream;
  jn_object *keys; /* key -> number of its group, then -> value */
  group *groups;
  size_t count, capacity;
} grouping;

static bool fail_key(grouping *g, const char *code, jn_value key) {
  jn_fail(g->r, code, key);
  g->r->fault->position = g->pairs->position;
  return false;
}

static group *new_group(grouping *g) {
  size_t want = g->capacity == 0 ? g->pairs->count / 2 : g->capacity * 2;
  if (g->count == g->capacity) {
    size_t i;
    group *groups = jn_arena_new(&g->r->arena, want * sizeof *groups);
    if (groups == NULL) {
      jn_fail_memory(g->r);
      return NULL;
    }
    for (i = 0; i < g->count; i++)
      groups[i] = g->groups[i];
    g->groups = groups;
    g->capacity = want;
  }
  return &g->groups[g->count++];
}

/* Put an item to those of its group, as $append does. */
static bool group_add(grouping *g, group *to, jn_value item) {
  jn_run *r = g->r;
  jn_value room;
  to->count++;
  if (jn_is_undefined(item))
    return true;
  if (jn_is_undefined(to->data)) {
    to->data = item;
    return true;
  }
  if (to->list == NULL) {
    to->list = jn_new_array(r, 4, g->is_stream ? JN_STREAM : 0);
    if (to->list == NULL ||
        !jn_push_all(r, to->list, jn_as_items(to->data, &room)))
      return false;
    to->data = jn_array_value(to->list);
  }
  return jn_push_all(r, to->list, jn_as_items(item, &room));
}

/* One item under the key of one pair. */
static bool add_item(grouping *g, uint32_t pair, jn_value key, jn_value item) {
  jn_member *known;
  group *to;
  if (jn_is_undefined(key))
    return true;
  if (!jn_is_string(key))
    return fail_key(g, "T1003", key);
  known = jn_object_find(g->keys, g->r->arena.mem, jn_bytes_of(key));
  if (known != NULL) {
    to = &g->groups[known->value.u.integer];
    return to->pair == pair ? group_add(g, to, item)
                            : fail_key(g, "D1009", key);
  }
  if (!jn_object_set(&g->r->arena, g->keys, key, sf_integer((int64_t)g->count)))
    return jn_fail_memory(g->r);
  to = new_group(g);
  if (to == NULL)
    return false;
  to->pair = pair;
  to->count = 1;
  to->data = item;
  to->list = NULL;
  return true;
}

static jn_frame *tuple_frame(grouping *g, const jn_binding *bindings) {
  jn_frame *f = jn_arena_new(&g->r->arena, sizeof *f);
  if (f == NULL) {
    jn_fail_memory(g->r);
    return NULL;
  }
  f->outer = g->frame;
  f->bindings = bindings;
  return f;
}

static bool add_to_groups(grouping *g, jn_value item) {
  jn_value context = item, key;
  jn_frame *frame = g->frame;
  uint32_t i;
  if (g->is_stream) {
    context = jn_tuple_of(item)->item;
    frame = tuple_frame(g, jn_tuple_of(item)->bindings);
    if (frame == NULL)
      return false;
  }
  for (i = 0; i < g->pairs->count; i += 2)
    if (!jn_eval(g->r, g->pairs->items[i], context, frame, &key) ||
        !add_item(g, i, key, item))
      return false;
  return true;
}

/* --- the tuples of a group become one --- */

static bool append_binding(jn_run *r, jn_frame *to, const jn_binding *b) {
  jn_binding *known = NULL;
  const jn_binding *at;
  jn_value v = jn_undefined();
  for (at = to->bindings; at != NULL; at = at->next)
    if (at->name == b->name) {
      known = (jn_binding *)(uintptr_t)at;
      v = at->value;
    }
  if (!jn_append(r, v, b->value, &v))
    return false;
  if (known == NULL)
    return jn_bind(r, to, b->name, v);
  known->value = v;
  return true;
}

/* Is it the newest of its name in the list? */
static bool is_newest(const jn_binding *list, const jn_binding *b) {
  while (list->name != b->name)
    list = list->next;
  return list == b;
}

static bool reduce_tuples(grouping *g, const group *from, jn_value *context,
                          jn_frame **frame) {
  jn_value room;
  jn_items tuples = jn_as_items(from->data, &room);
  size_t i;
  *context = jn_undefined();
  *frame = tuple_frame(g, NULL);
  if (*frame == NULL)
    return false;
  for (i = 0; i < tuples.count; i++) {
    const jn_tuple *t = jn_tuple_of(tuples.at[i]);
    const jn_binding *b;
    if (!jn_append(g->r, *context, t->item, context))
      return false;
    for (b = t->bindings; b != NULL; b = b->next)
      if (is_newest(t->bindings, b) && !append_binding(g->r, *frame, b))
        return false;
  }
  return true;
}

/* --- the values --- */

static bool eval_value(grouping *g, const group *from, jn_value *out) {
  jn_value context = from->data;
  jn_frame *frame = g->frame;
  if (g->is_stream && !reduce_tuples(g, from, &context, &frame))
    return false;
  return jn_eval(g->r, g->pairs->items[from->pair + 1], context, frame, out);
}

static bool eval_values(grouping *g) {
  size_t i, kept = 0;
  for (i = 0; i < g->keys->count; i++) {
    jn_member m = g->keys->members[i];
    if (!eval_value(g, &g->groups[m.value.u.integer], &m.value))
      return false;
    if (jn_is_undefined(m.value))
      continue;
    if (kept != i)
      g->keys->index = NULL;
    g->keys->members[kept++] = m;
  }
  g->keys->count = kept;
  return true;
}

bool jn_eval_group(jn_run *r, const jn_node *pairs, jn_value input,
                   jn_frame *frame, jn_value *out) {
  grouping g = {r, pairs, frame, false, NULL, NULL, 0, 0};
  jn_value room;
  jn_items items = jn_as_items(input, &room);
  size_t i;
  g.is_stream = (jn_flags(input) & JN_STREAM) != 0;
  g.keys = jn_object_new(&r->arena, pairs->count / 2);
  if (g.keys == NULL)
    return jn_fail_memory(r);
  if (items.count == 0 && !g.is_stream && !add_to_groups(&g, jn_undefined()))
    return false;
  for (i = 0; i < items.count; i++)
    if (!add_to_groups(&g, items.at[i]))
      return false;
  if (!eval_values(&g))
    return false;
  *out = jn_object_value(g.keys);
  return true;
}
