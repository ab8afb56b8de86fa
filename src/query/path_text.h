/*
** path_text.h - paths written out: normalized paths (RFC 9535 section 2.7) of
** nodes, and the bracket notation in which Jayway's messages name a query.
*/
#ifndef SF_QUERY_PATH_TEXT_H
#define SF_QUERY_PATH_TEXT_H

#include "base/buffer.h"
#include "query/path_program.h"

/* Append one step of a normalized path: ['name'] for a string, [3] for an
** integer. */
void sf_place_write(sf_buffer *b, sf_value key);

/* Append the query at 'node' up to 'last' (included; NULL: all of it). */
void sf_query_write(sf_buffer *b, const sf_path *path, const sf_node *query,
                    const sf_step *last);

#endif
