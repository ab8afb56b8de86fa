/*
** path_write.c - paths of names and indices as places: reading one quickly, and
** the writing side, which is what ResultPath does.
**
** The way down is looked at first, so that a refused write changes nothing.
** Then the containers on it are taken out of one another (each is in one hand
** only and changes in place, unless the document shares it), and put back on
** the way up.
*/
#include <assert.h>
#include <string.h>

#include "query/path_program.h"
#include "query/path_text.h"

static const sf_step *first_step(const sf_path *path) {
  return &path->steps[path->nodes[path->main].u.query.first];
}

/* The child that a step, a name or an index, names; SF_ABSENT: none. */
static sf_value child_of(const sf_step *s, sf_value v) {
  int64_t i = s->u.slice.from;
  if (s->kind == STEP_NAME)
    return v.kind == SF_OBJECT ? sf_object_get_key(v, s->u.name) : sf_absent();
  if (v.kind != SF_ARRAY)
    return sf_absent();
  if (i < 0)
    i += (int64_t)sf_array_count(v);
  if (i < 0 || (uint64_t)i >= sf_array_count(v))
    return sf_absent();
  return sf_array_at(v, (size_t)i);
}

sf_value sf_path_get(const sf_path *path, sf_value root) {
  const sf_step *s = first_step(path);
  assert(path->reference);
  for (; s->kind != STEP_END && root.kind != SF_ABSENT;
       s = &path->steps[s->next])
    root = child_of(s, root);
  return root;
}

bool sf_path_names_gap(const sf_path *path, sf_value root) {
  const sf_step *s = first_step(path), *next;
  for (; s->kind == STEP_NAME || s->kind == STEP_INDEX; s = next) {
    sf_value child = child_of(s, root);
    next = &path->steps[s->next];
    if (child.kind == SF_ABSENT)
      return s->kind == STEP_INDEX && next->kind == STEP_END &&
             root.kind == SF_ARRAY;
    root = child;
  }
  return false;
}

/* --- writing --- */

static sf_status refuse(const sf_path *path, const sf_step *s, sf_value v,
                        sf_error *err) {
  sf_buffer b;
  sf_status status;
  bool gap = s->kind == STEP_INDEX && v.kind == SF_ARRAY;
  sf_buffer_init(&b, path->mem);
  sf_query_write(&b, path, &path->nodes[path->main], s);
  status = b.failed ? sf_error_nomem(err)
                    : sf_error_set(err, SF_ERR_NOT_FOUND, "%s %.*s%s%s",
                                   gap ? "No element at" : "Can't write to",
                                   (int)b.length, b.bytes,
                                   gap ? "" : " inside a value of type ",
                                   gap ? "" : sf_kind_name(v.kind));
  sf_buffer_clear(&b);
  return status;
}

/* How many containers on the way exist; the write begins in the last one. */
static sf_status measure(const sf_path *path, sf_value root, size_t *depth,
                         size_t *steps, sf_error *err) {
  const sf_step *s = first_step(path);
  *depth = *steps = 0;
  for (; s->kind != STEP_END; s = &path->steps[s->next], (*steps)++) {
    sf_value child = sf_absent();
    if (root.kind != SF_ABSENT) {
      child = child_of(s, root);
      if (child.kind == SF_ABSENT &&
          !(s->kind == STEP_NAME && root.kind == SF_OBJECT))
        return refuse(path, s, root, err);
      (*depth)++;
    } else if (s->kind != STEP_NAME)
      return refuse(path, s, sf_null(), err);
    root = child;
  }
  return SF_OK;
}

/* {name: {name: ... v}} for the steps from 's' on.  Consumes 'v'. */
static sf_status wrap(const sf_path *path, const sf_step *s, sf_value *v) {
  sf_value inner, object;
  const sf_step *at;
  size_t i, n = 0;
  for (at = s; at->kind != STEP_END; at = &path->steps[at->next])
    n++;
  for (; n > 0; n--) {
    for (at = s, i = 1; i < n; i++)
      at = &path->steps[at->next];
    inner = *v;
    object = sf_object_new(path->mem, 1);
    *v = sf_absent();
    if (sf_object_set(&object, sf_retain(at->u.name), inner) != SF_OK) {
      sf_release(object);
      return SF_ERR_NOMEM;
    }
    *v = object;
  }
  return SF_OK;
}

static sf_status put(const sf_step *s, sf_value *container, sf_value v) {
  if (s->kind == STEP_NAME)
    return sf_object_set(container, sf_retain(s->u.name), v);
  return sf_array_set(container, (size_t)s->u.slice.from, v);
}

/* Containers taken out so far, and the steps that lead into them. */
typedef struct hand {
  const sf_step *step;
  sf_value container;
} hand;

/* Take out the containers below hands[0] until 'depth' of them are held. */
static sf_status take_out(const sf_path *path, hand *hands, size_t depth,
                          size_t *held) {
  for (*held = 1; *held < depth; (*held)++) {
    hand *outer = &hands[*held - 1];
    sf_value inner = sf_retain(child_of(outer->step, outer->container));
    sf_status status = put(outer->step, &outer->container, sf_null());
    if (status != SF_OK) {
      sf_release(inner);
      return status;
    }
    hands[*held].container = inner;
    hands[*held].step = &path->steps[outer->step->next];
  }
  return SF_OK;
}

/* Put every held container back into the one around it. */
static void put_back(hand *hands, size_t held) {
  for (; held > 1; held--) {
    hand *outer = &hands[held - 2];
    sf_status status =
      put(outer->step, &outer->container, hands[held - 1].container);
    assert(status ==
           SF_OK); /* the place is there and the container not shared */
    (void)status;
  }
}

static sf_status write_below(const sf_path *path, sf_value *root, sf_value v,
                             size_t depth) {
  hand *hands = sf_alloc_array(path->mem, depth, sizeof(hand));
  size_t held;
  sf_status status;
  if (hands == NULL) {
    sf_release(v);
    return SF_ERR_NOMEM;
  }
  hands[0].container = *root;
  hands[0].step = first_step(path);
  status = take_out(path, hands, depth, &held);
  if (status == SF_OK)
    status = wrap(path, &path->steps[hands[held - 1].step->next], &v);
  if (status == SF_OK)
    status = put(hands[held - 1].step, &hands[held - 1].container, v);
  else
    sf_release(v);
  put_back(hands, held);
  *root = hands[0].container;
  sf_alloc_free(path->mem, hands, depth * sizeof(hand));
  return status;
}

sf_status sf_path_write(const sf_path *path, sf_value *root, sf_value v,
                        sf_error *err) {
  size_t depth, steps;
  sf_status status;
  assert(path->reference);
  if (v.kind == SF_ABSENT)
    return sf_error_nomem(err);
  status = measure(path, *root, &depth, &steps, err);
  if (status == SF_OK && steps + sf_depth(v) > SF_DEPTH_MAX)
    status =
      sf_error_set(err, SF_ERR_LIMIT,
                   "the value would nest deeper than %d levels", SF_DEPTH_MAX);
  if (status != SF_OK) {
    sf_release(v);
    return status;
  }
  if (depth == 0) {
    sf_assign(root, v);
    return SF_OK;
  }
  status = write_below(path, root, v, depth);
  return status == SF_OK ? SF_OK : sf_error_of(err, status);
}
