/*
** reader_csv.c - CSV as AWS reads it: every value is a text; double quotes
** enclose, two of them are one; a backslash takes the meaning from a backslash,
** a quote or a delimiter behind it and vanishes; short rows are filled up with
** empty texts, long ones cut.
*/
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "run/reader.h"

/* Where in a row.  */
enum { FIELD_START, PLAIN, QUOTED, QUOTE_SEEN };

void sf_csv_parser_init(parser *p, const sf_alloc *mem, char delimiter,
                        sf_value headers) {
  memset(p, 0, sizeof *p);
  p->mem = mem;
  p->type = SF_INPUT_CSV;
  p->u.csv.delimiter = delimiter;
  p->u.csv.headers = sf_retain(headers);
}

/* The state behind character 'c'. */
static int step(const csv_parser *csv, int state, char c) {
  if (state == QUOTED)
    return c == '"' ? QUOTE_SEEN : QUOTED;
  if (state == QUOTE_SEEN && c == '"')
    return QUOTED;
  if (c == csv->delimiter)
    return FIELD_START;
  return state == FIELD_START && c == '"' ? QUOTED : PLAIN;
}

static bool is_row_end(int state, char c) {
  return state != QUOTED && (c == '\n' || c == '\r');
}

static bool is_escapable(const csv_parser *csv, char c) {
  return c == '\\' || c == '"' || c == csv->delimiter;
}

/* Length of the row at the front, without its end; false: it is not complete. */
static bool find_row(csv_parser *csv, stream *in, size_t *len) {
  const char *bytes = in->bytes + in->at;
  size_t left = in->length - in->at;

  for (; in->scanned < left; in->scanned++) {
    char c = bytes[in->scanned];
    bool escaped = csv->escaped;
    csv->escaped = false;
    if (escaped && is_escapable(csv, c))
      continue;
    if (c == '\\' && csv->state != QUOTE_SEEN) {
      csv->escaped = true;
      csv->state = csv->state == QUOTED ? QUOTED : PLAIN;
    } else if (is_row_end(csv->state, c)) {
      *len = in->scanned;
      return true;
    } else {
      csv->state = step(csv, csv->state, c);
    }
  }
  *len = in->scanned;
  return in->ended;
}

static sf_status add_field(sf_value *row, sf_buffer *b, sf_error *err) {
  sf_value text;

  if (!b->failed && sf_utf8_check(b->bytes, b->length) != b->length)
    return sf_error_set(err, SF_ERR_SYNTAX, "A row is not valid UTF-8.");
  text = sf_buffer_string(b);
  return sf_error_of(err, sf_array_push(row, text));
}

/* The fields of a row as an array of texts. */
static sf_status split(parser *p, const char *row, size_t len, sf_value *out,
                       sf_error *err) {
  const csv_parser *csv = &p->u.csv;
  sf_status st = SF_OK;
  sf_buffer b;
  int state = FIELD_START;
  size_t i;

  *out = sf_array_new(p->mem, 0);
  sf_buffer_init(&b, p->mem);
  for (i = 0; i < len && st == SF_OK; i++) {
    char c = row[i];
    int next;
    if (c == '\\' && state != QUOTE_SEEN) {
      state = state == QUOTED ? QUOTED : PLAIN;
      if (i + 1 < len && is_escapable(csv, row[i + 1]))
        sf_buffer_add_char(&b, row[++i]);
      continue;
    }
    next = step(csv, state, c);
    if (next == FIELD_START)
      st = add_field(out, &b, err);
    else if (next != QUOTE_SEEN && !(state == FIELD_START && next == QUOTED))
      sf_buffer_add_char(&b, c);
    state = next;
  }
  if (st == SF_OK)
    st = add_field(out, &b, err);
  sf_buffer_clear(&b);
  return st;
}

static sf_status check_headers(sf_value headers, sf_error *err) {
  size_t i, j;

  for (i = 0; i < sf_array_count(headers); i++)
    for (j = 0; j < i; j++)
      if (sf_equal(sf_array_at(headers, i), sf_array_at(headers, j)))
        return sf_error_set(err, SF_ERR_SYNTAX,
                            "CSV headers cannot contain duplicates.");
  return SF_OK;
}

/* A row under its headers. */
static sf_status make_item(parser *p, sf_value row, found_item *out,
                           sf_error *err) {
  sf_value headers = p->u.csv.headers;
  size_t i, n = sf_array_count(headers);
  sf_status st = SF_OK;

  out->value = sf_object_new(p->mem, n);
  for (i = 0; i < n && st == SF_OK; i++) {
    sf_value v = i < sf_array_count(row) ? sf_retain(sf_array_at(row, i))
                                         : sf_string_new(p->mem, "", 0);
    st = sf_error_of(
      err, sf_object_set(&out->value, sf_retain(sf_array_at(headers, i)), v));
  }
  if (st != SF_OK)
    sf_assign(&out->value, sf_absent());
  return st;
}

/* Take the row and what ends it off the stream. */
static void take_row(csv_parser *csv, stream *in, size_t len) {
  size_t end = len;
  size_t left = in->length - in->at;

  if (end < left)
    end += in->bytes[in->at + end] == '\r' && end + 1 < left &&
               in->bytes[in->at + end + 1] == '\n'
             ? 2
             : 1;
  sf_stream_take(in, end);
  csv->state = FIELD_START;
  csv->escaped = false;
}

/* An item, or the headers; PARSE_MORE: neither, go on. */
static parse use_row(parser *p, const char *row, size_t len, found_item *out,
                     sf_error *err) {
  csv_parser *csv = &p->u.csv;
  sf_value fields;
  sf_status st = split(p, row, len, &fields, err);
  bool is_header = csv->headers.kind == SF_ABSENT;

  if (st == SF_OK && is_header)
    st = check_headers(fields, err);
  if (st == SF_OK && is_header)
    csv->headers = sf_retain(fields);
  else if (st == SF_OK)
    st = make_item(p, fields, out, err);
  sf_release(fields);
  if (st != SF_OK)
    return PARSE_FAILED;
  return is_header ? PARSE_MORE : PARSE_ITEM;
}

parse sf_csv_parser_next(parser *p, stream *in, found_item *out,
                         sf_error *err) {
  csv_parser *csv = &p->u.csv;
  size_t len;
  parse got;

  if (!csv->is_checked && csv->headers.kind == SF_ARRAY &&
      check_headers(csv->headers, err) != SF_OK)
    return PARSE_FAILED;
  csv->is_checked = true;
  while (find_row(csv, in, &len)) {
    if (in->at == in->length)
      return PARSE_END;
    got = len == 0 ? PARSE_MORE : use_row(p, in->bytes + in->at, len, out, err);
    take_row(csv, in, len);
    if (got != PARSE_MORE)
      return got;
  }
  return sf_parse_more(in, err);
}
