/*
** module.c - stepfn.core: the one C module.  Its functions are internal: what
** programs use is in lua/stepfn.  The types and what each function does:
** lua/stepfn/meta/core.lua.
*/
#include "base/fiber.h"
#include "binding/l_alloc.h"
#include "binding/l_effect.h"
#include "binding/l_execution.h"
#include "binding/l_fields.h"
#include "binding/l_folder.h"
#include "binding/l_host.h"
#include "binding/l_jsonata.h"
#include "binding/l_machine.h"
#include "binding/l_path.h"
#include "binding/l_scratch.h"
#include "binding/l_seed.h"
#include "binding/l_value.h"

static const luaL_Reg *const parts[] = {l_alloc_functions,
                                        l_host_functions,
                                        l_value_functions,
                                        l_machine_functions,
                                        l_execution_start_functions,
                                        l_execution_read_functions,
                                        l_execution_snapshot_functions,
                                        l_seed_functions,
                                        l_path_functions,
                                        l_jsonata_functions,
                                        l_folder_functions};

L_EXPORT int luaopen_stepfn_core(lua_State *L);

int luaopen_stepfn_core(lua_State *L) {
  l_home *home = l_home_open(L);
  size_t i;

  l_scratch_open(L, home);
  l_value_open(L, home);
  l_machine_open(L, home);
  l_event_open(L, home);
  l_execution_open(L, home);
  l_path_open(L, home);
  l_jsonata_open(L, home);
  l_folder_open(L, home);
  lua_newtable(L);
  for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
    l_setfuncs(L, home, parts[i]);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
  l_push_fields(L);
  lua_setfield(L, -2, "fields");
  lua_pushboolean(L, SF_HAS_FIBERS);
  lua_setfield(L, -2, "has_fibers");
  l_push_execution_methods(L);
  lua_setfield(L, -2, "execution_methods");
  return 1;
}
