/*
** env.h - what an expression of a state can see while it is evaluated: '$',
** '$$', variables, randomness.  The engine fills one for each evaluation; the
** query floor only asks.
*/
#ifndef SF_QUERY_ENV_H
#define SF_QUERY_ENV_H

#include "base/timestamp.h"
#include "base/value.h"
#include "query/budget.h"

typedef struct sf_env {
  const sf_alloc *mem;
  sf_budget *budget;
  sf_time now;    /* of $now and $millis */
  bool gaps;      /* a path to an element behind an array's end gives null */
  sf_value input; /* '$': borrowed.  SF_ABSENT where a place has no '$' */
  void *host;     /* given back to the functions below */
  /* '$$', the context object: borrowed; built only when asked for.
  ** SF_ABSENT: no memory. */
  sf_value (*context)(void *host);
  /* The variable of that name (a string without '$'): borrowed, SF_ABSENT
  ** when it is not set. */
  sf_value (*variable)(void *host, sf_value name);
  /* '$states' of a JSONata expression: borrowed; with its member 'context' only
  ** when that is asked for.  SF_ABSENT: no memory. */
  sf_value (*states)(void *host, bool with_context);
  /* The next 64 random bits of this state's attempt. */
  uint64_t (*random)(void *host);
} sf_env;

#endif
