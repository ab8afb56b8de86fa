/*
** l_effect.c - see l_effect.h.
*/
#include "binding/l_effect.h"

#include <math.h>
#include <string.h>

#include "binding/l_from_lua.h"
#include "binding/l_to_lua.h"

void l_push_due(lua_State *L, sf_time t) {
  double seconds;

  if (t == SF_TIME_NEVER) {
    lua_pushnil(L);
    return;
  }
  seconds = sf_time_to_seconds(t);
  while (sf_time_from_seconds(seconds) < t) /* read to the microsecond */
    seconds = nextafter(seconds, HUGE_VAL);
  lua_pushnumber(L, seconds);
}

/* --- effects --- */

/* Push the field, or nothing when it is not there. */
static bool push_field(lua_State *L, l_home *home, const sf_slot *field,
                       const void *base) {
  const void *at = (const char *)base + field->offset;
  const sf_value *v = at;
  uint32_t n = 0;

  switch (field->type) {
    case SF_SLOT_VALUE:
    case SF_SLOT_TEXT: l_to_lua(L, home, *v); break;
    case SF_SLOT_COUNT:
    case SF_SLOT_ID:
      memcpy(&n, at, sizeof n);
      if (n == 0 && field->type == SF_SLOT_ID)
        return false;
      lua_pushinteger(L, n);
      break;
    case SF_SLOT_TIME: l_push_due(L, *(const sf_time *)at); break;
    case SF_SLOT_SECONDS:
      if (*(const double *)at == 0)
        return false;
      lua_pushnumber(L, *(const double *)at);
      break;
    case SF_SLOT_FLAG: lua_pushboolean(L, *(const bool *)at); break;
    case SF_SLOT_NAME:
      memcpy(&n, at, sizeof n);
      lua_pushstring(L, field->names[n]);
      break;
    case SF_SLOT_BYTES: return false; /* only in events */
  }
  return true;
}

void l_push_effect(lua_State *L, l_home *home, const sf_effect *effect) {
  const sf_row *row = &sf_effect_rows[effect->type];
  const sf_slot *field;

  lua_newtable(L);
  lua_pushstring(L, row->name);
  lua_setfield(L, -2, "type");
  for (field = row->fields; field->name != NULL; field++)
    if (push_field(L, home, field, effect))
      lua_setfield(L, -2, field->name);
}

/* --- events --- */

#define EVENT_TYPE "stepfn.event"

void l_event_clear(sf_event *event) {
  sf_value *values[] = {&event->token,
                        &event->output,
                        &event->error,
                        &event->cause,
                        &event->worker,
                        &event->items,
                        &event->cursor,
                        &event->etag,
                        &event->max_concurrency,
                        &event->tolerated_count,
                        &event->tolerated_percentage};
  size_t i;

  for (i = 0; i < sizeof values / sizeof values[0]; i++)
    if (values[i]->kind != SF_ABSENT)
      sf_assign(values[i], sf_absent());
}

sf_event *l_event_push(lua_State *L) {
  sf_event *event = l_newobject(L, sizeof *event, EVENT_TYPE);

  sf_event_init(event);
  return event;
}

static int event_gc(lua_State *L) {
  l_event_clear(lua_touserdata(L, 1));
  return 0;
}

void l_event_open(lua_State *L, l_home *home) {
  static const luaL_Reg meta[] = {{"__gc", event_gc}, {NULL, NULL}};

  l_newtype(L, home, EVENT_TYPE, meta, NULL);
}

static int fault(lua_State *L, int index, const char *name, const char *what) {
  lua_pushfstring(L, "field '%s': %s", name, what);
  return luaL_argerror(L, index, lua_tostring(L, -1));
}

static uint32_t check_count(lua_State *L, int index, const char *name) {
  lua_Number n = lua_tonumber(L, -1);

  if (lua_type(L, -1) != LUA_TNUMBER || !(n >= 0 && n <= UINT32_MAX))
    fault(L, index, name, "a number expected");
  return (uint32_t)n;
}

static uint32_t check_name(lua_State *L, int index, const sf_slot *field) {
  const char *text = lua_tostring(L, -1);
  uint32_t i;

  for (i = 0; text != NULL && field->names[i] != NULL; i++)
    if (strcmp(text, field->names[i]) == 0)
      return i;
  return (uint32_t)fault(L, index, field->name, "no such name");
}

static sf_time check_time(lua_State *L, int index, const char *name) {
  sf_time t = sf_time_from_seconds(lua_tonumber(L, -1));

  if (lua_type(L, -1) != LUA_TNUMBER)
    fault(L, index, name, "seconds expected");
  if (t == SF_TIME_NEVER || t == INT64_MIN) /* NaN and infinities too */
    fault(L, index, name, "seconds out of range");
  return t;
}

/* Put the Lua value on top into the field. */
static void take_field(lua_State *L, l_home *home, int index,
                       const sf_slot *field, void *base) {
  void *at = (char *)base + field->offset;
  uint32_t n;

  switch (field->type) {
    case SF_SLOT_VALUE:
      if (!l_from_lua(L, home, -1, at))
        fault(L, index, field->name, lua_tostring(L, -2));
      break;
    case SF_SLOT_TEXT:
      if (lua_type(L, -1) != LUA_TSTRING)
        fault(L, index, field->name, "text expected");
      *(sf_value *)at = l_text_from_lua(L, home, -1);
      break;
    case SF_SLOT_COUNT:
    case SF_SLOT_ID:
      n = check_count(L, index, field->name);
      memcpy(at, &n, sizeof n);
      break;
    case SF_SLOT_TIME:
      *(sf_time *)at = check_time(L, index, field->name);
      break;
    case SF_SLOT_SECONDS: *(double *)at = lua_tonumber(L, -1); break;
    case SF_SLOT_FLAG: *(bool *)at = lua_toboolean(L, -1) != 0; break;
    case SF_SLOT_BYTES: /* the event's table keeps them alive */
      ((sf_bytes *)at)->text = lua_tolstring(L, -1, &((sf_bytes *)at)->length);
      break;
    case SF_SLOT_NAME:
      n = check_name(L, index, field);
      memcpy(at, &n, sizeof n);
      break;
  }
}

static const sf_row *check_row(lua_State *L, int index, sf_event_type *type) {
  const char *name;
  int i;

  luaL_checktype(L, index, LUA_TTABLE);
  lua_getfield(L, index, "type");
  name = lua_tostring(L, -1);
  for (i = 0; name != NULL && i < SF_EVENT_COUNT; i++) {
    if (strcmp(name, sf_event_rows[i].name) != 0)
      continue;
    lua_pop(L, 1);
    *type = (sf_event_type)i;
    return &sf_event_rows[i];
  }
  fault(L, index, "type", "no such event");
  return NULL;
}

void l_check_event(lua_State *L, l_home *home, int index, sf_event *event) {
  const sf_row *row = check_row(L, index, &event->type);
  const sf_slot *field;

  lua_getfield(L, index, "now");
  event->now = check_time(L, index, "now");
  lua_pop(L, 1);
  for (field = row->fields; field->name != NULL; field++) {
    lua_getfield(L, index, field->name);
    if (!lua_isnil(L, -1))
      take_field(L, home, index, field, event);
    lua_pop(L, 1);
  }
}
