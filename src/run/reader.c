/*
** reader.c - the stream of bytes that parsers read from, and which parser it is.
*/
#include "run/reader.h"

#include <string.h>

#include "base/json.h"

void sf_stream_init(stream *in, const sf_alloc *mem) {
  memset(in, 0, sizeof *in);
  in->mem = mem;
}

void sf_stream_clear(stream *in) {
  sf_alloc_free(in->mem, in->bytes, in->capacity);
  sf_stream_init(in, in->mem);
}

bool sf_stream_feed(stream *in, const char *bytes, size_t len) {
  void *room = in->bytes;

  if (in->at > 0) {
    memmove(in->bytes, in->bytes + in->at, in->length - in->at);
    in->length -= in->at;
    in->at = 0;
  }
  /* one byte more: also nothing has a place */
  if (!sf_alloc_grow(in->mem, &room, &in->capacity, in->length + len + 1, 1))
    return false;
  in->bytes = room;
  if (len > 0)
    memcpy(in->bytes + in->length, bytes, len);
  in->length += len;
  return true;
}

void sf_stream_take(stream *in, size_t len) {
  in->at += len;
  in->scanned = 0;
}

parse sf_parse_more(const stream *in, sf_error *err) {
  if (in->length - in->at > READER_ITEM_BYTES_MAX) {
    sf_error_set(err, SF_ERR_LIMIT, "An item is larger than %u bytes.",
                 READER_ITEM_BYTES_MAX);
    return PARSE_FAILED;
  }
  return PARSE_MORE;
}

parse sf_parse_json(const sf_alloc *mem, const char *text, size_t len,
                    found_item *out, sf_error *err) {
  sf_error inner;

  if (sf_json_read(mem, text, len, &out->value, &inner) == SF_OK)
    return PARSE_ITEM;
  sf_error_set(err, inner.status, "An item is not valid JSON: %s",
               inner.message);
  return PARSE_FAILED;
}

/* Formats that are no text, by their first bytes. */
typedef struct magic {
  unsigned char length;
  const char *bytes, *message;
} magic;

static const magic magics[] = {
  {2, "\x1F\x8B", "compressed: the object store has to unpack it."},
  {4, "\x28\xB5\x2F\xFD", "compressed: the object store has to unpack it."},
  {4, "PAR1", "a Parquet file, which stepfn does not read."},
};

static parse look_for_magic(const unsigned char *first, size_t len,
                            sf_error *err) {
  size_t i;

  for (i = 0; i < sizeof magics / sizeof magics[0]; i++)
    if (len >= magics[i].length &&
        memcmp(first, magics[i].bytes, magics[i].length) == 0) {
      sf_error_set(err, SF_ERR_SYNTAX, "The object is %s", magics[i].message);
      return PARSE_FAILED;
    }
  return PARSE_ITEM;
}

/* Look at the first bytes: a byte order mark is not part of the text, and what
** is compressed can't be read. */
static parse look_at_start(stream *in, sf_error *err) {
  const unsigned char *first;
  size_t len = in->length - in->at;

  if (len < 4 && !in->ended)
    return PARSE_MORE;
  if (in->bytes == NULL && !sf_stream_feed(in, NULL, 0)) {
    sf_error_nomem(err);
    return PARSE_FAILED;
  }
  first = (const unsigned char *)in->bytes + in->at;
  in->begun = true;
  if (len >= 3 && memcmp(first, "\xEF\xBB\xBF", 3) == 0)
    sf_stream_take(in, 3);
  return look_for_magic(first, len, err);
}

parse sf_parser_next(parser *p, stream *in, found_item *out, sf_error *err) {
  parse start = in->begun ? PARSE_ITEM : look_at_start(in, err);

  if (start != PARSE_ITEM)
    return start;
  switch (p->type) {
    case SF_INPUT_CSV: return sf_csv_parser_next(p, in, out, err);
    case SF_INPUT_JSONL: return sf_jsonl_parser_next(in, out, err);
    default: return sf_json_parser_next(p, in, out, err);
  }
}

void sf_parser_clear(parser *p) {
  if (p->type == SF_INPUT_CSV)
    sf_assign(&p->u.csv.headers, sf_absent());
  else if (p->type == SF_INPUT_JSON)
    sf_assign(&p->u.json.key, sf_absent());
}
