/*
** l_from_lua.c - see l_from_lua.h.  The walk keeps its place in two places: the
** open tables (and in objects the current key) lie on the Lua stack, the rest in
** an array of frames, so that the depth of a table is no C recursion.
*/
#include "binding/l_from_lua.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "binding/l_error.h"
#include "binding/l_scratch.h"
#include "binding/l_value.h"

#define CYCLE_DEPTH                                                            \
  16 /* from here on, cycles are looked for at each doubling */
#define PATH_KEY_MAX 40 /* bytes of a key that a path shows */

typedef struct frame {
  int table; /* stack index; an object's current key lies above it */
  bool is_array;
  lua_Integer index, count; /* arrays: element at hand, elements */
} frame;

typedef struct walk {
  lua_State *L;
  l_home *home;
  sf_builder *builder;
  int depth;
  frame frames[SF_DEPTH_MAX];
  char fault[256]; /* what is wrong, when something is */
  const char *code;
} walk;

static bool fault(walk *w, const char *code, const char *format, ...)
  SF_PRINTF(3, 4);

static bool fault(walk *w, const char *code, const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(w->fault, sizeof w->fault, format, arguments);
  va_end(arguments);
  w->code = code;
  return false;
}

/* --- what kind of table --- */

static bool is_ref(lua_State *L, int ref) {
  bool same;

  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  same = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 1);
  return same;
}

/* Is the metatable on top cjson.array_mt or cjson.empty_array_mt? */
static bool is_cjson_array(lua_State *L) {
  static const char *const names[] = {"array_mt", "empty_array_mt"};
  int top = lua_gettop(L);
  bool same = false;
  size_t i;

  lua_pushliteral(L, "_LOADED");
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (lua_istable(L, -1)) {
    lua_pushliteral(L, "cjson");
    lua_rawget(L, -2);
    for (i = 0; i < 2 && !same && lua_istable(L, top + 2); i++) {
      lua_pushstring(L, names[i]);
      lua_rawget(L, top + 2);
      same = lua_rawequal(L, -1, top) != 0;
    }
  }
  lua_settop(L, top);
  return same;
}

/* The mark in the metatable on top: its raw __jsontype. */
static l_mark type_mark(lua_State *L, l_home *home) {
  const char *text;
  l_mark mark = L_MARK_NONE;

  lua_rawgeti(L, LUA_REGISTRYINDEX, home->mark_ref);
  lua_rawget(L, -2);
  text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (strcmp(text, "array") == 0)
    mark = L_MARK_ARRAY;
  else if (strcmp(text, "object") == 0)
    mark = L_MARK_OBJECT;
  lua_pop(L, 1);
  return mark;
}

l_mark l_mark_of(lua_State *L, l_home *home, int index) {
  l_mark mark;

  if (!lua_getmetatable(L, index))
    return L_MARK_NONE;
  if (is_ref(L, home->array_ref))
    mark = L_MARK_ARRAY;
  else if (is_ref(L, home->object_ref))
    mark = L_MARK_OBJECT;
  else
    mark = type_mark(L, home);
  if (mark == L_MARK_NONE && is_cjson_array(L))
    mark = L_MARK_ARRAY;
  lua_pop(L, 1);
  return mark;
}

/* --- arrays --- */

static bool fault_hole(walk *w, int table, lua_Integer count) {
  lua_Integer i;

  for (i = 1; i <= count; i++) {
    lua_rawgeti(w->L, table, (int)i);
    if (lua_isnil(w->L, -1))
      break;
    lua_pop(w->L, 1);
  }
  return fault(w, "HOLE",
               "an array has a hole at index %ld: put stepfn.null there, or "
               "use text keys",
               (long)i);
}

static bool fault_key(walk *w, int key) {
  int type = lua_type(w->L, key);

  if (type == LUA_TSTRING)
    return fault(w, "MIXED_KEYS",
                 "an array has the key \"%.*s\": use text keys for all "
                 "members, or take it out",
                 PATH_KEY_MAX, lua_tostring(w->L, key));
  if (type == LUA_TNUMBER)
    return fault(w, "MIXED_KEYS",
                 "an object has the number %.14g as a key: names are text in "
                 "JSON, use tostring",
                 (double)lua_tonumber(w->L, key));
  return fault(w, "BAD_KEY", "a key is a %s: names are text in JSON",
               lua_typename(w->L, type));
}

/* Is the number at 'key' an index?  Then also *index. */
static bool is_index(lua_State *L, int key, lua_Integer *index) {
  lua_Number n = lua_tonumber(L, key);

  if (!(n >= 1 && n <= INT32_MAX && floor(n) == n))
    return false;
  *index = (lua_Integer)n;
  return true;
}

/* Are the keys of the table 1 to n?  Then also *count. */
static bool count_array(walk *w, int table, lua_Integer *count) {
  lua_State *L = w->L;
  lua_Integer index, largest = 0;

  *count = 0;
  lua_pushnil(L);
  while (lua_next(L, table)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TNUMBER)
      return fault_key(w, -1);
    if (!is_index(L, -1, &index))
      return fault_key(w, -1);
    if (index > largest)
      largest = index;
    (*count)++;
  }
  return largest == *count || fault_hole(w, table, *count);
}

/* Is the unmarked table, which is not empty, meant as an array? */
static bool looks_like_array(walk *w, int table) {
  bool is_number;

  lua_pushnil(w->L);
  if (!lua_next(w->L, table))
    return false;
  is_number = lua_type(w->L, -2) == LUA_TNUMBER;
  lua_pop(w->L, 2);
  return is_number;
}

/* --- the walk --- */

/* Does the table at 'table' stand above itself? */
static bool is_cycle(walk *w, int table) {
  int i;

  if (w->depth < CYCLE_DEPTH || (w->depth & (w->depth - 1)) != 0)
    return false;
  for (i = 0; i < w->depth; i++)
    if (lua_rawequal(w->L, w->frames[i].table, table))
      return true;
  return false;
}

/* Open the table on top of the stack; it stays there. */
static bool open_table(walk *w) {
  int table = lua_gettop(w->L);
  l_mark mark;
  frame *f;

  if (is_cycle(w, table))
    return fault(w, "CYCLE", "a table contains itself");
  if (w->depth == SF_DEPTH_MAX)
    return fault(w, "DEPTH", "more than %d levels", SF_DEPTH_MAX);
  luaL_checkstack(w->L, 6, "a deep table");
  mark = l_mark_of(w->L, w->home, table);
  f = &w->frames[w->depth];
  f->table = table;
  f->index = f->count = 0;
  f->is_array =
    mark == L_MARK_ARRAY || (mark == L_MARK_NONE && looks_like_array(w, table));
  if (f->is_array && !count_array(w, table, &f->count))
    return false;
  w->depth++;
  if (f->is_array)
    sf_builder_begin_array(w->builder);
  else
    sf_builder_begin_object(w->builder);
  if (!f->is_array)
    lua_pushnil(w->L); /* the key before the first */
  return true;
}

static bool add_number(walk *w, int index) {
  lua_Number n;

  if (l_isinteger(w->L, index)) {
    sf_builder_add(w->builder, sf_integer(lua_tointeger(w->L, index)));
    return true;
  }
  n = lua_tonumber(w->L, index);
  if (n != n)
    return fault(w, "NAN", "NaN is no JSON number");
  if (n == HUGE_VAL || n == -HUGE_VAL)
    return fault(w, "INFINITY", "infinity is no JSON number");
  sf_builder_add(w->builder, sf_number(n));
  return true;
}

static bool add_string(walk *w, int index) {
  size_t len;
  const char *text = lua_tolstring(w->L, index, &len);

  if (sf_utf8_check(text, len) != len)
    return fault(w, "UTF8",
                 "the text is not UTF-8: encode bytes, for instance as base64");
  if (len > SF_LENGTH_MAX)
    return fault(w, "LIMIT", "the text is too long");
  sf_builder_add(w->builder, sf_string_new(w->builder->mem, text, len));
  return true;
}

static bool fault_type(walk *w, int index) {
  return fault(w, "TYPE", "a %s has no form in JSON",
               lua_type(w->L, index) == L_TCDATA ? "cdata"
                                                 : luaL_typename(w->L, index));
}

/* LuaJIT's 64-bit integers: Lua knows their text. */
static bool add_cdata(walk *w, int index) {
  lua_State *L = w->L;
  const char *text;
  size_t len;

  index = l_absindex(L, index);
  lua_rawgeti(L, LUA_REGISTRYINDEX, w->home->cdata_ref);
  if (!lua_isfunction(L, -1)) {
    lua_pop(L, 1);
    return fault_type(w, index);
  }
  lua_pushvalue(L, index);
  lua_call(L, 1, 1);
  text = lua_tolstring(L, -1, &len);
  if (text == NULL) {
    lua_pop(L, 1);
    return fault_type(w, index);
  }
  sf_builder_add(w->builder, sf_number_parse(w->builder->mem, text, len));
  lua_pop(L, 1);
  return true;
}

static bool add_userdata(walk *w, int index) {
  const sf_value *held = l_value_test(w->L, index);

  if (held == NULL)
    return fault_type(w, index);
  if (w->depth + (int)sf_depth(*held) > SF_DEPTH_MAX)
    return fault(w, "DEPTH", "more than %d levels", SF_DEPTH_MAX);
  sf_builder_add(w->builder, sf_retain(*held));
  return true;
}

static bool add_scalar(walk *w, int index) {
  switch (lua_type(w->L, index)) {
    case LUA_TNIL: sf_builder_add(w->builder, sf_null()); return true;
    case LUA_TBOOLEAN:
      sf_builder_add(w->builder, sf_boolean(lua_toboolean(w->L, index) != 0));
      return true;
    case LUA_TNUMBER: return add_number(w, index);
    case LUA_TSTRING: return add_string(w, index);
    case LUA_TUSERDATA: return add_userdata(w, index);
    case L_TCDATA: return add_cdata(w, index);
    case LUA_TLIGHTUSERDATA:
      if (lua_touserdata(w->L, index) != NULL)
        return fault_type(w, index);
      sf_builder_add(w->builder, sf_null());
      return true;
    default: return fault_type(w, index);
  }
}

/* Add the value on top; a table stays there, opened, the rest is popped. */
static bool add_top(walk *w) {
  if (lua_istable(w->L, -1))
    return open_table(w);
  if (!add_scalar(w, -1))
    return false;
  lua_pop(w->L, 1);
  return true;
}

/* The key on top of the stack but one, of the innermost object. */
static bool add_key(walk *w) {
  size_t len;
  const char *key;

  if (lua_type(w->L, -2) != LUA_TSTRING)
    return fault_key(w, -2);
  key = lua_tolstring(w->L, -2, &len);
  if (sf_utf8_check(key, len) != len)
    return fault(w, "UTF8", "a key is not UTF-8");
  sf_builder_key(w->builder, key, len);
  return true;
}

/* One element or member further; closes what is at its end. */
static bool step(walk *w) {
  frame *f = &w->frames[w->depth - 1];

  if (f->is_array) {
    if (f->index < f->count) {
      lua_rawgeti(w->L, f->table, (int)++f->index);
      return add_top(w);
    }
    sf_builder_end(w->builder);
  } else {
    if (lua_next(w->L, f->table))
      return add_key(w) && add_top(w);
    sf_builder_end_sorted(w->builder);
  }
  w->depth--;
  lua_settop(w->L, f->table - 1);
  return true;
}

/* --- faults --- */

static void path_add(char *path, size_t size, const char *format, ...)
  SF_PRINTF(3, 4);

static void path_add(char *path, size_t size, const char *format, ...) {
  size_t length = strlen(path);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(path + length, size - length, format, arguments);
  va_end(arguments);
}

static bool is_name(const char *key) {
  return strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                     "0123456789") == strlen(key) &&
         (key[0] < '0' || key[0] > '9') && strlen(key) <= PATH_KEY_MAX;
}

/* The place of the fault, as Lua would write it: "value.items[3].price".  The
** innermost frame counts only when a member of it was at hand. */
static void fault_path(walk *w, char *path, size_t size) {
  int i;

  snprintf(path, size, "value");
  for (i = 0; i < w->depth; i++) {
    const frame *f = &w->frames[i];
    const char *key;
    if (f->is_array) {
      path_add(path, size, "[%ld]", (long)f->index);
      continue;
    }
    if (lua_type(w->L, f->table + 1) != LUA_TSTRING)
      continue; /* the key itself is the fault */
    key = lua_tostring(w->L, f->table + 1);
    if (is_name(key))
      path_add(path, size, ".%s", key);
    else if (sf_utf8_check(key, strlen(key)) == strlen(key))
      path_add(path, size, "[\"%.*s\"]", PATH_KEY_MAX, key);
    else
      path_add(path, size, "[?]");
  }
}

static bool push_fault(walk *w, int top, l_scratch *s) {
  lua_State *L = w->L;
  char path[512];
  sf_status status = s->builder.status;

  if (w->code == NULL) /* the builder's own: memory, or the depth */
    fault(w, l_status_name(status), "the value is too large");
  fault_path(w, path, sizeof path);
  lua_settop(L, top);
  l_scratch_give(s);
  l_check_memory(L, status);
  lua_pushfstring(L, "%s: %s", path, w->fault);
  lua_createtable(L, 0, 2);
  lua_pushstring(L, w->code);
  lua_setfield(L, -2, "code");
  lua_pushstring(L, path);
  lua_setfield(L, -2, "path");
  return false;
}

bool l_from_lua(lua_State *L, l_home *home, int index, sf_value *out) {
  walk w;
  int top = lua_gettop(L);
  l_scratch *s;
  bool good;

  index = l_absindex(L, index);
  *out = sf_absent();
  luaL_checkstack(L, 10, "a table");
  s = l_scratch_take(L, home);
  w.L = L;
  w.home = home;
  w.builder = &s->builder;
  w.depth = 0;
  w.code = NULL;
  lua_pushvalue(L, index);
  good = add_top(&w);
  while (good && w.depth > 0 && s->builder.status == SF_OK)
    good = step(&w);
  if (!good || s->builder.status != SF_OK)
    return push_fault(&w, top, s);
  *out = sf_builder_take(&s->builder);
  lua_settop(L, top);
  l_scratch_give(s);
  return true;
}

sf_value l_text_from_lua(lua_State *L, l_home *home, int index) {
  size_t len, valid;
  const char *text = lua_tolstring(L, index, &len);
  sf_buffer clean;
  sf_value v;

  sf_buffer_init(&clean, &home->mem);
  for (;;) {
    valid = sf_utf8_check(text, len);
    sf_buffer_add(&clean, text, valid);
    if (valid == len)
      break;
    sf_buffer_add_text(&clean, "\xEF\xBF\xBD"); /* U+FFFD */
    text += valid + 1;
    len -= valid + 1;
  }
  v = sf_buffer_string(&clean);
  if (v.kind == SF_ABSENT)
    luaL_error(L, L_NOMEM);
  return v;
}
