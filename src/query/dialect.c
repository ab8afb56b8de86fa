/*
** dialect.c - the table of what differs between the dialects.
*/
#include "query/dialect.h"
#include "query/path_operator.h"
#include "query/path_parse.h"

static const sf_rules rfc9535 = {.dialect = SF_DIALECT_RFC9535,
                                 .blanks = " \t\n\r",
                                 .segments = sf_rfc_segments,
                                 .relation = sf_rfc_relation,
                                 .operators = sf_rfc_operators};

static const sf_rules aws = {.dialect = SF_DIALECT_AWS,
                             .blanks = " ",
                             .segments = sf_aws_segments,
                             .relation = sf_aws_relation,
                             .operators = sf_aws_operators,
                             .root_optional = true,
                             .not_anything = true,
                             .escapes_loose = true,
                             .missing_fails = true,
                             .filter_self = true,
                             .scan_picks = true,
                             .slice_wraps = true};

const sf_rules *sf_rules_of(sf_dialect dialect) {
  return dialect == SF_DIALECT_AWS ? &aws : &rfc9535;
}
