/*
** reader.h - items out of bytes that come in pieces: CSV, a JSON array, JSON
** Lines.  Private to src/run.
**
** A stream holds what has come and has not been read: at most one item and one
** piece, however long the object is.  A parser takes one item after the other
** from its front, and says when it needs more.
*/
#ifndef SF_RUN_READER_H
#define SF_RUN_READER_H

#include "asl/machine.h"

#define READER_ITEM_BYTES_MAX (8u * 1024 * 1024)

typedef struct stream {
  const sf_alloc *mem;
  char *bytes;                 /* owned */
  size_t at, length, capacity; /* [at, length) is not read yet */
  size_t scanned;              /* bytes from 'at' that a parser has looked at */
  bool begun;                  /* the first bytes have been looked at */
  bool ended;                  /* no more will come */
} stream;

void sf_stream_init(stream *in, const sf_alloc *mem);
void sf_stream_clear(stream *in);
/* Append; false: no memory. */
bool sf_stream_feed(stream *in, const char *bytes, size_t len);
/* The next 'len' bytes have been read. */
void sf_stream_take(stream *in, size_t len);

typedef enum parse {
  PARSE_ITEM,
  PARSE_MORE, /* feed the stream, then ask again */
  PARSE_END,
  PARSE_FAILED /* err says why; SF_ERR_NOMEM: no memory */
} parse;

/* An item as it was found. */
typedef struct found_item {
  sf_value value; /* owned */
  sf_value key;   /* of a member of an object; SF_ABSENT: an element.  Owned */
} found_item;

/* Where a JSON parser is. */
typedef enum json_phase {
  JSON_VALUE,   /* before a value on the way to the items */
  JSON_KEY,     /* before a key on the way */
  JSON_INDEX,   /* before an element on the way */
  JSON_COLON,   /* behind a key on the way */
  JSON_SKIP,    /* in a value that is not on the way */
  JSON_FIRST,   /* before the first element or member */
  JSON_ELEMENT, /* before one; with members its key comes first */
  JSON_MEMBER,  /* between key and value */
  JSON_BODY,    /* before or in the item's value */
  JSON_AFTER,   /* behind an item */
  JSON_DONE
} json_phase;

typedef struct json_parser {
  sf_value path; /* array of texts: the way to the items; borrowed */
  bool has_path; /* the items may be the members of an object then */
  json_phase phase, after_skip;
  size_t step;    /* of the way */
  size_t element; /* index in the array on the way */
  bool found;     /* the key on the way is the right one */
  bool members;   /* the items are members */
  sf_value key;   /* of the member at hand; owned */
  /* in a value: */
  unsigned depth;
  bool in_string, escaped, started;
} json_parser;

typedef struct csv_parser {
  char delimiter;
  bool is_checked;  /* given headers have been looked at */
  sf_value headers; /* array of texts; owned; SF_ABSENT: not read yet */
  int state;        /* of the scan for the row's end */
  bool escaped;
} csv_parser;

typedef struct parser {
  const sf_alloc *mem;
  sf_input_type type; /* CSV, JSON, JSONL */
  union {
    json_parser json;
    csv_parser csv;
  } u;
} parser;

/* 'path' (array of texts, or SF_ABSENT) is that of ItemsPointer; borrowed. */
void sf_json_parser_init(parser *p, const sf_alloc *mem, sf_value path);
parse sf_json_parser_next(parser *p, stream *in, found_item *out,
                          sf_error *err);

/* 'headers' (array of texts) is borrowed; SF_ABSENT: the first row has them. */
void sf_csv_parser_init(parser *p, const sf_alloc *mem, char delimiter,
                        sf_value headers);
parse sf_csv_parser_next(parser *p, stream *in, found_item *out, sf_error *err);

void sf_jsonl_parser_init(parser *p, const sf_alloc *mem);
parse sf_jsonl_parser_next(stream *in, found_item *out, sf_error *err);

/* Whatever its type. */
parse sf_parser_next(parser *p, stream *in, found_item *out, sf_error *err);
void sf_parser_clear(parser *p);

/* For parsers: an item has to fit. */
parse sf_parse_more(const stream *in, sf_error *err);
/* The JSON value of text[0..len). */
parse sf_parse_json(const sf_alloc *mem, const char *text, size_t len,
                    found_item *out, sf_error *err);

#endif
