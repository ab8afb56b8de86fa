/*
** l_machine.c - load and validate definitions; read a loaded machine.
*/
#include "binding/l_machine.h"

#include "asl/load.h"
#include "binding/l_error.h"
#include "binding/l_from_lua.h"
#include "binding/l_to_lua.h"
#include "binding/l_value.h"
#include "run/vocabulary.h"

#define MACHINE_TYPE "stepfn.machine"
#define LOADING_TYPE "stepfn.loading"

/* What a load holds, anchored on the Lua stack: an error may come anytime. */
typedef struct loading {
  sf_diagnostics diags;
  sf_value name, substitutions, definition;
  sf_load_options options;
} loading;

static int loading_gc(lua_State *L) {
  loading *l = lua_touserdata(L, 1);

  if (l->diags.mem != NULL)
    sf_diagnostics_clear(&l->diags);
  l->diags.mem = NULL;
  sf_assign(&l->name, sf_absent());
  sf_assign(&l->substitutions, sf_absent());
  sf_assign(&l->definition, sf_absent());
  return 0;
}

static int machine_gc(lua_State *L) {
  sf_machine **box = lua_touserdata(L, 1);

  sf_machine_release(*box);
  *box = NULL;
  return 0;
}

sf_machine *l_check_machine(lua_State *L, int index) {
  sf_machine **box = luaL_checkudata(L, index, MACHINE_TYPE);

  luaL_argcheck(L, *box != NULL, index, "a loaded machine expected");
  return *box;
}

/* --- diagnostics --- */

static void set_text(lua_State *L, const char *name, sf_value text) {
  l_push_text(L, text);
  lua_setfield(L, -2, name);
}

static void set_count(lua_State *L, const char *name, unsigned n) {
  lua_pushinteger(L, n);
  lua_setfield(L, -2, name);
}

static void push_diagnostic(lua_State *L, const sf_diagnostic *d) {
  lua_createtable(L, 0, 8);
  lua_pushstring(L, d->severity == SF_SEVERITY_ERROR ? "ERROR" : "WARNING");
  lua_setfield(L, -2, "severity");
  lua_pushstring(L, d->code);
  lua_setfield(L, -2, "code");
  set_text(L, "message", d->message);
  set_text(L, "location", d->location);
  set_text(L, "pointer", d->pointer);
  set_text(L, "hint", d->hint);
  if (d->line == 0)
    return;
  set_count(L, "line", d->line);
  set_count(L, "column", d->column);
}

static void push_diagnostics(lua_State *L, const sf_diagnostics *diags) {
  size_t i;

  lua_createtable(L, (int)diags->count, 0);
  for (i = 0; i < diags->count; i++) {
    push_diagnostic(L, &diags->items[i]);
    lua_rawseti(L, -2, (int)i + 1);
  }
  if (!diags->truncated)
    return;
  lua_pushboolean(L, 1);
  lua_setfield(L, -2, "truncated");
}

/* --- loading --- */

static sf_status load_from(lua_State *L, l_home *home, loading *l,
                           sf_machine **out, sf_error *err) {
  const char *text;
  size_t len;

  if (lua_type(L, 1) == LUA_TSTRING) {
    text = lua_tolstring(L, 1, &len);
    return sf_load_text(&home->mem, text, len, &l->options, out, &l->diags,
                        err);
  }
  if (!l_from_lua(L, home, 1, &l->definition))
    luaL_argerror(L, 1, lua_tostring(L, -2));
  return sf_load_value(&home->mem, l->definition, &l->options, out, &l->diags,
                       err);
}

static void check_option(lua_State *L, l_home *home, int index, sf_value *out) {
  if (!lua_isnoneornil(L, index) && !l_from_lua(L, home, index, out))
    luaL_argerror(L, index, lua_tostring(L, -2));
}

/* load(definition, name, is_express, substitutions, validate_only)
** -> machine or nil, list of diagnostics */
static int l_load(lua_State *L) {
  l_home *home = l_home_of(L);
  loading *l;
  sf_machine **box;
  sf_status status;
  sf_error err;

  lua_settop(L, 5);
  l = l_newobject(L, sizeof *l, LOADING_TYPE);
  sf_diagnostics_init(&l->diags, &home->mem);
  box = l_newobject(L, sizeof *box, MACHINE_TYPE);
  check_option(L, home, 2, &l->name);
  check_option(L, home, 4, &l->substitutions);
  l->options.name = l->name;
  l->options.substitutions = l->substitutions;
  l->options.type = lua_toboolean(L, 3) ? SF_EXPRESS : SF_STANDARD;
  status = load_from(L, home, l, lua_toboolean(L, 5) ? NULL : box, &err);
  l_check_memory(L, status);
  if (*box != NULL)
    lua_pushvalue(L, 7);
  else
    lua_pushnil(L);
  push_diagnostics(L, &l->diags);
  l_gc(L, home);
  return 2;
}

/* --- a loaded machine --- */

/* machine:info() -> name or nil, is_express */
static int machine_info(lua_State *L) {
  sf_machine *m = l_check_machine(L, 1);

  l_push_text(L, m->name);
  lua_pushboolean(L, m->type == SF_EXPRESS);
  return 2;
}

/* machine:definition() -> stepfn.value */
static int machine_definition(lua_State *L) {
  l_value_push(L, l_check_machine(L, 1)->definition);
  return 1;
}

static void push_task(lua_State *L, const sf_state *state) {
  const sf_resource *r = &state->u.task.resource;

  lua_createtable(L, 0, 7);
  set_text(L, "state", state->name);
  set_text(L, "pointer", state->pointer);
  set_text(L, "resource", r->text);
  set_text(L, "service", r->service);
  set_text(L, "action", r->action);
  lua_pushstring(L, sf_resource_kind_names[r->kind]);
  lua_setfield(L, -2, "kind");
  lua_pushstring(L, sf_pattern_names[r->pattern]);
  lua_setfield(L, -2, "pattern");
}

/* machine:tasks() -> { [state index] = { state, pointer, resource, service,
** action, kind, pattern } } of the Task states */
static int machine_tasks(lua_State *L) {
  sf_machine *m = l_check_machine(L, 1);
  uint32_t i;

  lua_newtable(L);
  for (i = 0; i < m->nstates; i++) {
    if (m->states[i].type != SF_TASK)
      continue;
    push_task(L, &m->states[i]);
    lua_rawseti(L, -2, (int)i);
  }
  return 1;
}

/* machine:variables_read() -> { [name of a state] = names of variables } */
static int machine_variables_read(lua_State *L) {
  l_home *home = l_home_of(L);
  sf_value read = l_check_machine(L, 1)->variables_read;

  if (read.kind == SF_ABSENT)
    lua_newtable(L);
  else
    l_to_lua(L, home, read);
  return 1;
}

const luaL_Reg l_machine_functions[] = {{"load", l_load}, {NULL, NULL}};

void l_machine_open(lua_State *L, l_home *home) {
  static const luaL_Reg loading_meta[] = {{"__gc", loading_gc}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", machine_gc}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"info", machine_info},
                                     {"definition", machine_definition},
                                     {"tasks", machine_tasks},
                                     {"variables_read", machine_variables_read},
                                     {NULL, NULL}};

  l_newtype(L, home, LOADING_TYPE, loading_meta, NULL);
  l_newtype(L, home, MACHINE_TYPE, meta, methods);
}
