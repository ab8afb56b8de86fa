/*
** l_value.c - stepfn.value, stepfn.integer, JSON text, the marks of tables.
*/
#include "binding/l_value.h"

#include <string.h>

#include "base/json.h"
#include "base/json_fault.h"
#include "base/scan.h"
#include "binding/l_error.h"
#include "binding/l_from_lua.h"
#include "binding/l_to_lua.h"

#define VALUE_TYPE   "stepfn.value"
#define INTEGER_TYPE "stepfn.integer"

/* --- the boxes --- */

static bool has_type(lua_State *L, const char *name) { /* metatable on top */
  bool same;

  luaL_getmetatable(L, name);
  same = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 1);
  return same;
}

const sf_value *l_value_test(lua_State *L, int index) {
  sf_value *box = lua_touserdata(L, index);
  bool ours;

  if (box == NULL || lua_islightuserdata(L, index) ||
      !lua_getmetatable(L, index))
    return NULL;
  ours = has_type(L, VALUE_TYPE) || has_type(L, INTEGER_TYPE);
  lua_pop(L, 1);
  return ours ? box : NULL;
}

sf_value *l_value_slot(lua_State *L) {
  return l_newobject(L, sizeof(sf_value), VALUE_TYPE);
}

void l_value_push(lua_State *L, sf_value v) {
  *l_value_slot(L) = sf_retain(v);
}

void l_integer_push(lua_State *L, l_home *home, sf_value v) {
  sf_value *box;

  (void)home;
  sf_retain(v); /* a new object may run finalizers */
  box = l_newobject(L, sizeof *box, INTEGER_TYPE);
  *box = v;
}

sf_value l_check_value(lua_State *L, int index) {
  l_home *home = l_home_of(L);
  sf_value *slot = l_value_slot(L);

  if (!l_from_lua(L, home, index, slot))
    luaL_argerror(L, index, lua_tostring(L, -2));
  return *slot;
}

static int box_gc(lua_State *L) {
  sf_assign(lua_touserdata(L, 1), sf_absent());
  return 0;
}

/* --- stepfn.value --- */

static sf_value *check_box(lua_State *L, int index) {
  return luaL_checkudata(L, index, VALUE_TYPE);
}

/* v:get() -> the Lua value */
static int value_get(lua_State *L) {
  sf_value *v = check_box(L, 1);

  l_to_lua(L, l_home_of(L), *v);
  return 1;
}

static sf_value element(sf_value v, lua_State *L, int key) {
  lua_Number n;
  size_t len;
  const char *text;

  if (v.kind == SF_OBJECT && lua_type(L, key) == LUA_TSTRING) {
    text = lua_tolstring(L, key, &len);
    return sf_object_get(v, text, len);
  }
  if (v.kind == SF_ARRAY && lua_type(L, key) == LUA_TNUMBER) {
    n = lua_tonumber(L, key);
    if (n >= 1 && n <= (lua_Number)sf_array_count(v) && n == (size_t)n)
      return sf_array_at(v, (size_t)n - 1);
  }
  return sf_absent();
}

/* v[k]: one level; arrays and objects as values again */
static int value_index(lua_State *L) {
  sf_value *v = check_box(L, 1);
  sf_value member;

  if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "get") == 0) {
    lua_pushvalue(L, lua_upvalueindex(2));
    return 1;
  }
  member = element(*v, L, 2);
  if (member.kind == SF_ARRAY || member.kind == SF_OBJECT)
    l_value_push(L, member);
  else
    l_to_lua(L, l_home_of(L), member);
  return 1;
}

static int value_len(lua_State *L) {
  sf_value *v = check_box(L, 1);
  size_t count = 0;

  if (v->kind == SF_ARRAY)
    count = sf_array_count(*v);
  else if (v->kind == SF_OBJECT)
    count = sf_object_count(*v);
  lua_pushinteger(L, (lua_Integer)count);
  return 1;
}

static int value_eq(lua_State *L) {
  const sf_value *a = l_value_test(L, 1), *b = l_value_test(L, 2);

  lua_pushboolean(L, a != NULL && b != NULL && sf_equal(*a, *b));
  return 1;
}

static int value_tostring(lua_State *L) {
  l_push_json(L, l_home_of(L), *check_box(L, 1), false);
  return 1;
}

/* --- stepfn.integer --- */

/* A number or stepfn.integer at 'index' as a value, borrowed. */
static sf_value check_number(lua_State *L, int index) {
  const sf_value *box = l_value_test(L, index);

  if (box != NULL && sf_is_number(*box))
    return *box;
  if (l_isinteger(L, index))
    return sf_integer((int64_t)lua_tonumber(L, index));
  return sf_number(luaL_checknumber(L, index));
}

static int integer_eq(lua_State *L) {
  lua_pushboolean(
    L, sf_number_compare(check_number(L, 1), check_number(L, 2)) == 0);
  return 1;
}

static int integer_lt(lua_State *L) {
  lua_pushboolean(L, sf_number_compare(check_number(L, 1), check_number(L, 2)) <
                       0);
  return 1;
}

static int integer_le(lua_State *L) {
  lua_pushboolean(
    L, sf_number_compare(check_number(L, 1), check_number(L, 2)) <= 0);
  return 1;
}

static int integer_tostring(lua_State *L) {
  sf_value *v = luaL_checkudata(L, 1, INTEGER_TYPE);

  l_push_json(L, l_home_of(L), *v, false);
  return 1;
}

/* Is it what JSON calls an integer: -?(0|[1-9][0-9]*)? */
static bool is_integer_text(const char *text, size_t len) {
  size_t sign = len > 0 && text[0] == '-' ? 1 : 0;
  const char *digits = text + sign;
  size_t count = len - sign;

  return count > 0 && strspn(digits, "0123456789") == count &&
         (digits[0] != '0' || count == 1);
}

/* integer(text or number) -> stepfn.integer | nil, message */
static int l_integer(lua_State *L) {
  l_home *home = l_home_of(L);
  sf_value *slot;
  int64_t small;
  size_t len;
  const char *text;

  luaL_checkany(L, 1); /* before there is an object that could pass for it */
  lua_settop(L, 1);
  slot = l_newobject(L, sizeof *slot, INTEGER_TYPE);
  if (lua_type(L, 1) != LUA_TSTRING) {
    if (!l_from_lua(L, home, 1, slot))
      return luaL_argerror(L, 1, lua_tostring(L, -2));
    if (slot->kind == SF_BIGNUM || sf_to_integer(*slot, &small))
      return 1;
    return luaL_argerror(L, 1,
                         "an integer expected, as a number or its digits");
  }
  text = lua_tolstring(L, 1, &len);
  if (!is_integer_text(text, len)) {
    lua_pushnil(L);
    lua_pushliteral(L, "not the digits of an integer");
    return 2;
  }
  *slot = sf_number_parse(&home->mem, text, len);
  return slot->kind == SF_ABSENT ? luaL_error(L, L_NOMEM) : 1;
}

/* --- JSON text --- */

/* Push nil, "line:column: message", { code, position, line, column }. */
static int push_json_error(lua_State *L, const char *text, size_t len,
                           sf_error *err) {
  unsigned line = 0, column = 0;

  if (err->offset == SF_NO_OFFSET)
    return l_push_error(L, err);
  sf_text_position(text, len, err->offset, &line, &column);
  l_push_error(L, err);
  lua_pushinteger(L, line);
  lua_setfield(L, -2, "line");
  lua_pushinteger(L, column);
  lua_setfield(L, -2, "column");
  lua_pushfstring(L, "%d:%d: %s", (int)line, (int)column, err->message);
  lua_replace(L, -3);
  return 3;
}

/* Read JSON into the slot.  False: nil, message, detail are pushed. */
static bool read_text(lua_State *L, int index, sf_value *slot) {
  sf_error err;
  size_t len;
  const char *text = luaL_checklstring(L, index, &len);

  if (sf_json_read(&l_home_of(L)->mem, text, len, slot, &err) == SF_OK)
    return true;
  push_json_error(L, text, len, &err);
  return false;
}

/* encode(value, indented) -> text | nil, message, { code, path } */
static int l_encode(lua_State *L) {
  l_home *home = l_home_of(L);
  sf_value *slot;

  luaL_checkany(L, 1);
  lua_settop(L, 2);
  slot = l_value_slot(L);
  if (!l_from_lua(L, home, 1, slot)) {
    lua_pushnil(L);
    lua_insert(L, -3);
    return 3;
  }
  l_push_json(L, home, *slot, lua_toboolean(L, 2) != 0);
  sf_assign(slot, sf_absent());
  return 1;
}

/* decode(text) -> value | nil, message, { code, position, line, column } */
static int l_decode(lua_State *L) {
  sf_value *slot;

  luaL_checkstring(L, 1); /* before there is an object that could pass for it */
  slot = l_value_slot(L);
  if (!read_text(L, 1, slot))
    return 3;
  l_to_lua(L, l_home_of(L), *slot);
  sf_assign(slot, sf_absent());
  l_gc(L, l_home_of(L));
  return 1;
}

/* value(text or anything) -> stepfn.value | nil, message, detail */
static int l_value(lua_State *L) {
  l_home *home = l_home_of(L);
  sf_value *slot;

  luaL_checkany(L, 1);
  lua_settop(L, 1);
  slot = l_value_slot(L);
  if (lua_type(L, 1) == LUA_TSTRING) {
    if (!read_text(L, 1, slot))
      return 3;
  } else if (!l_from_lua(L, home, 1, slot)) {
    lua_pushnil(L);
    lua_insert(L, -3);
    return 3;
  }
  l_gc(L, home);
  return 1;
}

/* clean(text) -> text: bytes that are no UTF-8 are replaced */
static int l_clean(lua_State *L) {
  sf_value *slot;

  luaL_checkstring(L, 1);
  slot = l_value_slot(L);
  *slot = l_text_from_lua(L, l_home_of(L), 1);
  l_push_text(L, *slot);
  sf_assign(slot, sf_absent());
  return 1;
}

/* json_fault(text) -> message | nil: what the service's parser says of it */
static int l_json_fault(lua_State *L) {
  size_t len;
  const char *text = luaL_checklstring(L, 1, &len);
  sf_value *slot = l_value_slot(L);
  sf_json_place place;
  sf_buffer message;

  sf_buffer_init(&message, &l_home_of(L)->mem);
  if (!sf_json_fault(text, len, &message, &place)) {
    sf_buffer_clear(&message);
    return 0;
  }
  *slot = sf_buffer_string(&message);
  if (slot->kind == SF_ABSENT)
    return luaL_error(L, "not enough memory");
  l_push_text(L, *slot);
  sf_assign(slot, sf_absent());
  return 1;
}

/* --- the marks --- */

/* marks(array_metatable, object_metatable): what marks tables from now on */
static int l_marks(lua_State *L) {
  l_home *home = l_home_of(L);
  int i;

  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  for (i = 1; i <= 2; i++) {
    int *ref = i == 1 ? &home->array_ref : &home->object_ref;
    luaL_unref(L, LUA_REGISTRYINDEX, *ref);
    lua_pushvalue(L, i);
    *ref = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  return 0;
}

static l_mark mark_of_value(const sf_value *v) {
  if (v == NULL)
    return L_MARK_NONE;
  if (v->kind == SF_ARRAY)
    return L_MARK_ARRAY;
  return v->kind == SF_OBJECT ? L_MARK_OBJECT : L_MARK_NONE;
}

/* mark_of(table or value) -> "array" | "object" | nil */
static int l_mark_name(lua_State *L) {
  l_mark mark;

  lua_settop(L, 1);
  if (lua_istable(L, 1))
    mark = l_mark_of(L, l_home_of(L), 1);
  else
    mark = mark_of_value(l_value_test(L, 1));
  if (mark == L_MARK_NONE)
    return 0;
  lua_pushstring(L, mark == L_MARK_ARRAY ? "array" : "object");
  return 1;
}

/* cdata_text(fn): fn gives the digits of a LuaJIT cdata, or nil */
static int l_cdata_text(lua_State *L) {
  l_home *home = l_home_of(L);

  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  luaL_unref(L, LUA_REGISTRYINDEX, home->cdata_ref);
  home->cdata_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

const luaL_Reg l_value_functions[] = {
  {"encode", l_encode},         {"decode", l_decode},
  {"value", l_value},           {"integer", l_integer},
  {"clean", l_clean},           {"marks", l_marks},
  {"mark_of", l_mark_name},     {"cdata_text", l_cdata_text},
  {"json_fault", l_json_fault}, {NULL, NULL}};

/* Both marks are empty tables until Lua gives better ones. */
static int new_mark(lua_State *L) {
  lua_newtable(L);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

void l_value_open(lua_State *L, l_home *home) {
  static const luaL_Reg value_meta[] = {{"__gc", box_gc},
                                        {"__len", value_len},
                                        {"__eq", value_eq},
                                        {"__tostring", value_tostring},
                                        {NULL, NULL}};
  static const luaL_Reg integer_meta[] = {{"__gc", box_gc},
                                          {"__eq", integer_eq},
                                          {"__lt", integer_lt},
                                          {"__le", integer_le},
                                          {"__tostring", integer_tostring},
                                          {NULL, NULL}};

  l_newtype(L, home, VALUE_TYPE, value_meta, NULL);
  l_newtype(L, home, INTEGER_TYPE, integer_meta, NULL);
  luaL_getmetatable(L, VALUE_TYPE);
  lua_pushlightuserdata(L, home);
  lua_pushlightuserdata(L, home);
  lua_pushcclosure(L, value_get, 1);
  lua_pushcclosure(L, value_index, 2); /* finds 'get' in its upvalue 2 */
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  if (home->mark_ref != LUA_NOREF)
    return;
  lua_pushliteral(L, "__jsontype");
  home->mark_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  home->array_ref = new_mark(L);
  home->object_ref = new_mark(L);
}
