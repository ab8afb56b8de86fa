/*
** intrinsic_array.c - intrinsic functions on arrays.  States.ArrayUnique has a
** file of its own.
**
** Whole numbers are cut off toward zero here, as the service does it (its
** guide says "rounded").
*/
#include "query/intrinsic.h"

#include <string.h>

sf_status sf_intrinsic_array(const sf_call *call, sf_value *out) {
  sf_value array = sf_array_new(call->env->mem, call->count);
  sf_status st = SF_OK;
  size_t i;
  for (i = 0; i < call->count && st == SF_OK; i++)
    st = sf_call_push(call, &array, sf_retain(call->args[i]));
  return st == SF_OK ? sf_call_result(call, array, out) : st;
}

sf_status sf_intrinsic_array_length(const sf_call *call, sf_value *out) {
  if (call->args[0].kind != SF_ARRAY)
    return sf_call_invalid(call, "the argument must be an array");
  *out = sf_integer((int64_t)sf_array_count(call->args[0]));
  return SF_OK;
}

/* Any index of an empty array but a negative one gives null: the service does
** so, though it refuses the index past the end of every other array. */
sf_status sf_intrinsic_array_get_item(const sf_call *call, sf_value *out) {
  sf_value array = call->args[0];
  int64_t index;
  if (array.kind != SF_ARRAY)
    return sf_call_invalid(call, "the first argument must be an array");
  if (!sf_call_whole(call, 1, &index))
    return sf_call_invalid(call, "the index must be a number");
  if (index >= 0 && sf_array_count(array) == 0) {
    *out = sf_null();
    return SF_OK;
  }
  if (index < 0 || (uint64_t)index >= sf_array_count(array))
    return sf_call_invalid(call, "the index is outside of the array");
  *out = sf_retain(sf_array_at(array, (size_t)index));
  return SF_OK;
}

/* --- States.ArrayContains --- */

/* Is the written form of 'v' that text?  'scratch' is overwritten. */
static bool is_written(sf_value v, const char *text, size_t len,
                       sf_buffer *scratch) {
  const char *form;
  size_t form_len;
  if (v.kind == SF_STRING) {
    form = sf_string_text(v);
    form_len = sf_string_length(v);
  } else {
    scratch->length = 0;
    sf_write_plain(v, scratch);
    form = scratch->bytes;
    form_len = scratch->length;
  }
  return form_len == len && (len == 0 || memcmp(form, text, len) == 0);
}

/* The service compares written forms: 1 is found in ["1"], and an object only
** when its members come in the same order. */
static bool contains(sf_value array, sf_value wanted, sf_buffer *written,
                     sf_buffer *scratch) {
  size_t i, count = sf_array_count(array);
  sf_write_plain(wanted, written);
  for (i = 0; i < count && !written->failed && !scratch->failed; i++) {
    sf_value v = sf_array_at(array, i);
    if (v.kind == SF_INTEGER && wanted.kind == SF_INTEGER) {
      if (v.u.integer == wanted.u.integer)
        return true;
    } else if (is_written(v, written->bytes, written->length, scratch)) {
      return true;
    }
  }
  return false;
}

sf_status sf_intrinsic_array_contains(const sf_call *call, sf_value *out) {
  sf_buffer written, scratch;
  sf_status st;
  bool failed;
  if (call->args[0].kind != SF_ARRAY)
    return sf_call_invalid(call, "the first argument must be an array");
  st = sf_call_work(call, sf_array_count(call->args[0]));
  if (st != SF_OK)
    return st;
  sf_buffer_init(&written, call->env->mem);
  sf_buffer_init(&scratch, call->env->mem);
  *out = sf_boolean(contains(call->args[0], call->args[1], &written, &scratch));
  failed = written.failed || scratch.failed;
  sf_buffer_clear(&written);
  sf_buffer_clear(&scratch);
  return failed ? sf_error_nomem(call->err) : SF_OK;
}

/* --- States.ArrayPartition --- */

static sf_status slice(const sf_call *call, size_t from, size_t to,
                       sf_value *out) {
  sf_value part = sf_array_new(call->env->mem, to - from);
  sf_status st = SF_OK;
  for (; from < to && st == SF_OK; from++)
    st = sf_call_push(call, &part, sf_retain(sf_array_at(call->args[0], from)));
  return st == SF_OK ? sf_call_result(call, part, out) : st;
}

static sf_status partition(const sf_call *call, size_t size, sf_value *out) {
  size_t from, to, count = sf_array_count(call->args[0]);
  sf_value part,
    parts = sf_array_new(call->env->mem, count / size + (count % size != 0));
  sf_status st = SF_OK;
  for (from = 0; from < count && st == SF_OK; from = to) {
    to = size < count - from ? from + size : count;
    st = slice(call, from, to, &part);
    if (st == SF_OK)
      st = sf_call_push(call, &parts, part);
    else
      sf_assign(&parts, sf_absent());
  }
  return st == SF_OK ? sf_call_result(call, parts, out) : st;
}

sf_status sf_intrinsic_array_partition(const sf_call *call, sf_value *out) {
  int64_t size;
  sf_status st;
  if (call->args[0].kind != SF_ARRAY)
    return sf_call_invalid(call, "the first argument must be an array");
  if (!sf_call_whole(call, 1, &size) || size < 1)
    return sf_call_invalid(call, "the size must be a positive number");
  st = sf_call_work(call, sf_array_count(call->args[0]));
  if (st != SF_OK)
    return st;
  if (size > (int64_t)SF_LENGTH_MAX)
    size = (int64_t)SF_LENGTH_MAX;
  return partition(call, (size_t)size, out);
}

/* --- States.ArrayRange --- */

/* How many steps lie between the bounds, computed without overflow. */
static uint64_t range_count(int64_t first, int64_t last, int64_t step) {
  uint64_t distance, stride;
  if (step > 0 ? first > last : first < last)
    return 0;
  distance = step > 0 ? (uint64_t)last - (uint64_t)first
                      : (uint64_t)first - (uint64_t)last;
  stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
  return distance / stride == UINT64_MAX ? UINT64_MAX : distance / stride + 1;
}

sf_status sf_intrinsic_array_range(const sf_call *call, sf_value *out) {
  int64_t first, last, step;
  uint64_t count;
  sf_value range;
  sf_status st = SF_OK;
  if (!sf_call_whole(call, 0, &first) || !sf_call_whole(call, 1, &last) ||
      !sf_call_whole(call, 2, &step))
    return sf_call_invalid(call, "the arguments must be numbers");
  if (step == 0)
    return sf_call_invalid(call, "the step must not be zero");
  count = range_count(first, last, step);
  if (count > SF_INTRINSIC_RANGE_MAX)
    return sf_call_invalid(call, NULL);
  range = sf_array_new(call->env->mem, (size_t)count);
  for (; count > 0 && st == SF_OK; count--) {
    st = sf_call_push(call, &range, sf_integer(first));
    if (count > 1) /* one step more might not fit in 64 bits */
      first += step;
  }
  return st == SF_OK ? sf_call_result(call, range, out) : st;
}
