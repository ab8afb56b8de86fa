/*
** l_execution_drain.c - effects out.  What a pump calls for every task gives plain
** values, no tables.
*/
#include "binding/l_execution.h"

#include "binding/l_effect.h"
#include "binding/l_error.h"
#include "binding/l_seed.h"
#include "binding/l_to_lua.h"

static int push_drained(lua_State *L, const sf_effect *effect) {
  switch (effect->type) {
    case SF_EFFECT_TASK:
      lua_pushinteger(L, effect->task);
      lua_pushinteger(L, effect->state_index);
      lua_pushinteger(L, effect->attempt);
      lua_pushinteger(L, effect->event_id);
      return 5;
    case SF_EFFECT_CANCEL: lua_pushinteger(L, effect->task); return 2;
    case SF_EFFECT_CHILD:
    case SF_EFFECT_CHILD_STOP: lua_pushinteger(L, effect->child); return 2;
    case SF_EFFECT_READ:
    case SF_EFFECT_READ_CLOSE: lua_pushinteger(L, effect->reader); return 2;
    case SF_EFFECT_WRITE: lua_pushinteger(L, effect->writer); return 2;
    case SF_EFFECT_MAP_RUN: lua_pushinteger(L, effect->map_run); return 2;
    default: return 1;
  }
}

/* The next effect, which takes the place of the last one; NULL: there is none. */
static const sf_effect *next_effect(lua_State *L, l_execution *e) {
  e->is_pushing = false; /* an error may have left it */
  if (e->effect != NULL)
    sf_effect_clear(e->effect);
  else
    e->effect = sf_alloc_zero(&e->home->mem, sizeof *e->effect);
  if (e->effect == NULL)
    luaL_error(L, L_NOMEM);
  if (sf_execution_next_effect(e->x, e->effect))
    return e->effect;
  l_drop_effect(e);
  return NULL;
}

/* e:take() -> name of the next effect, or nil; of a task also its attempt id,
** state index, retries and event id; of others the id of what they speak of */
static int execution_take(lua_State *L) {
  const sf_effect *effect = next_effect(L, l_check_execution(L));

  if (effect == NULL)
    return 0;
  lua_pushstring(L, sf_effect_rows[effect->type].name);
  return push_drained(L, effect);
}

static int push_effect(lua_State *L, l_execution *e) {
  sf_execution_effect_path(e->x, e->effect);
  e->is_pushing = true;
  l_push_effect(L, e->home, e->effect);
  e->is_pushing = false;
  return 1;
}

/* e:effect() -> the next effect as a table, or nil */
static int execution_effect(lua_State *L) {
  l_execution *e = l_check_execution(L);

  return next_effect(L, e) != NULL ? push_effect(L, e) : 0;
}

/* The effect drained last, or an error. */
static const sf_effect *drained(lua_State *L, const l_execution *e) {
  luaL_argcheck(L, e->effect != NULL, 1, "no effect was drained");
  return e->effect;
}

/* e:effect_input([member]) -> input of the task effect drained last, or one of
** its members; nil when it is not there */
static int execution_effect_input(lua_State *L) {
  l_execution *e = l_check_execution(L);
  sf_value v = drained(L, e)->input;
  const char *member;
  size_t len;

  if (!lua_isnoneornil(L, 2)) {
    member = luaL_checklstring(L, 2, &len);
    v = v.kind == SF_OBJECT ? sf_object_get(v, member, len) : sf_absent();
  }
  l_to_lua(L, e->home, v);
  return 1;
}

/* e:drained() -> the effect drained last as a table */
static int execution_drained(lua_State *L) {
  l_execution *e = l_check_execution(L);
  const sf_effect *effect = drained(L, e);

  if (effect->type == SF_EFFECT_MAP_RUN && effect->run.kind == SF_ABSENT)
    luaL_error(L, L_NOMEM);
  return push_effect(L, e);
}

/* e:child(now, keep_history) -> the execution that the `child` effect drained
** last asks for, its name, its ARN, its seed */
static int execution_child(lua_State *L) {
  l_execution *e = l_push_execution(L, l_home_of(L));
  l_execution *parent = l_check_execution(L);
  const sf_effect *effect = drained(L, parent);
  sf_time now = sf_time_from_seconds(luaL_checknumber(L, 2));
  bool keep_history = lua_toboolean(L, 3) != 0;
  sf_error err;

  luaL_argcheck(L, effect->type == SF_EFFECT_CHILD, 1,
                "no child effect was drained");
  e->seed = effect->seed;
  l_check_memory(L, sf_execution_new_child(parent->x, effect, now, keep_history,
                                           &e->x, &err));
  parent->is_pushing = true;
  l_push_text(L, effect->name);
  l_push_text(L, effect->arn);
  parent->is_pushing = false;
  l_push_seed(L, e->seed);
  l_gc(L, e->home);
  return 4;
}

const luaL_Reg l_execution_drain_methods[] = {
  {"take", execution_take},
  {"effect", execution_effect},
  {"effect_input", execution_effect_input},
  {"drained", execution_drained},
  {"child", execution_child},
  {NULL, NULL}};
