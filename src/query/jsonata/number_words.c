/*
** number_words.c - see number_words.h.
*/
#include "query/jsonata/number_words.h"

#include <math.h>
#include <string.h>

static const char *const few[] = {
  "Zero",    "One",     "Two",       "Three",    "Four",
  "Five",    "Six",     "Seven",     "Eight",    "Nine",
  "Ten",     "Eleven",  "Twelve",    "Thirteen", "Fourteen",
  "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"};
static const char *const ordinals[] = {
  "Zeroth",    "First",     "Second",      "Third",      "Fourth",
  "Fifth",     "Sixth",     "Seventh",     "Eighth",     "Ninth",
  "Tenth",     "Eleventh",  "Twelfth",     "Thirteenth", "Fourteenth",
  "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"};
static const char *const decades[] = {"Twenty", "Thirty", "Forty",
                                      "Fifty",  "Sixty",  "Seventy",
                                      "Eighty", "Ninety", "Hundred"};
static const char *const magnitudes[] = {"Thousand", "Million", "Billion",
                                         "Trillion"};

#define FEW        20
#define DECADES    9
#define MAGNITUDES 4

/* --- to words --- */

static void add(double n, bool is_more, bool is_ordinal, sf_buffer *out);

static void add_decades(double n, bool is_ordinal, sf_buffer *out) {
  const char *word = decades[(int)(n / 10) - 2];
  double rest = fmod(n, 10);
  if (rest == 0 && is_ordinal) {
    sf_buffer_add(out, word, strlen(word) - 1);
    sf_buffer_add_text(out, "ieth");
    return;
  }
  sf_buffer_add_text(out, word);
  if (rest > 0) {
    sf_buffer_add_char(out, '-');
    add(rest, false, is_ordinal, out);
  }
}

/* What is left behind a hundred or a magnitude. */
static void add_rest(double rest, bool is_ordinal, sf_buffer *out) {
  if (rest > 0)
    add(rest, true, is_ordinal, out);
  else if (is_ordinal)
    sf_buffer_add_text(out, "th");
}

static void add_magnitude(double n, bool is_ordinal, sf_buffer *out) {
  int magnitude = (int)floor(log10(n) / 3);
  double factor, mantissa;
  if (magnitude > MAGNITUDES)
    magnitude = MAGNITUDES;
  factor = pow(10, magnitude * 3);
  mantissa = floor(n / factor);
  add(mantissa, false, false, out);
  sf_buffer_add_char(out, ' ');
  sf_buffer_add_text(out, magnitudes[magnitude - 1]);
  add_rest(n - mantissa * factor, is_ordinal, out);
}

/* Recursion: each level takes at least one digit, and a double has 309. */
static void add(double n, bool is_more, bool is_ordinal, sf_buffer *out) {
  if (is_more)
    sf_buffer_add_text(out, n < 100 ? " and " : ", ");
  if (n < FEW)
    sf_buffer_add_text(out, is_ordinal ? ordinals[(int)n] : few[(int)n]);
  else if (n < 100)
    add_decades(n, is_ordinal, out);
  else if (n < 1000) {
    sf_buffer_add_text(out, few[(int)(n / 100)]);
    sf_buffer_add_text(out, " Hundred");
    add_rest(fmod(n, 100), is_ordinal, out);
  } else
    add_magnitude(n, is_ordinal, out);
}

void jn_words_format(double value, bool is_ordinal, sf_buffer *out) {
  add(value, false, is_ordinal, out);
}

/* --- from words --- */

static bool is_word(jn_bytes b, const char *word, size_t cut,
                    const char *ending) {
  size_t n = strlen(word) - cut, i;
  if (b.length != n + strlen(ending))
    return false;
  for (i = 0; i < n; i++)
    if (b.at[i] != (word[i] | 32))
      return false;
  return memcmp(b.at + n, ending, strlen(ending)) == 0;
}

static double value_of(jn_bytes b) {
  int i;
  for (i = 0; i < FEW; i++)
    if (is_word(b, few[i], 0, "") || is_word(b, ordinals[i], 0, ""))
      return i;
  for (i = 0; i < DECADES; i++)
    if (is_word(b, decades[i], 0, "") || is_word(b, decades[i], 1, "ieth"))
      return (i + 2) * 10;
  if (is_word(b, "hundred", 0, "th"))
    return 100;
  for (i = 0; i < MAGNITUDES; i++)
    if (is_word(b, magnitudes[i], 0, "") || is_word(b, magnitudes[i], 0, "th"))
      return pow(10, (i + 1) * 3);
  return NAN;
}

static bool is_blank(jn_bytes b, size_t at) {
  return at < b.length &&
         (b.at[at] == ' ' || (b.at[at] >= 9 && b.at[at] <= 13));
}

/* Length of the separator at 'at', 0: there is none. */
static size_t separator(jn_bytes b, size_t at) {
  if (b.at[at] == ',' && is_blank(b, at + 1))
    return 2;
  if (is_blank(b, at) && b.length - at > 4 &&
      memcmp(b.at + at + 1, "and", 3) == 0 && is_blank(b, at + 4))
    return 5;
  return is_blank(b, at) || b.at[at] == '\\' || b.at[at] == '-';
}

/* The sum of segments: a word below 100 is added to the last one, unless that
** is a thousand or more; any other multiplies it. */
typedef struct words_sum {
  double total, last;
} words_sum;

static void take_word(words_sum *s, double value) {
  if (!(value < 100)) {
    s->last *= value;
    return;
  }
  if (s->last >= 1000) {
    s->total += s->last;
    s->last = 0;
  }
  s->last += value;
}

double jn_words_parse(jn_bytes text) {
  words_sum s = {0, 0};
  size_t from = 0, at = 0;
  while (at <= text.length) {
    size_t n = at < text.length ? separator(text, at) : 1;
    jn_bytes word;
    if (n == 0) {
      at++;
      continue;
    }
    word.at = text.at + from;
    word.length = at - from;
    take_word(&s, value_of(word));
    at += n;
    from = at;
  }
  return s.total + s.last;
}

static void add_pattern(const char *word, size_t cut, const char *ending,
                        sf_buffer *out) {
  sf_buffer_add(out, word, strlen(word) - cut);
  sf_buffer_add_text(out, ending);
  sf_buffer_add_char(out, '|');
}

void jn_words_pattern(sf_buffer *out) {
  int i;
  sf_buffer_add_text(out, "(?:");
  for (i = 0; i < FEW; i++)
    add_pattern(few[i], 0, "", out);
  for (i = 0; i < FEW; i++)
    add_pattern(ordinals[i], 0, "", out);
  for (i = 0; i < DECADES; i++) {
    add_pattern(decades[i], 0, "", out);
    add_pattern(decades[i], 1, "ieth", out);
  }
  add_pattern("hundred", 0, "th", out);
  for (i = 0; i < MAGNITUDES; i++) {
    add_pattern(magnitudes[i], 0, "", out);
    add_pattern(magnitudes[i], 0, "th", out);
  }
  sf_buffer_add_text(out, "and|[\\-, ])+");
}

/* --- Roman numerals --- */

static const struct {
  int value;
  const char *text;
} numerals[] = {{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"},
                {90, "xc"},  {50, "l"},   {40, "xl"}, {10, "x"},   {9, "ix"},
                {5, "v"},    {4, "iv"},   {1, "i"}};

#define NUMERALS (sizeof numerals / sizeof *numerals)

void jn_roman_format(double value, sf_buffer *out) {
  size_t i;
  for (i = 0; i < NUMERALS; i++)
    for (; value >= numerals[i].value; value -= numerals[i].value)
      sf_buffer_add_text(out, numerals[i].text);
}

static double value_of_numeral(char c) {
  size_t i;
  for (i = 0; i < NUMERALS; i++)
    if (numerals[i].text[1] == '\0' && numerals[i].text[0] == (c | 32))
      return numerals[i].value;
  return NAN;
}

double jn_roman_parse(jn_bytes text) {
  double total = 0, most = 1;
  size_t i;
  for (i = text.length; i-- > 0;) {
    double value = value_of_numeral(text.at[i]);
    if (value < most)
      total -= value;
    else {
      most = value;
      total += value;
    }
  }
  return total;
}
