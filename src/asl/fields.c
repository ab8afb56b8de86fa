/*
** fields.c - the rows of the field table and how to find one.
*/
#include "asl/fields.h"

#include <string.h>

#include "asl/choice.h"
#include "asl/loader.h"

/* Sets of places. */
#define RETRYING  (SF_AT(TASK) | SF_AT(PARALLEL) | SF_AT(MAP))
#define FLOWING   (RETRYING | SF_AT(PASS) | SF_AT(WAIT))
#define STATES    (FLOWING | SF_AT(CHOICE) | SF_AT(SUCCEED) | SF_AT(FAIL))
#define WITH_DATA (FLOWING | SF_AT(CHOICE) | SF_AT(SUCCEED))
#define SCOPES    (SF_AT(MACHINE) | SF_AT(BRANCH) | SF_AT(PROCESSOR))
#define RULES     (SF_AT(RULE) | SF_AT(NESTED_RULE))

/* Languages. */
#define P  SF_ONLY_JSONPATH
#define Q  SF_ONLY_JSONATA
#define PQ SF_EITHER

#define IN(type, member) ((uint16_t)offsetof(sf_##type, member))
#define DAYS_366         31622400
#define ITEMS_MAX        100000000
#define BATCH_BYTES_MAX  262144
#define BIG              9007199254740991.0 /* 2^53 - 1: no limit of its own */

/* A row: name, places, required in, languages, JSONata text allowed, kind,
** group, offset, inner place, min, max, words. */
#define ROW(name, at, must, lang, expr, kind, group, offset)                   \
  {                                                                            \
    name, at, must, lang, expr, SF_FIELD_##kind, SF_GROUP_##group, offset, 0,  \
      0, 0, NULL                                                               \
  }
#define RANGE(name, at, lang, expr, kind, group, offset, min, max)             \
  {                                                                            \
    name, at, 0, lang, expr, SF_FIELD_##kind, SF_GROUP_##group, offset, 0,     \
      min, max, NULL                                                           \
  }
#define WORDS(name, at, must, offset, words)                                   \
  {                                                                            \
    name, at, must, PQ, false, SF_FIELD_WORD, SF_GROUP_NONE, offset, 0, 0, 0,  \
      words                                                                    \
  }
#define STORE(name, at, must, offset, words)                                   \
  {                                                                            \
    name, at, must, PQ, false, SF_FIELD_STORE, SF_GROUP_NONE, offset, 0, 0, 0, \
      words                                                                    \
  }
#define INNER(name, at, lang, place)                                           \
  {                                                                            \
    name, at, 0, lang, false, SF_FIELD_OBJECT, SF_GROUP_NONE, 0,               \
      SF_PLACE_##place, 0, 0, NULL                                             \
  }
#define OPERATOR(name, type, relation, path)                                   \
  {#name,                                                                      \
   RULES,                                                                      \
   0,                                                                          \
   P,                                                                          \
   false,                                                                      \
   SF_FIELD_OPERATOR,                                                          \
   SF_GROUP_NONE,                                                              \
   SF_NOWHERE,                                                                 \
   SF_OPERATOR_##name,                                                         \
   0,                                                                          \
   0,                                                                          \
   NULL},

static const sf_field rows[] = {
  WORDS("Type", STATES, STATES, SF_NOWHERE,
        "Task|Wait|Pass|Succeed|Fail|Choice|Parallel|Map"),
  ROW("Comment", STATES | SCOPES | RULES | SF_AT(RETRIER) | SF_AT(CATCHER), 0,
      PQ, false, TEXT, NONE, SF_NOWHERE),
  ROW("Version", SF_AT(MACHINE), 0, PQ, false, VERSION, NONE, SF_NOWHERE),
  WORDS("QueryLanguage", STATES | SF_AT(MACHINE), 0, SF_NOWHERE,
        "JSONPath|JSONata"),
  INNER("ProcessorConfig", SF_AT(PROCESSOR), PQ, PROCESSOR_CONFIG),
  WORDS("Mode", SF_AT(PROCESSOR_CONFIG), 0, IN(scope_source, mode),
        "INLINE|DISTRIBUTED"),
  WORDS("ExecutionType", SF_AT(PROCESSOR_CONFIG), 0,
        IN(scope_source, execution_type), "STANDARD|EXPRESS"),
  ROW("StartAt", SCOPES, SCOPES, PQ, false, START, NONE, SF_NOWHERE),
  ROW("States", SCOPES, SCOPES, PQ, false, STATES, NONE, SF_NOWHERE),

  /* retriers and catchers */
  ROW("ErrorEquals", SF_AT(RETRIER), SF_AT(RETRIER), PQ, false, ERRORS, NONE,
      IN(retrier, errors)),
  ROW("ErrorEquals", SF_AT(CATCHER), SF_AT(CATCHER), PQ, false, ERRORS, NONE,
      IN(catcher, errors)),
  RANGE("IntervalSeconds", SF_AT(RETRIER), PQ, false, SECONDS, NONE,
        IN(retrier, interval_seconds), 1, SF_SECONDS_MAX),
  RANGE("MaxAttempts", SF_AT(RETRIER), PQ, false, COUNT, NONE,
        IN(retrier, max_attempts), 0, SF_SECONDS_MAX),
  RANGE("BackoffRate", SF_AT(RETRIER), PQ, false, RATE, NONE,
        IN(retrier, backoff_rate), 1, BIG),
  RANGE("MaxDelaySeconds", SF_AT(RETRIER), PQ, false, SECONDS, NONE,
        IN(retrier, max_delay_seconds), 1, DAYS_366),
  {"JitterStrategy", SF_AT(RETRIER), 0, PQ, false, SF_FIELD_SWITCH,
   SF_GROUP_NONE, IN(retrier, full_jitter), 0, 0, 0, "NONE|FULL"},

  /* the data road, first half */
  ROW("InputPath", WITH_DATA, 0, P, false, SELECTION, NONE,
      IN(state, input_path)),
  ROW("Resource", SF_AT(TASK), SF_AT(TASK), PQ, false, RESOURCE, NONE,
      IN(state, u.task.resource)),
  STORE("Resource", SF_AT(READER), SF_AT(READER),
        IN(distribution, reader.resource), "|s3:getObject|s3:listObjectsV2|"),
  STORE("Resource", SF_AT(WRITER), 0, IN(distribution, writer.resource),
        "|s3:putObject|"),
  ROW("Parameters", SF_AT(TASK) | SF_AT(PARALLEL) | SF_AT(PASS), 0, P, false,
      TEMPLATE, NONE, IN(state, parameters)),
  ROW("Parameters", SF_AT(MAP), 0, P, false, TEMPLATE, SELECTOR,
      IN(state, u.map.item_selector)),
  ROW("Parameters", SF_AT(READER), 0, P, false, TEMPLATE, NONE,
      IN(distribution, reader.parameters)),
  ROW("Parameters", SF_AT(WRITER), 0, P, false, TEMPLATE, NONE,
      IN(distribution, writer.parameters)),
  ROW("Arguments", SF_AT(TASK) | SF_AT(PARALLEL), 0, Q, true, TEMPLATE, NONE,
      IN(state, parameters)),
  ROW("Arguments", SF_AT(READER), 0, Q, true, TEMPLATE, NONE,
      IN(distribution, reader.parameters)),
  ROW("Arguments", SF_AT(WRITER), 0, Q, true, TEMPLATE, NONE,
      IN(distribution, writer.parameters)),
  ROW("Result", SF_AT(PASS), 0, P, false, STATIC, NONE, IN(state, result)),

  /* Task */
  RANGE("TimeoutSeconds", SF_AT(MACHINE), PQ, false, SECONDS, NONE,
        IN(scope_source, timeout_seconds), 1, SF_SECONDS_MAX),
  RANGE("TimeoutSeconds", SF_AT(TASK), PQ, true, INTEGER, TIMEOUT,
        IN(state, u.task.timeout), 1, SF_SECONDS_MAX),
  ROW("TimeoutSecondsPath", SF_AT(TASK), 0, P, false, OPERAND_PATH, TIMEOUT,
      IN(state, u.task.timeout)),
  RANGE("HeartbeatSeconds", SF_AT(TASK), PQ, true, INTEGER, HEARTBEAT,
        IN(state, u.task.heartbeat), 1, SF_SECONDS_MAX),
  ROW("HeartbeatSecondsPath", SF_AT(TASK), 0, P, false, OPERAND_PATH, HEARTBEAT,
      IN(state, u.task.heartbeat)),
  ROW("Credentials", SF_AT(TASK), 0, PQ, false, CREDENTIALS, NONE,
      IN(state, u.task.credentials)),

  /* Wait */
  RANGE("Seconds", SF_AT(WAIT), PQ, true, INTEGER, WAIT,
        IN(state, u.wait.seconds), 0, SF_SECONDS_MAX),
  ROW("SecondsPath", SF_AT(WAIT), 0, P, false, OPERAND_PATH, WAIT,
      IN(state, u.wait.seconds)),
  ROW("Timestamp", SF_AT(WAIT), 0, PQ, true, TIMESTAMP, WAIT,
      IN(state, u.wait)),
  ROW("TimestampPath", SF_AT(WAIT), 0, P, false, OPERAND_PATH, WAIT,
      IN(state, u.wait.timestamp)),

  /* Fail */
  ROW("Error", SF_AT(FAIL), 0, PQ, true, OPERAND_TEXT, ERROR,
      IN(state, u.fail.error)),
  ROW("ErrorPath", SF_AT(FAIL), 0, P, false, TEXT_PATH, ERROR,
      IN(state, u.fail.error)),
  ROW("Cause", SF_AT(FAIL), 0, PQ, true, OPERAND_TEXT, CAUSE,
      IN(state, u.fail.cause)),
  ROW("CausePath", SF_AT(FAIL), 0, P, false, TEXT_PATH, CAUSE,
      IN(state, u.fail.cause)),

  /* Parallel and Map */
  ROW("Branches", SF_AT(PARALLEL), SF_AT(PARALLEL), PQ, false, BRANCHES, NONE,
      SF_NOWHERE),
  ROW("ItemsPath", SF_AT(MAP), 0, P, false, ITEMS_PATH, ITEMS,
      IN(state, u.map.items)),
  ROW("Items", SF_AT(MAP), 0, Q, true, ITEMS, ITEMS,
      IN(state, u.map.items_template)),
  INNER("ItemReader", SF_AT(MAP), PQ, READER),
  INNER("ReaderConfig", SF_AT(READER), PQ, READER_CONFIG),
  WORDS("InputType", SF_AT(READER_CONFIG), 0,
        IN(distribution, reader.input_type), "CSV|JSON|JSONL|PARQUET|MANIFEST"),
  WORDS("Transformation", SF_AT(READER_CONFIG), 0,
        IN(distribution, reader.transformation), "NONE|LOAD_AND_FLATTEN"),
  WORDS("ManifestType", SF_AT(READER_CONFIG), 0,
        IN(distribution, reader.manifest_type), "ATHENA_DATA|S3_INVENTORY"),
  WORDS("CSVDelimiter", SF_AT(READER_CONFIG), 0,
        IN(distribution, reader.delimiter), "COMMA|PIPE|SEMICOLON|SPACE|TAB"),
  WORDS("CSVHeaderLocation", SF_AT(READER_CONFIG), 0,
        IN(distribution, reader.header_location), "FIRST_ROW|GIVEN"),
  ROW("CSVHeaders", SF_AT(READER_CONFIG), 0, PQ, false, NAMES, NONE,
      IN(distribution, reader.headers)),
  ROW("ItemsPointer", SF_AT(READER_CONFIG), 0, PQ, false, TEXT, NONE,
      IN(distribution, reader.pointer)),
  RANGE("MaxItems", SF_AT(READER_CONFIG), PQ, true, INTEGER, MAX_ITEMS,
        IN(distribution, reader.max_items), 0, BIG),
  ROW("MaxItemsPath", SF_AT(READER_CONFIG), 0, P, false, OPERAND_PATH,
      MAX_ITEMS, IN(distribution, reader.max_items)),
  ROW("ItemSelector", SF_AT(MAP), 0, PQ, true, TEMPLATE, SELECTOR,
      IN(state, u.map.item_selector)),
  INNER("ItemBatcher", SF_AT(MAP), PQ, BATCHER),
  ROW("BatchInput", SF_AT(BATCHER), 0, PQ, true, TEMPLATE, NONE,
      IN(distribution, batcher.input)),
  RANGE("MaxItemsPerBatch", SF_AT(BATCHER), PQ, true, INTEGER, BATCH_ITEMS,
        IN(distribution, batcher.max_items), 1, ITEMS_MAX),
  ROW("MaxItemsPerBatchPath", SF_AT(BATCHER), 0, P, false, OPERAND_PATH,
      BATCH_ITEMS, IN(distribution, batcher.max_items)),
  RANGE("MaxInputBytesPerBatch", SF_AT(BATCHER), PQ, true, INTEGER, BATCH_BYTES,
        IN(distribution, batcher.max_bytes), 1, BATCH_BYTES_MAX),
  ROW("MaxInputBytesPerBatchPath", SF_AT(BATCHER), 0, P, false, OPERAND_PATH,
      BATCH_BYTES, IN(distribution, batcher.max_bytes)),
  RANGE("MaxConcurrency", SF_AT(MAP), PQ, true, INTEGER, CONCURRENCY,
        IN(state, u.map.max_concurrency), 0, BIG),
  ROW("MaxConcurrencyPath", SF_AT(MAP), 0, P, false, OPERAND_PATH, CONCURRENCY,
      IN(state, u.map.max_concurrency)),
  RANGE("ToleratedFailureCount", SF_AT(MAP), PQ, true, INTEGER, TOLERATED_COUNT,
        IN(state, u.map.tolerated_count), 0, BIG),
  ROW("ToleratedFailureCountPath", SF_AT(MAP), 0, P, false, OPERAND_PATH,
      TOLERATED_COUNT, IN(state, u.map.tolerated_count)),
  RANGE("ToleratedFailurePercentage", SF_AT(MAP), PQ, true, NUMBER,
        TOLERATED_PERCENTAGE, IN(state, u.map.tolerated_percentage), 0, 100),
  ROW("ToleratedFailurePercentagePath", SF_AT(MAP), 0, P, false, OPERAND_PATH,
      TOLERATED_PERCENTAGE, IN(state, u.map.tolerated_percentage)),
  ROW("Label", SF_AT(MAP), 0, PQ, false, LABEL, NONE, IN(state, u.map.label)),
  ROW("ItemProcessor", SF_AT(MAP), 0, PQ, false, SCOPE, PROCESSOR, SF_NOWHERE),
  ROW("Iterator", SF_AT(MAP), 0, PQ, false, SCOPE, PROCESSOR, SF_NOWHERE),
  INNER("ResultWriter", SF_AT(MAP), PQ, WRITER),
  INNER("WriterConfig", SF_AT(WRITER), PQ, WRITER_CONFIG),
  WORDS("OutputType", SF_AT(WRITER_CONFIG), 0,
        IN(distribution, writer.output_type), "JSON|JSONL"),
  WORDS("Transformation", SF_AT(WRITER_CONFIG), 0,
        IN(distribution, writer.transformation), "NONE|COMPACT|FLATTEN"),

  /* Choice */
  ROW("Choices", SF_AT(CHOICE), SF_AT(CHOICE), PQ, false, CHOICES, NONE,
      SF_NOWHERE),
  ROW("Variable", RULES, 0, P, false, RULE_PART, NONE, SF_NOWHERE),
  SF_OPERATORS(OPERATOR)
    ROW("And", RULES, 0, P, false, RULE_PART, NONE, SF_NOWHERE),
  ROW("Or", RULES, 0, P, false, RULE_PART, NONE, SF_NOWHERE),
  ROW("Not", RULES, 0, P, false, RULE_PART, NONE, SF_NOWHERE),
  ROW("Condition", SF_AT(RULE), 0, Q, true, RULE_PART, NONE, SF_NOWHERE),

  /* the data road, second half */
  ROW("ResultSelector", RETRYING, 0, P, false, TEMPLATE, NONE,
      IN(state, result_selector)),
  ROW("ResultPath", RETRYING | SF_AT(PASS), 0, P, false, RESULT_PATH, NONE,
      IN(state, result_path)),
  ROW("ResultPath", SF_AT(CATCHER), 0, P, false, RESULT_PATH, NONE,
      IN(catcher, result_path)),
  ROW("Assign", FLOWING | SF_AT(CHOICE), 0, PQ, false, ASSIGN, NONE,
      IN(state, assign)),
  ROW("Assign", SF_AT(CATCHER), 0, PQ, false, ASSIGN, NONE,
      IN(catcher, assign)),
  ROW("Assign", SF_AT(RULE), 0, PQ, false, ASSIGN, NONE,
      IN(choice_rule, assign)),
  ROW("OutputPath", WITH_DATA, 0, P, false, SELECTION, NONE,
      IN(state, output_path)),
  ROW("Output", WITH_DATA, 0, Q, true, TEMPLATE, NONE, IN(state, output)),
  ROW("Output", SF_AT(CATCHER), 0, Q, true, TEMPLATE, NONE,
      IN(catcher, output)),
  ROW("Output", SF_AT(RULE), 0, Q, true, TEMPLATE, NONE,
      IN(choice_rule, output)),

  /* where to go */
  ROW("Retry", RETRYING, 0, PQ, false, RETRY, NONE, SF_NOWHERE),
  ROW("Catch", RETRYING, 0, PQ, false, CATCH, NONE, SF_NOWHERE),
  ROW("Default", SF_AT(CHOICE), 0, PQ, false, DEFAULT, NONE, SF_NOWHERE),
  ROW("Next", FLOWING, 0, PQ, false, TARGET, FLOW, IN(state, next)),
  ROW("Next", SF_AT(CATCHER), SF_AT(CATCHER), PQ, false, TARGET, NONE,
      IN(catcher, next)),
  ROW("Next", SF_AT(RULE), SF_AT(RULE), PQ, false, TARGET, NONE,
      IN(choice_rule, next)),
  ROW("End", FLOWING, 0, PQ, false, FLAG, FLOW, SF_NOWHERE),
};

#define ROWS (sizeof rows / sizeof rows[0])

/* Languages in which one of the group must be there. */
static const uint8_t group_rules[SF_GROUPS] = {
  [SF_GROUP_FLOW] = PQ,
  [SF_GROUP_WAIT] = PQ,
  [SF_GROUP_PROCESSOR] = PQ,
};

/* ORDER STATE_TYPE */
static const char *const sf_state_type_names[] = {
  "Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map",
};

size_t sf_field_count(void) {
  return ROWS;
}

const sf_field *sf_field_at(size_t i) {
  return &rows[i];
}

bool sf_group_is_required(sf_field_group group, sf_language language) {
  return (group_rules[group] & (1u << language)) != 0;
}

const char *sf_state_type_name(sf_state_type type) {
  return sf_state_type_names[type];
}

int sf_state_type_find(sf_value name) {
  int type;
  for (type = SF_TASK; type <= SF_MAP; type++)
    if (sf_string_is(name, sf_state_type_names[type]))
      return type;
  return -1;
}

static unsigned bucket_of(const char *name, size_t len) {
  unsigned h = (unsigned)len;
  size_t i;
  for (i = 0; i < len; i++)
    h = h * 31 + (unsigned char)name[i];
  return (h ^ (h >> 8)) % SF_FIELD_BUCKETS;
}

/* Note row 'i' in the lists of the places where it stands. */
static void index_places(sf_field_index *index, size_t i) {
  int place, n;
  for (place = 0; place < SF_PLACES; place++) {
    uint32_t bit = UINT32_C(1) << place;
    if (rows[i].places & bit)
      index->groups[place] |= UINT32_C(1) << rows[i].group;
    if (!(rows[i].required & bit))
      continue;
    for (n = 0; index->required[place][n] != 0; n++)
      ;
    index->required[place][n] = (uint16_t)(i + 1);
  }
}

void sf_field_index_init(sf_field_index *index) {
  size_t i = ROWS;
  memset(index, 0, sizeof *index);
  while (i-- > 0) {
    unsigned b = bucket_of(rows[i].name, strlen(rows[i].name));
    index->length[i] = (uint8_t)strlen(rows[i].name);
    index->next[i] = index->head[b];
    index->head[b] = (uint16_t)(i + 1);
    index_places(index, i);
  }
}

const sf_field *sf_field_find(const sf_field_index *index, sf_place place,
                              sf_value name) {
  size_t len = sf_string_length(name);
  const char *text = sf_string_text(name);
  uint16_t at = index->head[bucket_of(text, len)];
  for (; at != 0; at = index->next[at - 1]) {
    const sf_field *field = &rows[at - 1];
    if ((field->places >> place & 1u) && index->length[at - 1] == len &&
        memcmp(field->name, text, len) == 0)
      return field;
  }
  return NULL;
}
