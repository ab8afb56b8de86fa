/*
** fn_aws.c - the functions that Step Functions adds.  Integer arguments are
** rounded down.
*/
#include <math.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/random.h"
#include "query/jsonata/function.h"
#include "query/jsonata/text.h"

#define RANGE_MAX 1000 /* elements, as States.ArrayRange */

/* Why the arguments will not do. */
static bool fail(const jn_call *c, const char *message) {
  c->run->fault->message =
    jn_text_borrow(&c->run->lasting, message, strlen(message));
  return jn_fail(c->run, "D3137", jn_undefined());
}

static bool is_missing(const jn_call *c) {
  size_t i;
  for (i = 0; i < c->count; i++)
    if (jn_is_undefined(c->args[i]))
      return true;
  return false;
}

bool jn_fn_partition(const jn_call *c, jn_value *out) {
  jn_items items;
  jn_array *to;
  double size;
  size_t i, step;
  if (is_missing(c))
    return true;
  items = jn_items_of(c->args[0]);
  size = floor(jn_double(c->args[1]));
  if (!(size >= 1))
    return fail(c, "The chunk size of $partition must be a positive number");
  step = size < (double)items.count ? (size_t)size : items.count;
  to = jn_new_array(c->run, 0, 0);
  if (to == NULL)
    return false;
  for (i = 0; i < items.count; i += step) {
    jn_items part = {items.at + i, items.count - i};
    jn_array *chunk;
    if (part.count > step)
      part.count = step;
    chunk = jn_array_borrow(&c->run->arena, part, 0);
    if (chunk == NULL)
      return jn_fail_memory(c->run);
    if (!jn_step(c->run, 1) || !jn_push(c->run, to, jn_array_value(chunk)))
      return false;
  }
  *out = jn_array_value(to);
  return true;
}

bool jn_fn_range(const jn_call *c, jn_value *out) {
  double from, to, by, count, i;
  jn_array *all;
  if (is_missing(c))
    return true;
  from = floor(jn_double(c->args[0]));
  to = floor(jn_double(c->args[1]));
  by = floor(jn_double(c->args[2]));
  if (by == 0 || !isfinite(from) || !isfinite(to) || !isfinite(by))
    return fail(c, "The delta of $range must not be zero");
  count = floor((to - from) / by) + 1;
  if (count > RANGE_MAX)
    return fail(c, "The result of $range must not have more than 1000 items");
  if (count < 0)
    count = 0;
  if (!jn_step(c->run, (uint64_t)count / 4))
    return false;
  all = jn_new_array(c->run, (size_t)count, JN_SEQUENCE);
  if (all == NULL)
    return false;
  for (i = 0; i < count; i++)
    all->items[all->count++] = jn_number(from + i * by);
  *out = jn_array_value(all);
  return true;
}

bool jn_fn_hash(const jn_call *c, jn_value *out) {
  unsigned char digest[SF_DIGEST_MAX];
  char text[2 * SF_DIGEST_MAX + 1], name[16];
  jn_bytes data, algorithm;
  size_t size, i;
  if (is_missing(c))
    return true;
  data = jn_bytes_of(c->args[0]);
  algorithm = jn_bytes_of(c->args[1]);
  if (algorithm.length >= sizeof name)
    return fail(c, "The algorithm of $hash must be MD5, SHA-1, SHA-256, "
                   "SHA-384 or SHA-512");
  *jn_copy_bytes(name, algorithm) = '\0';
  if (sf_digest(name, data.at, data.length, digest, &size) != SF_OK)
    return fail(c, "The algorithm of $hash must be MD5, SHA-1, SHA-256, "
                   "SHA-384 or SHA-512");
  for (i = 0; i < size; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  return jn_step(c->run, data.length / 64) &&
         jn_make_text(c->run, text, 2 * size, out);
}

/* Without a seed from the environment, with one as java.util.Random. */
bool jn_fn_aws_random(const jn_call *c, jn_value *out) {
  sf_java_random random;
  double seed;
  if (jn_is_undefined(c->args[0]))
    return jn_fn_random(c, out);
  seed = floor(jn_double(c->args[0]));
  if (!(fabs(seed) < 9.2e18))
    return fail(c, "The seed of $random is out of range");
  sf_java_random_init(&random, (int64_t)seed);
  *out = jn_number(sf_java_random_double(&random));
  return true;
}

bool jn_fn_uuid(const jn_call *c, jn_value *out) {
  const sf_jsonata_env *env = c->run->env;
  char text[37];
  uint64_t high, low;
  if (env->random == NULL)
    return jn_fail_limit(c->run, "there is no source of random numbers here");
  high = env->random(env->host);
  low = env->random(env->host);
  sf_random_uuid(high, low, text);
  return jn_make_text(c->run, text, 36, out);
}

bool jn_fn_parse(const jn_call *c, jn_value *out) {
  jn_bytes b;
  sf_error err;
  sf_value v;
  sf_status status;
  if (is_missing(c))
    return true;
  b = jn_bytes_of(c->args[0]);
  if (!jn_step(c->run, b.length / 16))
    return false;
  status = sf_json_read(c->run->env->mem, b.at, b.length, &v, &err);
  if (status == SF_ERR_NOMEM)
    return jn_fault_nomem(c->run->fault);
  if (status != SF_OK)
    return fail(c, "The argument of $parse is not a valid JSON text");
  *out = v;
  return jn_keep(c->run, v);
}
