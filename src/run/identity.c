/*
** identity.c - the name and the ARN of an execution that nobody named: of its
** seed, so that the same seed gives the same run, and only when something asks.
** An execution that rests does not hold them.
*/
#include "base/random.h"
#include "run/internal.h"

/* The 'n'-th UUID of the seed. */
static sf_value uuid(const sf_execution *x, uint32_t n) {
  char text[37];

  sf_random_uuid(sf_random_keyed(x->facts.seed, 0, UINT32_MAX, 2 * n),
                 sf_random_keyed(x->facts.seed, 0, UINT32_MAX, 2 * n + 1),
                 text);
  return sf_string_from(x->mem, text);
}

static void add(sf_buffer *b, sf_value text) {
  if (text.kind == SF_STRING)
    sf_buffer_add(b, sf_string_text(text), sf_string_length(text));
  else
    b->failed = true;
}

/* Runs of EXPRESS machines may have one name: there is a UUID behind it. */
static sf_value make_arn(const sf_execution *x) {
  sf_buffer b;
  sf_value run;

  sf_buffer_init(&b, x->mem);
  add(&b, x->facts.arn);
  add(&b, x->facts.name);
  if (x->machine->type == SF_EXPRESS) {
    run = uuid(x, 1);
    sf_buffer_add_char(&b, ':');
    add(&b, run);
    sf_release(run);
  }
  return sf_buffer_string(&b);
}

void sf_identify(sf_execution *x) {
  sf_value arn;

  if (!x->facts.arn_is_prefix)
    return;
  if (x->facts.name.kind == SF_ABSENT)
    x->facts.name = uuid(x, 0);
  arn = make_arn(x);
  if (arn.kind == SF_ABSENT) {
    x->broken = true;
    return;
  }
  sf_assign(&x->facts.arn, arn);
  x->facts.arn_is_prefix = false;
}
