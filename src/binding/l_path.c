/*
** l_path.c - compiled JSONPaths in Lua: see l_path.h and lua/stepfn/jsonpath.lua.
*/
#include "binding/l_path.h"

#include "binding/l_error.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"
#include "query/path.h"

#define PATH_TYPE     "stepfn.path"
#define STEPS_DEFAULT 20000000 /* work that one evaluation may do */

/* A path and how much work an evaluation of it may do. */
typedef struct l_path {
  sf_path *path; /* owned */
  uint64_t steps;
} l_path;

static l_path *check_path(lua_State *L) {
  return luaL_checkudata(L, 1, PATH_TYPE);
}

static int path_gc(lua_State *L) {
  l_path *p = lua_touserdata(L, 1);

  sf_path_release(p->path);
  p->path = NULL;
  return 0;
}

static int path_tostring(lua_State *L) {
  lua_pushstring(L, sf_path_text(check_path(L)->path));
  return 1;
}

typedef sf_status evaluation(const sf_path *path, sf_value root,
                             sf_budget *budget, sf_value *out, sf_error *err);

/* Evaluate on the document at 2 and push the result, as a Lua value or held. */
static int evaluate(lua_State *L, evaluation *run, bool held) {
  l_home *home = l_home_of(L);
  l_path *p = check_path(L);
  sf_budget budget;
  sf_error err;
  sf_value *out, root;

  luaL_checkany(L, 2);
  root = l_check_value(L, 2);
  out = l_value_slot(L);
  budget = sf_budget_of(p->steps);
  if (run(p->path, root, &budget, out, &err) != SF_OK)
    return l_push_error(L, &err);
  if (!held) {
    l_to_lua(L, home, *out);
    sf_assign(out, sf_absent());
  }
  l_gc(L, home);
  return 1;
}

/* path:read(document) -> value | nil, message, detail */
static int path_read(lua_State *L) {
  return evaluate(L, sf_path_read, false);
}

/* path:values(document) -> array | nil, message, detail */
static int path_values(lua_State *L) {
  return evaluate(L, sf_path_values, false);
}

/* path:select(document) -> the same array as a stepfn.value | nil, message,
** detail */
static int path_select(lua_State *L) {
  return evaluate(L, sf_path_values, true);
}

/* path:locations(document) -> array of texts | nil, message, detail */
static int path_locations(lua_State *L) {
  return evaluate(L, sf_path_locations, false);
}

static int path_is_reference(lua_State *L) {
  lua_pushboolean(L, sf_path_is_reference(check_path(L)->path));
  return 1;
}

static int path_is_definite(lua_State *L) {
  lua_pushboolean(L, sf_path_is_definite(check_path(L)->path));
  return 1;
}

/* path:doubtful() -> what AWS's guide calls unsupported, or nil */
static int path_doubtful(lua_State *L) {
  lua_pushstring(L, sf_path_doubtful(check_path(L)->path));
  return 1;
}

/* path(text, dialect or nil, steps or nil) -> stepfn.path | nil, message,
** detail */
static int l_new_path(lua_State *L) {
  static const char *const dialects[] = {"rfc9535", "aws", NULL};
  size_t len;
  const char *text = luaL_checklstring(L, 1, &len);
  /* ORDER sf_dialect */
  int dialect = luaL_checkoption(L, 2, "rfc9535", dialects);
  lua_Number steps = luaL_optnumber(L, 3, STEPS_DEFAULT);
  l_path *p;
  sf_error err;

  luaL_argcheck(L, steps >= 1 && steps <= 1e15, 3, "a number from 1 on");
  p = l_newobject(L, sizeof *p, PATH_TYPE);
  p->steps = (uint64_t)steps;
  if (sf_path_new(&l_home_of(L)->mem, text, len, (sf_dialect)dialect, &p->path,
                  &err) != SF_OK)
    return l_push_error(L, &err);
  return 1;
}

const luaL_Reg l_path_functions[] = {{"path", l_new_path}, {NULL, NULL}};

void l_path_open(lua_State *L, l_home *home) {
  static const luaL_Reg meta[] = {
    {"__gc", path_gc}, {"__tostring", path_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"read", path_read},
                                     {"values", path_values},
                                     {"select", path_select},
                                     {"locations", path_locations},
                                     {"is_reference", path_is_reference},
                                     {"is_definite", path_is_definite},
                                     {"doubtful", path_doubtful},
                                     {NULL, NULL}};

  l_newtype(L, home, PATH_TYPE, meta, methods);
}
