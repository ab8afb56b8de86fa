/*
** maprun_reader.c - ItemReader: which objects are read, one after the other, and
** what the host is asked for.  Objects come from the Parameters, from a list of
** a bucket, or from a manifest; the items of each are found by a parser.
*/
#include <string.h>

#include "base/json.h"
#include "run/maprun.h"
#include "run/reader.h"

#define READ_BYTES 65536 /* asked for at once */

typedef enum reader_stage {
  READ_LIST, /* pages of a list; its entries are items, or objects to read */
  READ_MANIFEST, /* an object that names objects */
  READ_OBJECT,   /* an object that has items */
  READ_DONE
} reader_stage;

typedef struct s3_object {
  sf_value bucket, key; /* texts */
  sf_value etag;        /* as the first read said; SF_ABSENT: none yet */
} s3_object;

struct map_reader {
  const sf_item_reader *rules;
  reader_stage stage;
  bool asked;       /* a `read` effect is under way */
  bool opened;      /* the host was asked for this object, and has more of it */
  s3_object at;     /* what is read now */
  uint64_t to_skip; /* items that were taken before */
  sf_value cursor;
  sf_value path;   /* that of ItemsPointer, as an array; SF_ABSENT: none */
  sf_value source; /* text: $$.Map.Item.Source */
  stream in;
  parser parse;

  sf_value page; /* entries of a list, or names of objects; array */
  size_t next;   /* of them */
  bool last_page;
  sf_value list_cursor;
  bool flat;        /* the entries are objects to read */
  sf_value headers; /* of an inventory's files; SF_ABSENT: as the rules say */
};

static const char delimiters[] = ",,|; \t"; /* ORDER of CSVDelimiter, from 0 */

/* --- failing --- */

supply sf_reader_fail(sf_execution *x, failure *fail, const char *cause) {
  sf_fail_named(x, fail, "States.ItemReaderFailed",
                sf_string_from(x->mem, cause), REACH_ALL);
  return SUPPLY_FAILED;
}

supply sf_reader_fail_parse(sf_execution *x, const sf_error *err,
                            failure *fail) {
  if (err->status == SF_ERR_NOMEM)
    x->broken = true;
  return sf_reader_fail(x, fail, err->message);
}

/* --- the beginning --- */

/* "/a/b~1c" as ["a", "b/c"]; SF_ABSENT when there is no pointer. */
static sf_value split_pointer(sf_execution *x, sf_value pointer) {
  const char *text, *end;
  sf_value path;
  sf_buffer b;

  if (pointer.kind != SF_STRING || sf_string_length(pointer) == 0)
    return sf_absent();
  path = sf_array_new(x->mem, 4);
  text = sf_string_text(pointer);
  while (*text == '/') {
    text++;
    end = text + strcspn(text, "/");
    sf_buffer_init(&b, x->mem);
    for (; text < end; text++) {
      bool escaped = *text == '~' && (text[1] == '0' || text[1] == '1');
      sf_buffer_add_char(&b, escaped ? (*++text == '0' ? '~' : '/') : *text);
    }
    if (sf_array_push(&path, sf_buffer_string(&b)) != SF_OK)
      x->broken = true;
  }
  return path;
}

static bool is_list(const sf_item_reader *rules) {
  return strstr(sf_string_text(rules->resource), "listObjectsV2") != NULL;
}

bool sf_reader_prepare(sight *s, map_run *run, const sf_item_reader *rules,
                       sf_value input, failure *fail) {
  sf_value parameters = {{0}, SF_ABSENT};

  if (!sf_road_template(s, rules->parameters, input, SF_STAGE_AFTER_PARAMETERS,
                        &parameters, fail))
    return false;
  run->bucket = sf_map_run_text(parameters, "Bucket");
  run->key = sf_map_run_text(parameters, "Key");
  run->prefix = sf_map_run_text(parameters, "Prefix");
  sf_release(parameters);
  return true;
}

void sf_reader_free(sf_execution *x, map_reader *r) {
  sf_value *owned[] = {&r->at.bucket, &r->at.key,  &r->at.etag,
                       &r->cursor,    &r->path,    &r->source,
                       &r->page,      &r->headers, &r->list_cursor};
  size_t i;

  for (i = 0; i < sizeof owned / sizeof owned[0]; i++)
    sf_release(*owned[i]);
  sf_parser_clear(&r->parse);
  sf_stream_clear(&r->in);
  sf_alloc_free(x->mem, r, sizeof *r);
}

/* --- objects --- */

static void set_source(sf_execution *x, map_reader *r) {
  bool list = r->stage == READ_LIST;

  sf_assign(&r->source,
            sf_string_format(x->mem, "s3://%s%s%s",
                             sf_string_text(r->at.bucket), list ? "" : "/",
                             list ? "" : sf_string_text(r->at.key)));
  if (r->source.kind == SF_ABSENT)
    x->broken = true;
}

static sf_value csv_headers(const map_reader *r) {
  if (r->headers.kind == SF_ARRAY)
    return r->headers;
  return r->rules->header_location == 2 ? r->rules->headers : sf_absent();
}

static void init_parser(sf_execution *x, map_reader *r) {
  sf_parser_clear(&r->parse);
  switch (r->rules->input_type) {
    case SF_INPUT_JSON: sf_json_parser_init(&r->parse, x->mem, r->path); break;
    case SF_INPUT_JSONL: sf_jsonl_parser_init(&r->parse, x->mem); break;
    default:
      sf_csv_parser_init(&r->parse, x->mem, delimiters[r->rules->delimiter],
                         csv_headers(r));
      break;
  }
}

/* The object in r->at is read from its beginning. */
static void open_object(sf_execution *x, map_reader *r, reader_stage stage) {
  r->stage = stage;
  sf_stream_clear(&r->in);
  sf_assign(&r->cursor, sf_absent());
  sf_assign(&r->at.etag, sf_absent());
  set_source(x, r);
  if (stage == READ_OBJECT)
    init_parser(x, r);
}

static bool is_manifest(const sf_item_reader *rules) {
  return rules->input_type == SF_INPUT_MANIFEST || rules->manifest_type != 0;
}

bool sf_reader_is_sound(const sf_execution *x, const map_run *run) {
  return run->bucket.kind == SF_STRING && run->max_items >= 0 &&
         (run->key.kind == SF_STRING || is_list(sf_map_run_rules(x, run)));
}

supply sf_reader_check(sf_execution *x, map_run *run, failure *fail) {
  bool list = is_list(sf_map_run_rules(x, run));

  if (sf_map_run_rules(x, run)->input_type == SF_INPUT_PARQUET)
    return sf_reader_fail(
      x, fail,
      "Parquet files are not read by stepfn, only CSV, JSON "
      "and JSON Lines.");
  if (run->has_max_items && run->max_items < 0)
    return sf_reader_fail(x, fail, "field MaxItems must be positive");
  if (run->bucket.kind != SF_STRING || (!list && run->key.kind != SF_STRING))
    return sf_reader_fail(x, fail,
                          list
                            ? "The Parameters have no text for Bucket."
                            : "The Parameters have no text for Bucket or Key.");
  return SUPPLY_READY;
}

/* The reader of the Map Run, made when an item is wanted; what was taken before
** (by an execution that this one goes on from) is passed over. */
static map_reader *reader_of(sf_execution *x, map_run *run) {
  map_reader *r = run->reader;

  if (r != NULL)
    return r;
  r = run->reader = sf_alloc_zero(x->mem, sizeof *r);
  if (r == NULL) {
    x->broken = true;
    return NULL;
  }
  r->rules = sf_map_run_rules(x, run);
  r->to_skip = run->taken;
  sf_stream_init(&r->in, x->mem);
  r->at.bucket = sf_retain(run->bucket);
  r->at.key = sf_retain(run->key);
  r->path = split_pointer(x, r->rules->pointer);
  r->flat = r->rules->transformation == SF_READ_LOAD_AND_FLATTEN;
  if (is_list(r->rules))
    set_source(x, r);
  else
    open_object(x, r, is_manifest(r->rules) ? READ_MANIFEST : READ_OBJECT);
  return r;
}

/* --- asking --- */

static supply ask(sf_execution *x, map_run *run) {
  run->waiting = true;
  run->reader->asked = true;
  sf_outbox_push(x, SF_EFFECT_READ, run->id, (sf_reason)0);
  return SUPPLY_WAIT;
}

bool sf_reader_effect(sf_execution *x, uint32_t id, sf_effect *effect) {
  map_run *run = sf_map_run_find(x, id);
  map_reader *r = run == NULL ? NULL : run->reader;
  bool list;

  if (r == NULL || !r->asked)
    return false;
  list = r->stage == READ_LIST;
  r->opened = true;
  effect->reader = id;
  effect->operation =
    sf_string_from(x->mem, list ? "listObjectsV2" : "getObject");
  effect->bucket = sf_retain(r->at.bucket);
  effect->key = list ? sf_absent() : sf_retain(r->at.key);
  effect->prefix = list ? sf_retain(run->prefix) : sf_absent();
  effect->cursor = sf_retain(list ? r->list_cursor : r->cursor);
  effect->max_bytes = READ_BYTES;
  return true;
}

void sf_reader_close(sf_execution *x, map_run *run) {
  map_reader *r = run->reader;

  if (r == NULL)
    return;
  if (r->opened)
    sf_outbox_push(x, SF_EFFECT_READ_CLOSE, run->id, (sf_reason)0);
  sf_reader_free(x, r);
  run->reader = NULL;
}

/* --- what comes --- */

/* A page of a list. */
static bool take_page(map_reader *r, const sf_event *e) {
  if (e->items.kind != SF_ARRAY)
    return false;
  sf_assign(&r->page, sf_retain(e->items));
  sf_assign(&r->list_cursor, sf_retain(e->cursor));
  r->next = 0;
  r->last_page = e->end;
  return true;
}

/* A new object: when it is read again after a resume, it must be what it was. */
static bool same_as_before(map_run *run, const map_reader *r) {
  bool list = r->stage == READ_MANIFEST;
  sf_value *known = list ? &run->manifest_etag : &run->read_etag;
  bool again = r->to_skip > 0 && known->kind == SF_STRING &&
               (list || sf_equal(run->read_key, r->at.key));

  if (again)
    return sf_equal(*known, r->at.etag);
  if (r->to_skip > 0)
    return true; /* one that was read before the last one */
  sf_assign(known, sf_retain(r->at.etag));
  if (!list)
    sf_assign(&run->read_key, sf_retain(r->at.key));
  return true;
}

static bool same_object(map_run *run, const sf_event *e) {
  map_reader *r = run->reader;

  if (e->etag.kind != SF_STRING)
    return true;
  if (r->at.etag.kind == SF_STRING)
    return sf_equal(r->at.etag, e->etag);
  r->at.etag = sf_retain(e->etag);
  return same_as_before(run, r);
}

static void fail_run(sf_execution *x, map_run *run, const char *cause) {
  failure fail;

  sf_reader_fail(x, &fail, cause);
  sf_map_run_fail(x, run, &fail);
}

static sf_answer take_read(sf_execution *x, map_run *run, const sf_event *e) {
  map_reader *r = run->reader;

  if (r->stage == READ_LIST && !take_page(r, e))
    return SF_INVALID_OUTPUT;
  run->waiting = r->asked = false;
  r->opened = !e->end;
  if (r->stage != READ_LIST) {
    if (!same_object(run, e)) {
      fail_run(x, run, "The object has changed while it was read.");
      return SF_ACCEPTED;
    }
    if (!sf_stream_feed(&r->in, e->bytes.text, e->bytes.length))
      x->broken = true;
    r->in.ended = e->end;
    sf_assign(&r->cursor, sf_retain(e->cursor));
  }
  sf_map_run_wake(x, run);
  return SF_ACCEPTED;
}

sf_answer sf_reader_event(sf_execution *x, const sf_event *e) {
  map_run *run = sf_map_run_find(x, e->reader);

  if (x->status != SF_RUNNING)
    return SF_EXECUTION_FINISHED;
  if (run == NULL || run->reader == NULL || !run->reader->asked)
    return SF_NOT_EXPECTED;
  if (e->type == SF_EVENT_READ)
    return take_read(x, run, e);
  run->reader->opened = false;
  fail_run(x, run,
           e->cause.kind == SF_STRING ? sf_string_text(e->cause)
                                      : "The object could not be read.");
  return SF_ACCEPTED;
}

/* --- items --- */

static supply read_manifest(sf_execution *x, map_run *run, failure *fail) {
  map_reader *r = run->reader;

  if (!r->in.ended) {
    if (r->in.length - r->in.at > READER_ITEM_BYTES_MAX)
      return sf_reader_fail(x, fail, "The manifest is too large.");
    return ask(x, run);
  }
  r->flat = r->last_page = true;
  r->next = 0;
  r->stage = READ_LIST;
  return sf_manifest_read(x, r->rules->manifest_type, r->in.bytes + r->in.at,
                          r->in.length - r->in.at, &r->page, &r->headers, fail);
}

/* A name in either spelling, of an entry of a list or a manifest. */
static sf_value member(sf_value entry, const char *upper, const char *lower) {
  sf_value v = sf_map_run_text(entry, upper);

  return v.kind == SF_STRING ? v : sf_map_run_text(entry, lower);
}

/* Go to the object that the entry names.  false: it names none. */
static bool follow(sf_execution *x, map_reader *r, sf_value entry) {
  sf_value bucket = member(entry, "Bucket", "bucket");
  sf_value key = member(entry, "Key", "key");

  if (key.kind != SF_STRING) {
    sf_release(bucket);
    return false;
  }
  if (bucket.kind == SF_STRING)
    sf_assign(&r->at.bucket, bucket);
  sf_assign(&r->at.key, key);
  open_object(x, r, READ_OBJECT);
  return true;
}

static bool is_folder(sf_value entry) {
  sf_value key = sf_object_get(entry, "Key", 3);
  size_t len = key.kind == SF_STRING ? sf_string_length(key) : 0;

  return len > 0 && sf_string_text(key)[len - 1] == '/';
}

/* The next entry of the list: an item itself, or an object to read. */
static supply read_list(sf_execution *x, map_run *run, found_item *out,
                        failure *fail) {
  map_reader *r = run->reader;
  sf_value entry;

  while (r->page.kind == SF_ARRAY && r->next < sf_array_count(r->page)) {
    entry = sf_array_at(r->page, r->next++);
    if (!r->flat) {
      out->value = sf_retain(entry);
      return SUPPLY_READY;
    }
    if (entry.kind == SF_OBJECT && is_folder(entry))
      continue;
    if (!follow(x, r, entry))
      return sf_reader_fail(x, fail, "An entry of the list names no object.");
    return SUPPLY_WAIT; /* nothing yet, but go on */
  }
  if (r->last_page)
    r->stage = READ_DONE;
  else
    ask(x, run);
  return SUPPLY_WAIT;
}

static supply read_object(sf_execution *x, map_run *run, found_item *out,
                          failure *fail) {
  map_reader *r = run->reader;
  sf_error err;

  switch (sf_parser_next(&r->parse, &r->in, out, &err)) {
    case PARSE_ITEM: return SUPPLY_READY;
    case PARSE_MORE: return ask(x, run);
    case PARSE_FAILED: return sf_reader_fail_parse(x, &err, fail);
    case PARSE_END: break;
  }
  if (r->opened) { /* what is behind the items is not wanted */
    sf_outbox_push(x, SF_EFFECT_READ_CLOSE, run->id, (sf_reason)0);
    r->opened = false;
  }
  r->stage = r->flat ? READ_LIST : READ_DONE;
  return SUPPLY_WAIT;
}

/* The next item, or SUPPLY_WAIT for another try when none was asked for. */
static supply step(sf_execution *x, map_run *run, found_item *out,
                   failure *fail) {
  supply got;

  switch (run->reader->stage) {
    case READ_LIST: return read_list(x, run, out, fail);
    case READ_OBJECT: return read_object(x, run, out, fail);
    case READ_MANIFEST:
      got = read_manifest(x, run, fail);
      return got == SUPPLY_READY ? SUPPLY_WAIT : got; /* the list comes next */
    default: return SUPPLY_END;
  }
}

static void drop(found_item *it) {
  sf_assign(&it->value, sf_absent());
  sf_assign(&it->key, sf_absent());
}

supply sf_reader_next(sf_execution *x, map_run *run, found_item *out,
                      failure *fail) {
  map_reader *r = reader_of(x, run);
  supply got = SUPPLY_WAIT;

  if (run->max_items > 0 && run->taken >= (uint64_t)run->max_items)
    return SUPPLY_END;
  while (got == SUPPLY_WAIT && !run->waiting && !x->broken) {
    got = step(x, run, out, fail);
    if (got == SUPPLY_READY && r->to_skip > 0) {
      r->to_skip--;
      drop(out);
      got = SUPPLY_WAIT;
    }
  }
  if (got == SUPPLY_READY)
    run->taken++;
  return got;
}

void sf_reader_take_back(map_run *run) {
  sf_assign(&run->found.value, sf_absent());
  sf_assign(&run->found.key, sf_absent());
  run->taken--;
}

sf_value sf_reader_source(const map_run *run) {
  return run->reader->source;
}
