/*
** l_execution_feed.c - events in.  The methods that a pump calls for every task
** take plain values, no tables.
*/
#include "binding/l_execution.h"

#include "binding/l_effect.h"
#include "binding/l_error.h"
#include "binding/l_from_lua.h"

#define CANNOT_BE_REDRIVEN                                                     \
  "the execution can't be redriven: it is EXPRESS, ended more than 14 days "   \
  "ago, its history is full, or a Map Run would have to go on"

/* ORDER sf_answer */
static const char *const answer_texts[] = {
  "",
  "no task of this execution has that token",
  "the task is over: answered, timed out or cancelled",
  "not a task token of this execution",
  "the output is not allowed",
  "the execution has finished",
  "nothing waits for an event of this kind",
  "no Map Run of this execution that is running has that id",
  "a setting is out of its range",
  CANNOT_BE_REDRIVEN,
};

/* Feed the event and clear it.  Pushes true | nil, message, code. */
static int feed(lua_State *L, l_execution *e, sf_event *event) {
  sf_answer answer = SF_ACCEPTED;
  sf_error err;
  sf_status status;

  if (e->x == NULL) { /* a finalizer has closed it */
    l_event_clear(event);
    return luaL_error(L, "the execution is closed");
  }
  status = sf_execution_feed(e->x, event, &answer, &err);
  l_event_clear(event);
  l_check_memory(L, status);
  if (status != SF_OK)
    return luaL_error(L, "%s", err.message);
  if (answer != SF_ACCEPTED) {
    lua_pushnil(L);
    lua_pushstring(L, answer_texts[answer]);
    lua_pushstring(L, sf_answer_names[answer]);
    return 3;
  }
  lua_pushboolean(L, 1);
  l_gc(L, e->home);
  return 1;
}

/* Begin an event whose time is the argument 'now'. */
static l_execution *begin(lua_State *L, sf_event *event, sf_event_type type,
                          int now) {
  l_execution *e = l_check_execution(L);

  event->type = type;
  event->now = sf_time_from_seconds(luaL_checknumber(L, now));
  return e;
}

/* An event of the attempt whose id or token is argument 2.  It is anchored on the
** Lua stack: what it gets is given back, whatever is raised. */
static sf_event *begin_task(lua_State *L, sf_event_type type, int now) {
  sf_event *event = l_event_push(L);
  l_execution *e = begin(L, event, type, now);

  if (lua_type(L, 2) == LUA_TSTRING)
    event->token = l_text_from_lua(L, e->home, 2);
  else
    event->task = (uint32_t)luaL_checknumber(L, 2);
  return event;
}

static void take_text(lua_State *L, int index, sf_value *out) {
  if (!lua_isnoneornil(L, index)) {
    luaL_checkstring(L, index);
    *out = l_text_from_lua(L, l_home_of(L), index);
  }
}

/* An output that is no JSON: nil, message, "InvalidOutput". */
static int refuse_output(lua_State *L) {
  lua_pushnil(L);
  lua_insert(L, -3);
  lua_pop(L, 1);
  lua_pushliteral(L, "InvalidOutput");
  return 3;
}

/* Of an attempt's id, as pumps say it: the event gets its output last, so that
** nothing needs to be anchored. */
static int feed_output(lua_State *L, sf_event_type type) {
  sf_event own, *event = &own;
  l_execution *e = l_check_execution(L);

  if (lua_type(L, 2) == LUA_TSTRING) {
    lua_settop(L, 4);
    event = begin_task(L, type, 4);
  } else {
    sf_event_init(event);
    begin(L, event, type, 4);
    event->task = (uint32_t)luaL_checknumber(L, 2);
  }
  return l_from_lua(L, e->home, 3, &event->output) ? feed(L, e, event)
                                                   : refuse_output(L);
}

/* e:succeed(task or token, output, now) */
static int execution_succeed(lua_State *L) {
  return feed_output(L, SF_EVENT_TASK_SUCCEEDED);
}

/* e:submit(task, output, now) */
static int execution_submit(lua_State *L) {
  return feed_output(L, SF_EVENT_TASK_SUBMITTED);
}

/* e:fail(task or token, error or nil, cause or nil, now [, stage]) */
static int execution_fail(lua_State *L) {
  sf_event *event;

  lua_settop(L, 6);
  event = begin_task(L, SF_EVENT_TASK_FAILED, 5);
  event->stage = (sf_stage)luaL_checkoption(L, 6, "run", sf_stage_names);
  take_text(L, 3, &event->error);
  take_text(L, 4, &event->cause);
  return feed(L, l_check_execution(L), event);
}

static int feed_task(lua_State *L, sf_event_type type) {
  sf_event *event;

  lua_settop(L, 4);
  event = begin_task(L, type, 3);
  if (type == SF_EVENT_TASK_STARTED)
    take_text(L, 4, &event->worker);
  return feed(L, l_check_execution(L), event);
}

/* e:heartbeat(task or token, now) */
static int execution_heartbeat(lua_State *L) {
  return feed_task(L, SF_EVENT_TASK_HEARTBEAT);
}

/* e:scheduled(task, now): the activity exists */
static int execution_scheduled(lua_State *L) {
  return feed_task(L, SF_EVENT_TASK_SCHEDULED);
}

/* e:started(task, now [, worker]) */
static int execution_started(lua_State *L) {
  return feed_task(L, SF_EVENT_TASK_STARTED);
}

/* e:stop(error or nil, cause or nil, now) */
static int execution_stop(lua_State *L) {
  sf_event *event;
  l_execution *e;

  lua_settop(L, 4);
  event = l_event_push(L);
  e = begin(L, event, SF_EVENT_STOP, 4);
  take_text(L, 2, &event->error);
  take_text(L, 3, &event->cause);
  return feed(L, e, event);
}

/* e:advance(now): time, or going on after a spent slice */
static int execution_advance(lua_State *L) {
  sf_event event;
  l_execution *e;

  sf_event_init(&event);
  e = begin(L, &event, SF_EVENT_TIME, 2);
  if (sf_execution_has_more(e->x))
    event.type = SF_EVENT_CONTINUE;
  return feed(L, e, &event);
}

/* e:feed(event) */
static int execution_feed(lua_State *L) {
  l_execution *e = l_check_execution(L);
  sf_event *event = l_event_push(L);

  l_check_event(L, e->home, 2, event);
  return feed(L, e, event);
}

/* e:child_started(child, now) */
static int execution_child_started(lua_State *L) {
  sf_event event;
  l_execution *e;

  sf_event_init(&event);
  e = begin(L, &event, SF_EVENT_CHILD_STARTED, 3);
  event.child = (uint32_t)luaL_checknumber(L, 2);
  return feed(L, e, &event);
}

/* e:child_finished(child, the child's execution, now): it has ended */
static int execution_child_finished(lua_State *L) {
  l_execution *c = l_check_other_execution(L, 3), *e;
  sf_event event;

  sf_event_init(&event);
  e = begin(L, &event, SF_EVENT_CHILD_FINISHED, 4);
  event.child = (uint32_t)luaL_checknumber(L, 2);
  event.status = sf_execution_status_of(c->x);
  event.output = sf_retain(sf_execution_output(c->x));
  event.error = sf_retain(sf_execution_error(c->x));
  event.cause = sf_retain(sf_execution_cause(c->x));
  event.stop_date = sf_execution_stop_date(c->x);
  return feed(L, e, &event);
}

const luaL_Reg l_execution_feed_methods[] = {
  {"succeed", execution_succeed},
  {"submit", execution_submit},
  {"fail", execution_fail},
  {"heartbeat", execution_heartbeat},
  {"scheduled", execution_scheduled},
  {"started", execution_started},
  {"stop", execution_stop},
  {"advance", execution_advance},
  {"feed", execution_feed},
  {"child_started", execution_child_started},
  {"child_finished", execution_child_finished},
  {NULL, NULL}};
