/*
** l_execution_pending.c - what is open: attempts and children that have not ended,
** and effects to be told again after a resume.
*/
#include "binding/l_execution.h"

#include "binding/l_effect.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"

/* ORDER sf_attempt_status */
static const char *const attempt_names[] = {"running", "submitted", "waiting"};

static void push_pending(lua_State *L, l_execution *e, const sf_pending *p) {
  const sf_state *state = &sf_execution_machine(e->x)->states[p->state_index];

  lua_createtable(L, 0, 12);
  l_set_number(L, "task", p->task);
  l_set_number(L, "attempt", p->attempt);
  lua_pushstring(L, attempt_names[p->status]);
  lua_setfield(L, -2, "status");
  lua_pushstring(L, sf_resource_kind_names[p->kind]);
  lua_setfield(L, -2, "kind");
  lua_pushstring(L, sf_pattern_names[p->pattern]);
  lua_setfield(L, -2, "pattern");
  lua_pushboolean(L, p->told);
  lua_setfield(L, -2, "told");
  l_set_number(L, "state_index", p->state_index);
  l_push_text(L, state->name);
  lua_setfield(L, -2, "state");
  l_push_text(L, state->u.task.resource.text);
  lua_setfield(L, -2, "resource");
  l_push_due(L, p->timeout_at);
  lua_setfield(L, -2, "deadline");
  l_push_due(L, p->heartbeat_at);
  lua_setfield(L, -2, "heartbeat_deadline");
}

/* e:pending() -> list of the open attempts, without input and token */
static int execution_pending(lua_State *L) {
  l_execution *e = l_check_execution(L);
  sf_pending p;
  size_t i;

  lua_newtable(L);
  for (i = 0; sf_execution_pending(e->x, i, &p); i++) {
    push_pending(L, e, &p);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* e:task_input(task, as_value) -> input of an open attempt; nil when it is
** over */
static int execution_task_input(lua_State *L) {
  l_execution *e = l_check_execution(L);
  uint32_t task = (uint32_t)luaL_checknumber(L, 2);
  sf_pending p;
  size_t i;

  for (i = 0; sf_execution_pending(e->x, i, &p); i++) {
    if (p.task != task)
      continue;
    if (lua_toboolean(L, 3))
      l_value_push(L, p.input);
    else
      l_to_lua(L, e->home, p.input);
    return 1;
  }
  return 0;
}

/* e:retell(task) -> is it open? */
static int execution_retell(lua_State *L) {
  l_execution *e = l_check_execution(L);
  uint32_t task = (uint32_t)luaL_checknumber(L, 2);

  lua_pushboolean(L, sf_execution_retell(e->x, task));
  return 1;
}

/* e:children() -> list of the children that have not ended: { child, map_run,
** told, started } */
static int execution_children(lua_State *L) {
  l_execution *e = l_check_execution(L);
  sf_open_child c;
  size_t i;

  lua_newtable(L);
  for (i = 0; sf_execution_child(e->x, i, &c); i++) {
    lua_createtable(L, 0, 4);
    l_set_number(L, "child", c.child);
    l_set_number(L, "map_run", c.map_run);
    lua_pushboolean(L, c.told);
    lua_setfield(L, -2, "told");
    lua_pushboolean(L, c.started);
    lua_setfield(L, -2, "started");
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* e:retell_child(child) -> is it there? */
static int execution_retell_child(lua_State *L) {
  l_execution *e = l_check_execution(L);
  uint32_t id = (uint32_t)luaL_checknumber(L, 2);

  lua_pushboolean(L, sf_execution_retell_child(e->x, id));
  return 1;
}

/* e:retell_writes() */
static int execution_retell_writes(lua_State *L) {
  sf_execution_retell_writes(l_check_execution(L)->x);
  return 0;
}

/* e:token(task) -> token of an open attempt, or nil */
static int execution_token(lua_State *L) {
  l_execution *e = l_check_execution(L);
  uint32_t task = (uint32_t)luaL_checknumber(L, 2);
  sf_value *slot = l_value_slot(L);

  *slot = sf_execution_token(e->x, task);
  l_push_text(L, *slot);
  sf_assign(slot, sf_absent());
  return 1;
}

const luaL_Reg l_execution_pending_methods[] = {
  {"pending", execution_pending},
  {"task_input", execution_task_input},
  {"token", execution_token},
  {"retell", execution_retell},
  {"children", execution_children},
  {"retell_child", execution_retell_child},
  {"retell_writes", execution_retell_writes},
  {NULL, NULL}};
