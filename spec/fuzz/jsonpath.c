/*
** jsonpath.c - random paths on random documents, in both dialects.  An input
** is the text of a path, a line break, the JSON text of a document.
**
** Checked: no fault of memory, nothing left behind, no evaluation that draws
** more than its budget or takes long though it draws little; locations lead to
** the values they are of; what is written is read back; and whichever
** allocation fails, the calls fail cleanly.
*/
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "query/path.h"
#include "harness.h"

#define STEPS       100000
#define SECONDS_MAX 5

typedef sf_status evaluation(const sf_path *path, sf_value root,
                             sf_budget *budget, sf_value *out, sf_error *err);

/* Evaluate within a budget; SF_ABSENT after a failure. */
static sf_value run(evaluation *evaluate, const sf_path *path, sf_value root) {
  sf_budget budget = {.steps = STEPS};
  sf_error err;
  sf_value out = sf_absent();
  clock_t begin = clock();
  sf_status status = evaluate(path, root, &budget, &out, &err);
  check((clock() - begin) / CLOCKS_PER_SEC < SECONDS_MAX, "takes too long");
  check(budget.steps <= STEPS, "the budget grew");
  check((status == SF_OK) == (out.kind != SF_ABSENT),
        "status and value differ");
  if (status != SF_OK)
    check(err.status == status && err.message[0] != '\0', "no message");
  return out;
}

/* A location is a path that names its value and nothing else. */
static void check_location(const sf_alloc *mem, sf_value text, sf_value root,
                           sf_value value) {
  sf_path *path;
  sf_error err;
  sf_value found;
  sf_status status =
    sf_path_new(mem, sf_string_text(text), sf_string_length(text),
                SF_DIALECT_RFC9535, &path, &err);
  if (status == SF_ERR_LIMIT)
    return; /* a long way down */
  check(status == SF_OK, "a location is no path");
  found = run(sf_path_values, path, root);
  check(found.kind == SF_ARRAY && sf_array_count(found) == 1 &&
          sf_equal(sf_array_at(found, 0), value),
        "a location leads elsewhere");
  sf_release(found);
  sf_path_release(path);
}

static void check_locations(const sf_alloc *mem, sf_value values,
                            sf_value places, sf_value root) {
  size_t i;
  if (values.kind == SF_ABSENT || places.kind == SF_ABSENT)
    return;
  check(sf_array_count(values) == sf_array_count(places),
        "not as many locations as values");
  for (i = 0; i < sf_array_count(values) && i < 20; i++)
    check_location(mem, sf_array_at(places, i), root, sf_array_at(values, i));
}

static void check_write(const sf_path *path, sf_value root) {
  sf_error err;
  sf_value copy = sf_retain(root), before = sf_path_get(path, root);
  sf_status status = sf_path_write(path, &copy, sf_integer(42), &err);
  if (status == SF_OK)
    check(sf_equal(sf_path_get(path, copy), sf_integer(42)),
          "what was written is not there");
  else
    check(sf_equal(copy, root), "a refused write changed something");
  check(sf_equal(sf_path_get(path, root), before) || before.kind == SF_ABSENT,
        "a write changed a shared value");
  sf_release(copy);
}

static void use(const sf_alloc *mem, sf_dialect dialect, const char *text,
                size_t len, sf_value root, bool thorough) {
  sf_path *path;
  sf_error err;
  sf_value values, places, read;
  if (sf_path_new(mem, text, len, dialect, &path, &err) != SF_OK) {
    check(path == NULL, "a path in spite of a failure");
    check(err.offset == SF_NO_OFFSET || err.offset <= len, "a fault outside");
    return;
  }
  values = run(sf_path_values, path, root);
  places = run(sf_path_locations, path, root);
  read = run(sf_path_read, path, root);
  if (thorough && dialect == SF_DIALECT_RFC9535)
    check_locations(mem, values, places, root);
  if (sf_path_is_reference(path)) {
    check(sf_path_is_definite(path), "a reference path is not definite");
    if (thorough)
      check(sf_equal(sf_path_get(path, root), read) || read.kind == SF_ABSENT,
            "get and read differ");
    check_write(path, root);
  }
  sf_release(values);
  sf_release(places);
  sf_release(read);
  sf_path_release(path);
}

static void both_dialects(long left, const char *path, size_t path_len,
                          const char *json, size_t json_len) {
  heap h = {0, -1};
  sf_alloc mem = {allocate, NULL, 42};
  sf_value root;
  sf_error err;
  mem.ud = &h;
  if (sf_json_read(&mem, json, json_len, &root, &err) == SF_OK) {
    h.left = left;
    use(&mem, SF_DIALECT_RFC9535, path, path_len, root, left < 0);
    h.left = left;
    use(&mem, SF_DIALECT_AWS, path, path_len, root, left < 0);
    sf_release(root);
  }
  check(h.live == 0, "memory is left");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  parts p = parts_of(data, size);
  both_dialects(-1, p.text, p.len, p.rest, p.rest_len);
  both_dialects((long)(size * 7 % 61), p.text, p.len, p.rest, p.rest_len);
  return 0;
}
