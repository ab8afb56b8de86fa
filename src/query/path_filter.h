/*
** path_filter.h - the filters of both dialects: does an element pass?
*/
#ifndef SF_QUERY_PATH_FILTER_H
#define SF_QUERY_PATH_FILTER_H

#include "query/path_eval.h"

/* Does the filter at 'node' take 'item'? */
sf_outcome sf_filter_test(sf_eval *e, uint32_t node, sf_value item, bool *yes);

#endif
