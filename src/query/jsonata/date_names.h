/*
** date_names.h - the names of months and days.
*/
#ifndef SF_QUERY_JSONATA_DATE_NAMES_H
#define SF_QUERY_JSONATA_DATE_NAMES_H

/* The names of a component ('M', 'x', 'F') from its value 1 on; NULL for one
** that has none. */
const char *const *jn_date_names(char component, int *count);

#endif
