/*
** maprun_manifest.c - manifests: objects that name the objects to be read, as S3
** Inventory and Athena write them.
*/
#include <string.h>

#include "base/json.h"
#include "run/maprun.h"

/* "s3://bucket/key" */
static sf_value object_of_url(sf_execution *x, const char *url, size_t len) {
  const char *slash;
  sf_value o = sf_object_new(x->mem, 2);

  if (len < 6 || memcmp(url, "s3://", 5) != 0 ||
      (slash = memchr(url + 5, '/', len - 5)) == NULL) {
    sf_release(o);
    return sf_absent();
  }
  sf_map_run_put(x, &o, "bucket",
                 sf_string_new(x->mem, url + 5, (size_t)(slash - url) - 5));
  sf_map_run_put(
    x, &o, "key",
    sf_string_new(x->mem, slash + 1, len - (size_t)(slash + 1 - url)));
  return o;
}

/* A line for each object: "s3://bucket/key", perhaps in quotes. */
static supply athena_manifest(sf_execution *x, const char *at, const char *end,
                              sf_value *objects, failure *fail) {
  *objects = sf_array_new(x->mem, 8);
  while (at < end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    const char *last = stop == NULL ? end : stop;
    sf_value o;
    while (at < last && strchr("\" \t", *at) != NULL)
      at++;
    while (last > at && strchr("\"\r \t", last[-1]) != NULL)
      last--;
    if (last > at) {
      o = object_of_url(x, at, (size_t)(last - at));
      if (o.kind == SF_ABSENT)
        return sf_reader_fail(x, fail,
                              "A line of the manifest is no s3://bucket/key.");
      if (sf_array_push(objects, o) != SF_OK)
        x->broken = true;
    }
    at = stop == NULL ? end : stop + 1;
  }
  return SUPPLY_READY;
}

/* "Bucket, Key, Size" as an array. */
static sf_value split_names(sf_execution *x, sf_value names) {
  sf_value list = sf_array_new(x->mem, 8);
  const char *at = sf_string_text(names);

  while (*at != '\0') {
    size_t len = strcspn(at, ",");
    if (sf_array_push(&list, sf_string_new(x->mem, at, len)) != SF_OK)
      x->broken = true;
    at += len;
    at += strspn(at, ", ");
  }
  return list;
}

/* Only lists in CSV can be read; also what does not say what it is. */
static bool is_csv(sf_execution *x, sf_value manifest, failure *fail) {
  sf_value format = sf_map_run_text(manifest, "fileFormat");
  bool csv = format.kind != SF_STRING || sf_string_is(format, "CSV");
  sf_value text = {{0}, SF_ABSENT};

  if (!csv) {
    text = sf_string_format(x->mem,
                            "The inventory's files are in the format %s: only "
                            "CSV is read.",
                            sf_string_text(format));
    sf_reader_fail(x, fail, text.kind == SF_STRING ? sf_string_text(text) : "");
  }
  sf_release(text);
  sf_release(format);
  return csv;
}

/* {"fileFormat": "CSV", "fileSchema": "Bucket, Key", "files": [{"key": ...}]} */
static supply inventory_manifest(sf_execution *x, const char *bytes, size_t len,
                                 sf_value *objects, sf_value *headers,
                                 failure *fail) {
  sf_value manifest, files, schema;
  sf_error err;

  if (sf_json_read(x->mem, bytes, len, &manifest, &err) != SF_OK)
    return sf_reader_fail_parse(x, &err, fail);
  if (!is_csv(x, manifest, fail)) {
    sf_release(manifest);
    return SUPPLY_FAILED;
  }
  files = manifest.kind == SF_OBJECT ? sf_object_get(manifest, "files", 5)
                                     : sf_absent();
  schema = manifest.kind == SF_OBJECT
             ? sf_object_get(manifest, "fileSchema", 10)
             : sf_absent();
  if (files.kind == SF_ARRAY)
    *objects = sf_retain(files);
  if (schema.kind == SF_STRING)
    *headers = split_names(x, schema);
  sf_release(manifest);
  if (objects->kind != SF_ARRAY)
    return sf_reader_fail(x, fail, "The manifest has no list of files.");
  return SUPPLY_READY;
}

supply sf_manifest_read(sf_execution *x, int type, const char *bytes,
                        size_t len, sf_value *objects, sf_value *headers,
                        failure *fail) {
  if (type == SF_MANIFEST_ATHENA)
    return athena_manifest(x, bytes, bytes + len, objects, fail);
  return inventory_manifest(x, bytes, len, objects, headers, fail);
}
