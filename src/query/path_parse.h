/*
** path_parse.h - text to program: what the two syntaxes (path_parse_rfc.c,
** path_parse_aws.c) share.  A parser appends to the program of a draft, whose
** arrays grow; whatever fails, it is freed as a whole.
*/
#ifndef SF_QUERY_PATH_PARSE_H
#define SF_QUERY_PATH_PARSE_H

#include "query/path_lex.h"
#include "query/path_program.h"

/* Capacities of the draft's arrays. */
typedef struct sf_path_room {
  size_t steps, nodes, values, regexes;
} sf_path_room;

typedef struct sf_parser {
  sf_path *path; /* the draft; borrowed, like its room */
  sf_path_room *room;
  const sf_rules *rules;
  sf_cursor c;
  size_t shift;   /* offset of c.text[0] in the path's own text */
  unsigned depth; /* nesting so far, at most SF_PATH_DEPTH_MAX */
  bool inside;    /* in a filter or an argument */
  sf_error *err;
} sf_parser;

/* The steps of one query while it is read. */
typedef struct sf_chain {
  uint32_t first, last;
  bool definite; /* so far */
  bool singular;
} sf_chain;

/* Fail at the cursor. */
sf_status sf_parse_fault(sf_parser *p, const char *what);

/* One level deeper; sf_parse_leave takes it back. */
sf_status sf_parse_enter(sf_parser *p);
void sf_parse_leave(sf_parser *p);

/* Note that the guide calls something unsupported (static text). */
void sf_parse_doubt(sf_parser *p, const char *what);

/* Append to the program.  *out is the position. */
sf_status sf_add_step(sf_parser *p, sf_step_kind kind, uint32_t *out);
sf_status sf_add_node(sf_parser *p, sf_node_kind kind, uint32_t *out);
sf_status sf_add_value(sf_parser *p, sf_value v, uint32_t *out);  /* consumes */
sf_status sf_add_regex(sf_parser *p, sf_regex *r, uint32_t *out); /* same */

/* true, false or null; SF_ABSENT for another word. */
sf_value sf_word_value(const char *text, size_t len);

/* A literal as a node.  Consumes 'v'. */
sf_status sf_add_literal(sf_parser *p, sf_value v, uint32_t *out);

/* Put a step (which lies in the program) at the end of the chain. */
void sf_chain_add(sf_parser *p, sf_chain *chain, uint32_t step);

/* Put the selectors of a bracket, siblings from 'first' to 'last', at the end of
** the chain: one alone, or a union of them. */
sf_status sf_chain_bracket(sf_parser *p, sf_chain *chain, uint32_t first,
                           uint32_t last);

/* Append a new step to the chain; *out (may be NULL) is borrowed until the
** next step is made. */
sf_status sf_chain_step(sf_parser *p, sf_chain *chain, sf_step_kind kind,
                        sf_step **out);

/* A query that begins at the cursor with '$' or '@', as a NODE_QUERY. */
sf_status sf_parse_query(sf_parser *p, uint32_t *out);

/* The string literal that begins at the cursor with a quote. */
sf_status sf_parse_string(sf_parser *p, sf_value *out);

/* A filter's logical expression, with parentheses, "!", "&&" and "||". */
sf_status sf_parse_logical(sf_parser *p, uint32_t *out);

/* The operator of the dialect at the cursor, NULL when there is none. */
const struct sf_operator *sf_parse_operator(sf_parser *p);

/* The two syntaxes (dialect.c). */
sf_status sf_rfc_segments(sf_parser *p, sf_chain *chain);
sf_status sf_rfc_relation(sf_parser *p, bool negated, uint32_t *out);
sf_status sf_aws_segments(sf_parser *p, sf_chain *chain);
sf_status sf_aws_relation(sf_parser *p, bool negated, uint32_t *out);

/* AWS: the call of the function 'name', the cursor on its '('. */
sf_status sf_aws_call(sf_parser *p, sf_chain *chain, const char *name,
                      size_t len);

#endif
