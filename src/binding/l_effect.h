/*
** l_effect.h - events and effects as Lua tables, read off the tables of the
** vocabulary: a new row needs no line here.
*/
#ifndef SF_BINDING_L_EFFECT_H
#define SF_BINDING_L_EFFECT_H

#include "binding/l_alloc.h"
#include "run/vocabulary.h"

/* Push { type =, ... } with the fields of its row that are there. */
void l_push_effect(lua_State *L, l_home *home, const sf_effect *effect);

/* Push an event whose values a __gc gives back; it is empty. */
sf_event *l_event_push(lua_State *L);
void l_event_clear(sf_event *event);
void l_event_open(lua_State *L, l_home *home);

/* Fill 'event' from the table at 'index'.  Its values are owned by 'event', which
** is anchored (l_event_push).  Raises an argument error for what is no event. */
void l_check_event(lua_State *L, l_home *home, int index, sf_event *event);

/* A due time in seconds, never before 't'; nil for SF_TIME_NEVER. */
void l_push_due(lua_State *L, sf_time t);

#endif
