/*
** l_to_lua.c - see l_to_lua.h.  No recursion: the tables under way lie on the
** Lua stack, the place in each in an array of frames.
*/
#include "binding/l_to_lua.h"

#include "base/json.h"
#include "binding/l_error.h"
#include "binding/l_scratch.h"
#include "binding/l_value.h"

#if !defined(L_INTEGERS)
#define EXACT_MAX INT64_C(9007199254740992) /* 2^53 */
#endif

typedef struct frame {
  sf_value v; /* borrowed */
  size_t index, count;
} frame;

typedef struct walk {
  lua_State *L;
  l_home *home;
  int depth;
  frame frames[SF_DEPTH_MAX];
} walk;

void l_push_text(lua_State *L, sf_value v) {
  if (v.kind == SF_ABSENT)
    lua_pushnil(L);
  else
    lua_pushlstring(L, sf_string_text(v), sf_string_length(v));
}

void l_set_number(lua_State *L, const char *name, uint64_t n) {
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, name);
}

static void push_integer(lua_State *L, l_home *home, sf_value v) {
#if defined(L_INTEGERS)
  (void)home;
  lua_pushinteger(L, v.u.integer);
#else
  if (v.u.integer >= -EXACT_MAX && v.u.integer <= EXACT_MAX)
    lua_pushnumber(L, (lua_Number)v.u.integer);
  else
    l_integer_push(L, home, v);
#endif
}

static void push_scalar(lua_State *L, l_home *home, sf_value v) {
  switch (v.kind) {
    case SF_NULL: lua_pushlightuserdata(L, NULL); break;
    case SF_BOOLEAN: lua_pushboolean(L, v.u.boolean); break;
    case SF_INTEGER: push_integer(L, home, v); break;
    case SF_DOUBLE: lua_pushnumber(L, v.u.number); break;
    case SF_BIGNUM: l_integer_push(L, home, v); break;
    case SF_STRING: l_push_text(L, v); break;
    default: lua_pushnil(L); break;
  }
}

/* A size as a hint for lua_createtable. */
static int hint(size_t count) {
  return count > 1 << 20 ? 1 << 20 : (int)count;
}

/* Push the table of a container and open it. */
static void open_container(walk *w, sf_value v) {
  frame *f = &w->frames[w->depth++];

  luaL_checkstack(w->L, 5, "a deep value");
  f->v = v;
  f->index = 0;
  if (v.kind == SF_ARRAY) {
    f->count = sf_array_count(v);
    lua_createtable(w->L, hint(f->count), 0);
    lua_rawgeti(w->L, LUA_REGISTRYINDEX, w->home->array_ref);
    lua_setmetatable(w->L, -2);
  } else {
    f->count = sf_object_count(v);
    lua_createtable(w->L, 0, hint(f->count));
  }
}

/* The value on top goes into the innermost table below it. */
static void put(walk *w) {
  frame *f = &w->frames[w->depth - 1];

  if (f->v.kind == SF_ARRAY)
    lua_rawseti(w->L, -2, (int)f->index);
  else
    lua_rawset(w->L, -3);
}

/* One element or member further; a full table goes into the one around it. */
static void step(walk *w) {
  frame *f = &w->frames[w->depth - 1];
  sf_value member;

  if (f->index == f->count) {
    w->depth--;
    if (w->depth > 0)
      put(w);
    return;
  }
  if (f->v.kind == SF_ARRAY) {
    member = sf_array_at(f->v, f->index);
  } else {
    member = sf_object_value_at(f->v, f->index);
    l_push_text(w->L, sf_object_key_at(f->v, f->index));
  }
  f->index++;
  if (member.kind == SF_ARRAY || member.kind == SF_OBJECT) {
    open_container(w, member);
  } else {
    push_scalar(w->L, w->home, member);
    put(w);
  }
}

static void push_container(lua_State *L, l_home *home, sf_value v) {
  l_scratch *s = l_scratch_take(L, home); /* a finalizer may drop the owner */
  walk w;

  s->kept = sf_retain(v);
  w.L = L;
  w.home = home;
  w.depth = 0;
  open_container(&w, v);
  while (w.depth > 0)
    step(&w);
  l_scratch_give(s);
  lua_remove(L, -2);
}

void l_to_lua(lua_State *L, l_home *home, sf_value v) {
  luaL_checkstack(L, 5, "a value");
  if (v.kind == SF_ARRAY || v.kind == SF_OBJECT)
    push_container(L, home, v);
  else
    push_scalar(L, home, v);
}

static sf_value json_text(l_home *home, sf_value v, bool indented) {
  sf_buffer out;

  if (!indented)
    return sf_json_text(&home->mem, v);
  sf_buffer_init(&out, &home->mem);
  if (sf_json_write_indented(v, &out) != SF_OK)
    out.failed = true;
  return sf_buffer_string(&out);
}

void l_push_json(lua_State *L, l_home *home, sf_value v, bool indented) {
  l_scratch *s = l_scratch_take(L, home);

  s->kept = json_text(home, v, indented);
  if (s->kept.kind == SF_ABSENT) {
    l_scratch_give(s);
    luaL_error(L, L_NOMEM);
  }
  l_push_text(L, s->kept);
  l_scratch_give(s);
  lua_remove(L, -2);
}
