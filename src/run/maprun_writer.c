/*
** maprun_writer.c - ResultWriter: the results of children go into files of
** records, one for those that succeeded and one for the others, as they come;
** a manifest names the files.  One `write` is under way at a time; it says where
** in the object its bytes belong, so that one that is repeated does no harm.
*/
#include <string.h>

#include "base/json.h"
#include "run/maprun.h"

#define WRITE_BYTES 65536 /* enough for a write */
#define FILE_BYTES  UINT64_C(5000000000)

/* ORDER of out_files */
static const char *const file_names[] = {"SUCCEEDED", "FAILED", "PENDING"};

static const sf_result_writer *rules_of(const sf_execution *x,
                                        const map_run *run) {
  const sf_distribution *d = x->machine->states[run->state].u.map.distribution;

  return d == NULL || !d->writer.there || d->writer.resource.kind == SF_ABSENT
           ? NULL
           : &d->writer;
}

bool sf_writer_is_wanted(const sf_execution *x, const map_run *run) {
  return rules_of(x, run) != NULL;
}

bool sf_writer_prepare(sight *s, map_run *run, sf_value input, failure *fail) {
  const sf_result_writer *rules = rules_of(s->x, run);
  sf_value parameters = {{0}, SF_ABSENT};

  if (rules == NULL)
    return true;
  if (!sf_road_template(s, rules->parameters, input, SF_STAGE_AFTER_PARAMETERS,
                        &parameters, fail))
    return false;
  run->out_bucket = sf_map_run_text(parameters, "Bucket");
  run->out_prefix = sf_map_run_text(parameters, "Prefix");
  sf_release(parameters);
  return true;
}

static bool file_is_sound(const out_file *file) {
  size_t i;

  if (file->pending.kind == SF_ABSENT)
    return true;
  for (i = 0; i < sf_array_count(file->pending); i++)
    if (sf_array_at(file->pending, i).kind != SF_STRING)
      return false;
  return true;
}

bool sf_writer_is_sound(const sf_execution *x, const map_run *run) {
  return sf_writer_is_wanted(x, run) == (run->out_bucket.kind == SF_STRING) &&
         (run->sent.kind == SF_ABSENT) == (run->sent_key.kind == SF_ABSENT) &&
         (run->sent.kind == SF_ABSENT || run->out_bucket.kind == SF_STRING) &&
         (!run->closing || run->out_bucket.kind == SF_STRING) &&
         file_is_sound(&run->files[0]) && file_is_sound(&run->files[1]);
}

static bool fail_writer(sf_execution *x, failure *fail, const char *cause) {
  return sf_fail_named(x, fail, "States.ResultWriterFailed",
                       sf_string_from(x->mem, cause), REACH_ALL);
}

bool sf_writer_check(sf_execution *x, map_run *run, failure *fail) {
  if (!sf_writer_is_wanted(x, run) || run->out_bucket.kind == SF_STRING)
    return true;
  return fail_writer(x, fail, "The Parameters have no text for Bucket.");
}

/* --- keys --- */

static const char *uuid_of(const map_run *run) {
  const char *colon = strrchr(sf_string_text(run->arn), ':');

  return colon == NULL ? sf_string_text(run->arn) : colon + 1;
}

/* "prefix/UUID OF THE MAP RUN/" */
static void add_folder(sf_buffer *b, const map_run *run) {
  const char *prefix =
    run->out_prefix.kind == SF_STRING ? sf_string_text(run->out_prefix) : "";
  size_t len = strlen(prefix);

  while (len > 0 && prefix[len - 1] == '/')
    len--;
  sf_buffer_add(b, prefix, len);
  if (len > 0)
    sf_buffer_add_char(b, '/');
  sf_buffer_add_text(b, uuid_of(run));
  sf_buffer_add_char(b, '/');
}

static sf_value text_made(sf_execution *x, sf_buffer *b) {
  sf_value v = sf_buffer_string(b);

  if (v.kind == SF_ABSENT)
    x->broken = true;
  return v;
}

static sf_value manifest_key(sf_execution *x, const map_run *run) {
  sf_buffer b;

  sf_buffer_init(&b, x->mem);
  add_folder(&b, run);
  sf_buffer_add_text(&b, "manifest.json");
  return text_made(x, &b);
}

static bool is_jsonl(const sf_execution *x, const map_run *run) {
  return rules_of(x, run)->output_type == 2;
}

static sf_value file_key(sf_execution *x, const map_run *run, int which) {
  sf_buffer b;

  sf_buffer_init(&b, x->mem);
  add_folder(&b, run);
  sf_buffer_add_format(&b, "%s_%u.json%s", file_names[which],
                       (unsigned)run->files[which].number,
                       is_jsonl(x, run) ? "l" : "");
  return text_made(x, &b);
}

/* --- sending --- */

/* 'bytes' (consumed) go behind what the object has; its key is consumed too. */
static void send(sf_execution *x, map_run *run, sf_value key, sf_value bytes,
                 uint64_t offset, bool last) {
  if (key.kind == SF_ABSENT || bytes.kind == SF_ABSENT)
    x->broken = true;
  run->sent = bytes;
  run->sent_key = key;
  run->sent_offset = offset;
  run->sent_last = last;
  run->sent_told = false;
  sf_outbox_push(x, SF_EFFECT_WRITE, run->id, (sf_reason)0);
}

/* The records that wait, as they stand in the file. */
static sf_value join(sf_execution *x, const map_run *run, const out_file *file,
                     bool last) {
  bool lines = is_jsonl(x, run);
  size_t i,
    n = file->pending.kind == SF_ARRAY ? sf_array_count(file->pending) : 0;
  sf_buffer b;

  sf_buffer_init(&b, x->mem);
  if (!lines && file->size == 0)
    sf_buffer_add_char(&b, '[');
  for (i = 0; i < n; i++) {
    sf_value text = sf_array_at(file->pending, i);
    if (!lines && (i > 0 || file->size > 0))
      sf_buffer_add_char(&b, ',');
    sf_buffer_add(&b, sf_string_text(text), sf_string_length(text));
    if (lines)
      sf_buffer_add_char(&b, '\n');
  }
  if (!lines && last)
    sf_buffer_add_char(&b, ']');
  return text_made(x, &b);
}

/* The file is complete: the manifest will name it. */
static void list_file(sf_execution *x, map_run *run, int which, sf_value key) {
  out_file *file = &run->files[which];
  sf_value o = sf_object_new(x->mem, 2);

  if (file->listed.kind == SF_ABSENT)
    file->listed = sf_array_new(x->mem, 1);
  sf_map_run_put(x, &o, "Key", sf_retain(key));
  sf_map_run_put(x, &o, "Size", sf_integer((int64_t)file->size));
  if (sf_array_push(&file->listed, o) != SF_OK)
    x->broken = true;
  file->number++;
  file->size = 0;
}

static void flush(sf_execution *x, map_run *run, int which, bool last) {
  out_file *file = &run->files[which];
  sf_value key = file_key(x, run, which);
  sf_value bytes = join(x, run, file, last);
  uint64_t offset = file->size;

  if (x->broken) {
    sf_release(key);
    sf_release(bytes);
    return;
  }
  sf_assign(&file->pending, sf_absent());
  file->pending_bytes = 0;
  file->size += sf_string_length(bytes);
  if (last)
    list_file(x, run, which, key);
  send(x, run, key, bytes, offset, last);
}

static void send_manifest(sf_execution *x, map_run *run) {
  sf_value o = sf_object_new(x->mem, 3), files = sf_object_new(x->mem, 3);
  static const int order[] = {1, 2, 0}; /* FAILED, PENDING, SUCCEEDED */
  int i;

  for (i = 0; i < 3; i++) {
    sf_value listed =
      order[i] == 2 ? sf_absent() : sf_retain(run->files[order[i]].listed);
    if (listed.kind == SF_ABSENT)
      listed = sf_array_new(x->mem, 0);
    sf_map_run_put(x, &files, file_names[order[i]], listed);
  }
  sf_map_run_put(x, &o, "DestinationBucket", sf_retain(run->out_bucket));
  sf_map_run_put(x, &o, "MapRunArn", sf_retain(run->arn));
  sf_map_run_put(x, &o, "ResultFiles", files);
  if (!x->broken)
    send(x, run, manifest_key(x, run), sf_json_text(x->mem, o), 0, true);
  run->has_manifest = true;
  sf_release(o);
}

static bool has_open_file(const out_file *file) {
  return file->size > 0 || file->pending.kind == SF_ARRAY;
}

/* Send what is to be sent next, when nothing is under way.  The end of a file
** comes when it is large, or when there will be no more records. */
static void send_next(sf_execution *x, map_run *run) {
  int i;

  if (run->sent.kind != SF_ABSENT || x->broken)
    return;
  for (i = 0; i < OUT_FILES; i++) {
    out_file *file = &run->files[i];
    bool last = run->closing || file->size > FILE_BYTES;
    if (run->closing ? has_open_file(file)
                     : file->pending_bytes >= WRITE_BYTES) {
      flush(x, run, i, last);
      return;
    }
  }
  if (run->closing && !run->has_manifest)
    send_manifest(x, run);
}

bool sf_writer_is_full(const map_run *run) {
  return run->files[0].pending_bytes + run->files[1].pending_bytes >
         16 * WRITE_BYTES;
}

static void add(sf_execution *x, map_run *run, int which, sf_value record) {
  out_file *file = &run->files[which];
  sf_value text =
    record.kind == SF_ABSENT ? record : sf_json_text(x->mem, record);

  if (file->pending.kind == SF_ABSENT)
    file->pending = sf_array_new(x->mem, 8);
  file->pending_bytes += text.kind == SF_STRING ? sf_string_length(text) : 0;
  if (sf_array_push(&file->pending, text) != SF_OK)
    x->broken = true;
}

void sf_writer_add(sf_execution *x, map_run *run, bool succeeded,
                   sf_value record) {
  bool flat = rules_of(x, run)->transformation == SF_WRITE_FLATTEN;
  size_t i;

  if (succeeded && flat && record.kind == SF_ARRAY) {
    for (i = 0; i < sf_array_count(record); i++)
      add(x, run, 0, sf_array_at(record, i));
  } else {
    add(x, run, succeeded ? 0 : 1, record);
  }
  send_next(x, run);
}

bool sf_writer_close(sf_execution *x, map_run *run) {
  run->closing = true;
  send_next(x, run);
  return run->sent.kind == SF_ABSENT;
}

void sf_writer_retell(sf_execution *x, map_run *run) {
  if (run->sent.kind == SF_ABSENT || !run->sent_told)
    return;
  run->sent_told = false;
  sf_outbox_push(x, SF_EFFECT_WRITE, run->id, (sf_reason)0);
}

void sf_writer_clear(map_run *run) {
  sf_value *owned[] = {
    &run->out_bucket,       &run->out_prefix,       &run->sent,
    &run->sent_key,         &run->files[0].pending, &run->files[0].listed,
    &run->files[1].pending, &run->files[1].listed};
  size_t i;

  for (i = 0; i < sizeof owned / sizeof owned[0]; i++)
    sf_assign(owned[i], sf_absent());
}

/* {"MapRunArn": ..., "ResultWriterDetails": {"Bucket": ..., "Key": ...}} */
sf_value sf_writer_result(sf_execution *x, const map_run *run) {
  sf_value o = sf_object_new(x->mem, 2), details = sf_object_new(x->mem, 2);

  sf_map_run_put(x, &details, "Bucket", sf_retain(run->out_bucket));
  sf_map_run_put(x, &details, "Key", manifest_key(x, run));
  sf_map_run_put(x, &o, "MapRunArn", sf_retain(run->arn));
  sf_map_run_put(x, &o, "ResultWriterDetails", details);
  return o;
}

/* --- effect and events --- */

bool sf_writer_effect(sf_execution *x, uint32_t id, sf_effect *effect) {
  map_run *run = sf_map_run_find(x, id);

  if (run == NULL || run->sent.kind == SF_ABSENT || run->sent_told ||
      run->status != SF_RUNNING)
    return false;
  run->sent_told = true;
  effect->writer = id;
  effect->bucket = sf_retain(run->out_bucket);
  effect->key = sf_retain(run->sent_key);
  effect->bytes = sf_retain(run->sent);
  effect->offset = sf_integer((int64_t)run->sent_offset);
  effect->last = run->sent_last;
  return true;
}

sf_answer sf_writer_event(sf_execution *x, const sf_event *e) {
  map_run *run = sf_map_run_find(x, e->writer);
  failure fail;

  if (x->status != SF_RUNNING)
    return SF_EXECUTION_FINISHED;
  if (run == NULL || run->status != SF_RUNNING || run->sent.kind == SF_ABSENT ||
      !run->sent_told)
    return SF_NOT_EXPECTED;
  sf_assign(&run->sent, sf_absent());
  sf_assign(&run->sent_key, sf_absent());
  if (e->type == SF_EVENT_WRITE_FAILED) {
    fail_writer(x, &fail,
                e->cause.kind == SF_STRING
                  ? sf_string_text(e->cause)
                  : "The object could not be written.");
    sf_map_run_drop(x, run, &fail);
    return SF_ACCEPTED;
  }
  send_next(x, run);
  sf_map_run_wake(x, run);
  return SF_ACCEPTED;
}
