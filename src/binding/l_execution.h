/*
** l_execution.h - the userdata that holds a running execution.  What can be done
** with one stands in l_execution_NAME.c, each with a list of functions here.
*/
#ifndef SF_BINDING_L_EXECUTION_H
#define SF_BINDING_L_EXECUTION_H

#include "binding/l_alloc.h"
#include "run/execution.h"

typedef struct l_execution {
  l_home *home;
  sf_execution *x; /* NULL: closed */
  uint64_t seed;
  sf_effect *effect; /* the one drained last; NULL while there is none.  Owned,
                        with its values, and of the core's memory */
  bool is_pushing;   /* ... it is being read: finalizers may run, and close */
} l_execution;

/* The open execution at argument 1, or an error. */
l_execution *l_check_execution(lua_State *L);

/* The same at argument 'index', when it is not asked for all the time. */
l_execution *l_check_other_execution(lua_State *L, int index);

/* Push one that is still to be made: 'x' is NULL, and __gc copes with that. */
l_execution *l_push_execution(lua_State *L, l_home *home);

/* Forget the effect drained last. */
void l_drop_effect(l_execution *e);

void l_execution_open(lua_State *L, l_home *home);

/* Push the table of its methods, for whoever calls them very often. */
void l_push_execution_methods(lua_State *L);

/* Functions of the module: executions come into being. */
extern const luaL_Reg l_execution_start_functions[];
extern const luaL_Reg l_execution_read_functions[];
extern const luaL_Reg l_execution_snapshot_functions[];

/* Methods. */
extern const luaL_Reg l_execution_feed_methods[];
extern const luaL_Reg l_execution_drain_methods[];
extern const luaL_Reg l_execution_read_methods[];
extern const luaL_Reg l_execution_pending_methods[];
extern const luaL_Reg l_execution_history_methods[];
extern const luaL_Reg l_execution_snapshot_methods[];

#endif
