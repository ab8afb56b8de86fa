/*
** path_operand.h - the two sides of a comparison, and how values compare where
** the dialects differ.
*/
#ifndef SF_QUERY_PATH_OPERAND_H
#define SF_QUERY_PATH_OPERAND_H

#include "query/path_eval.h"
#include "query/path_literal.h"

/* What the node (a literal, regex, query or call) is for 'item'. */
sf_outcome sf_operand_eval(sf_eval *e, uint32_t node, sf_value item,
                           sf_operand *out);

/* Its elements, when it is an array or a list of nodes.  Borrowed until more is
** evaluated. */
bool sf_operand_items(const sf_eval *e, const sf_operand *o,
                      const sf_value **items, size_t *count);

/* Does 'a' equal 'b' as Jayway has it?  A number beside a text is compared as
** the left one is: "5" == 5, 1.0 == "1". */
bool sf_loose_equal(sf_value a, sf_value b);

/* The text of a number as Jayway has it, in 'out'.  Returns its length. */
size_t sf_number_java_text(sf_value number, char out[SF_NUMBER_TEXT_MAX]);

#endif
