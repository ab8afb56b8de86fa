/*
** reader_jsonl.c - JSON Lines: one value a line; empty lines are no items.
*/
#include <string.h>

#include "run/reader.h"

void sf_jsonl_parser_init(parser *p, const sf_alloc *mem) {
  memset(p, 0, sizeof *p);
  p->mem = mem;
  p->type = SF_INPUT_JSONL;
}

/* Length of the line at the front, without its end; false: there is none yet. */
static bool find_line(stream *in, size_t *len) {
  const char *from = in->bytes + in->at + in->scanned;
  size_t left = in->length - in->at - in->scanned;
  const char *end = left == 0 ? NULL : memchr(from, '\n', left);

  if (end == NULL) {
    in->scanned += left;
    *len = in->scanned;
    return in->ended;
  }
  *len = (size_t)(end - in->bytes) - in->at;
  return true;
}

static bool is_blank(const char *line, size_t len) {
  while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t' ||
                     line[len - 1] == '\r'))
    len--;
  return len == 0;
}

/* The line and its end have been read. */
static void take_line(stream *in, size_t len) {
  sf_stream_take(in, len + (in->at + len < in->length));
}

parse sf_jsonl_parser_next(stream *in, found_item *out, sf_error *err) {
  const char *line;
  size_t len;
  parse got;

  while (find_line(in, &len)) {
    line = in->bytes + in->at;
    if (in->at == in->length)
      return PARSE_END;
    if (!is_blank(line, len)) {
      got = sf_parse_json(in->mem, line, len, out, err);
      take_line(in, len);
      return got;
    }
    take_line(in, len);
  }
  return sf_parse_more(in, err);
}
