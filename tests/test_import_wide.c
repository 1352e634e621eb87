/* World tables of WIOD and tables of the OECD. Oracle: the table of tests/import_support.h, in each of the layouts that inputs/FORMAT.md
 * describes, comes back to the last bit; sums of it by hand; places of wrong fields counted by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import_support.h"

/* Two countries with two industries; final demand of households and fixed capital in columns 3 and 6 of each (4, 5, 7 are empty). */
static const char frame[] =
    "\"IndustryCode\",\"IndustryDescription\",\"Country\",\"RNr\",\"Year\",\"vAAA1\",\"vAAA2\",\"vBBB1\",\"vBBB2\","
    "\"vAAA3\",\"vAAA6\",\"vBBB3\",\"vBBB6\",\"TOT\"\n"
    "\"A01\",\"Crops, fish\",\"AAA\",1,2020,8,16,0,4,20,0,12,4,64\n"
    "\"C24\",\"Basic metals\",\"AAA\",2,2020,4,32,2,26,30,20,6,8,128\n"
    "\"A01\",\"Crops, fish\",\"BBB\",1,2020,1,0,8,7,2,0,14,0,32\n"
    "\"C24\",\"Basic metals\",\"BBB\",2,2020,3,16,5,64,10,8,100,50,256\n"
    "\"II_fob\",\"Total intermediate consumption\",\"TOT\",65,2020,16,64,15,101,62,28,132,62,480\n"
    "\"TXSP\",\"taxes less subsidies on products\",\"TOT\",66,2020,18,24,7,55,5,0,6,0,115\n"
    "\"VA\",\"Value added at basic prices\",\"TOT\",70,2020,30,40,10,100,0,0,0,0,180\n"
    "\"GO\",\"Output at basic prices\",\"TOT\",73,2020,64,128,32,256,0,0,0,0,480\n";

/* The sheet of release 2016: titles, then code, description, country and number. */
static const char sheet[] = "Intercountry Input-Output Table 2020,,,,,,,,,,,,\n"
                            ",,,,,,,,,,,,\n"
                            ",,,,A01,C24,A01,C24,CONS_h,GFCF,CONS_h,GFCF,GO\n"
                            "(industry-by-industry),,,,\"Crops, fish\",Basic metals,\"Crops, fish\",Basic "
                            "metals,Households,Capital,Households,Capital,Total output\n"
                            "(millions of US$),,,,AAA,AAA,BBB,BBB,AAA,AAA,BBB,BBB,TOT\n"
                            ",,,,c1,c2,c1,c2,c3,c6,c3,c6,c8\n"
                            "A01,\"Crops, fish\",AAA,r1,8,16,0,4,20,0,12,4,64\n"
                            "C24,Basic metals,AAA,r2,4,32,2,26,30,20,6,8,128\n"
                            "A01,\"Crops, fish\",BBB,r1,1,0,8,7,2,0,14,0,32\n"
                            "C24,Basic metals,BBB,r2,3,16,5,64,10,8,100,50,256\n"
                            "II_fob,Total intermediate consumption,TOT,r65,16,64,15,101,62,28,132,62,480\n"
                            "TXSP,taxes less subsidies on products,TOT,r66,18,24,7,55,5,0,6,0,115\n"
                            "VA,Value added at basic prices,TOT,r70,30,40,10,100,0,0,0,0,180\n"
                            "GO,Output at basic prices,TOT,r73,64,128,32,256,0,0,0,0,480\n";

/* That of release 2013: no codes of final demand, other numbers of the rows below. */
static const char older[] =
    "Intercountry Input-Output Table 2011,,,,,,,,,,,,\n"
    ",,,,,,,,,,,,\n"
    ",,,,AtB,C,AtB,C,,,,,\n"
    ",,,,Agriculture,Mining,Agriculture,Mining,Households,Capital,Households,Capital,Total output\n"
    ",,,,AAA,AAA,BBB,BBB,AAA,AAA,BBB,BBB,\n"
    ",,,,c1,c2,c1,c2,c37,c41,c37,c41,c43\n"
    "AtB,Agriculture,AAA,c1,8,16,0,4,20,0,12,4,64\n"
    "C,Mining,AAA,c2,4,32,2,26,30,20,6,8,128\n"
    "AtB,Agriculture,BBB,c1,1,0,8,7,2,0,14,0,32\n"
    "C,Mining,BBB,c2,3,16,5,64,10,8,100,50,256\n"
    ",Total intermediate consumption,TOT,r60,16,64,15,101,62,28,132,62,480\n"
    ",taxes less subsidies on products,TOT,r61,18,24,7,55,5,0,6,0,115\n"
    ",Value added at basic prices,TOT,r65,30,40,10,100,0,0,0,0,180\n"
    ",Output at basic prices,TOT,r69,64,128,32,256,0,0,0,0,480\n";

/* ICIO: sectors in another order in the columns. */
static const char icio[] = ",BBB_A01_02,BBB_C24,AAA_A01_02,AAA_C24,AAA_HFCE,AAA_GFCF,BBB_HFCE,BBB_GFCF,OUT\n"
                           "AAA_A01_02,0,4,8,16,20,0,12,4,64\n"
                           "AAA_C24,2,26,4,32,30,20,6,8,128\n"
                           "BBB_A01_02,8,7,1,0,2,0,14,0,32\n"
                           "BBB_C24,5,64,3,16,10,8,100,50,256\n"
                           "TLS,7,55,18,24,5,0,6,0,115\n"
                           "VA,10,100,30,40,0,0,0,0,180\n"
                           "OUT,32,256,64,128,67,28,138,62,775\n";

/* Edition 2016: final demand the other way round, a discrepancy, quotes; taxes a row a country. */
static const char icio_2016[] = "\"\",\"AAA_A01\",\"AAA_C24\",\"BBB_A01\",\"BBB_C24\",\"HFCE_AAA\",\"HFCE_BBB\",\"GFCF_"
                                "AAA\",\"GFCF_BBB\",\"DISC\"\n"
                                "\"AAA_A01\",8,16,0,4,20,12,0,3,1\n"
                                "\"AAA_C24\",4,32,2,26,30,6,20,8,0\n"
                                "\"BBB_A01\",1,0,8,7,2,14,0,0,0\n"
                                "\"BBB_C24\",3,16,5,64,10,100,8,50,0\n"
                                "\"AAA_TAXSUB\",10,20,3,50,0,0,0,0,0\n"
                                "\"BBB_TAXSUB\",8,4,4,5,0,0,0,0,0\n"
                                "\"VALU\",30,40,10,100,0,0,0,0,0\n"
                                "\"OUTPUT\",64,128,32,256,0,0,0,0,0\n";

/* Parts of China beside CHN, which alone has final demand and no output. */
static const char parts[] = ",CHN_A01,CN1_A01,CN2_A01,ROW_A01,CHN_HFCE,ROW_HFCE,TOTAL\n"
                            "CHN_A01,0,0,0,0,0,0,0\n"
                            "CN1_A01,0,2,1,3,8,2,16\n"
                            "CN2_A01,0,4,6,1,16,5,32\n"
                            "ROW_A01,0,1,5,12,6,40,64\n"
                            "VALU,0,9,20,48,0,0,77\n"
                            "OUTPUT,0,16,32,64,0,0,112\n";

/* National: domestic and imported together, imports below zero in a column. */
static const char national[] = ",D01T03,D05T09,HFCE,GFCF,INVNT,EXPO,IMPO,OUTPUT\n"
                               "TTL_01T03,8,24,20,4,-1,16,-7,64\n"
                               "TTL_05T09,12,40,60,10,2,24,-20,128\n"
                               "TXS_IMP_FNL,1,2,3,0,0,0,0,6\n"
                               "TXS_INT_FNL,3,6,9,0,0,0,0,18\n"
                               "TTL_INT_FNL,24,72,92,14,1,40,-27,216\n"
                               "VALU,40,56,0,0,0,0,0,96\n"
                               "LABR,25,30,0,0,0,0,0,55\n"
                               "OUTPUT,64,128,0,0,0,0,0,192\n";

/* The same by origin: 7 = 1 + 2 + 4, 20 = 5 + 5 + 10 imported. */
static const char by_origin[] = ",TTL_01T03,TTL_05T09,HFCE,GFCF,INVNT,EXPO,IMPO\n"
                                "DOM_01T03,7,22,16,4,-1,16,0\n"
                                "DOM_05T09,7,35,50,10,2,24,0\n"
                                "IMP_01T03,1,2,4,0,0,0,-7\n"
                                "IMP_05T09,5,5,10,0,0,0,-20\n"
                                "TXS_INT_FNL,4,8,12,0,0,0,0\n"
                                "TTL_INT_FNL,24,72,92,14,1,40,-27\n"
                                "VALU,40,56,0,0,0,0,0\n"
                                "OUTPUT,64,128,0,0,0,0,0\n";

static void write_table(tanlu_test_place *p, const char *name, const char *text) {
  assert_int_equal(tanlu_test_write_file(p->directory, name, text), 0);
}

/* ---- WIOD ------------------------------------------------------------------------------------------------------------------ */

static void expect_wiod(tanlu_test_place *p, const char *name, const char *text, const char *dataset) {
  write_table(p, name, text);
  tanlu_dataset *d = tanlu_test_import(p, "wiod", name, dataset, NULL);
  tanlu_test_expect_table(d, 1.0);
  assert_int_equal(d->accounts.component.count, 2);
  assert_string_equal(d->accounts.component.code[1], "value_added_at_basic_prices");
  for (size_t j = 0; j < 4; j++) {
    assert_true(d->accounts.value_added[j * 2] == tanlu_test_added[1][j]);
    assert_true(d->accounts.value_added[j * 2 + 1] == tanlu_test_added[0][j]);
  }
  assert_int_equal(d->accounts.role[0], TANLU_ROLE_OTHER);
  assert_string_equal(d->money, "1e6 USD");
  tanlu_dataset_free(&d);
  /* 5 + 6 of taxes are paid by final demand */
  expect_out(&p->run, "numbers left out");
  expect_out(&p->run, "11.0");
  expect_out(&p->run, "row of outputs, row of inputs");
}

static void wiod_as_data_frame(void **state) {
  tanlu_test_place *p = *state;
  expect_wiod(p, "wiot2020.csv", frame, "frame");
  char *sectors = tanlu_test_read_file(p->directory, "frame/sectors.csv");
  assert_non_null(strstr(sectors, "AAA_A01,\"AAA: Crops, fish\""));
  free(sectors);
  char *categories = tanlu_test_read_file(p->directory, "frame/categories.csv");
  assert_non_null(strstr(categories, "BBB_CONS_h"));
  free(categories);
}

/* Line ends of Windows and a byte order mark change nothing; semicolons are no layout. */
static void other_line_ends(void **state) {
  tanlu_test_place *p = *state;
  char text[2 * sizeof frame] = "\xEF\xBB\xBF";
  size_t length = 3;
  for (const char *c = frame; *c != '\0'; c++) {
    if (*c == '\n') text[length++] = '\r';
    text[length++] = *c;
  }
  expect_wiod(p, "windows2020.csv", text, "windows");
  for (char *c = text; *c != '\0'; c++) *c = *c == ',' ? ';' : *c;
  write_table(p, "semicolons.csv", text);
  tanlu_test_expect_no_import(p, "wiod", "semicolons.csv", "semicolons.csv:1:1: error: a quote inside the field");
}

static void wiod_as_sheet(void **state) {
  tanlu_test_place *p = *state;
  expect_wiod(p, "wiot2016.csv", sheet, "sheet");
  expect_wiod(p, "wiot2013.csv", older, "older");
  tanlu(&p->run, p->directory, "import", "wiod", "wiot2013.csv", "-o", "of-name");
  expect_status(&p->run, 0);
  char *settings = tanlu_test_read_file(p->directory, "of-name/dataset.yaml");
  assert_non_null(strstr(settings, "base_year: 2013"));
  free(settings);
}

typedef struct {
  const char *before, *after, *message;
} wrong;

static void expect_wrong(tanlu_test_place *p, const char *format, const char *text, const wrong *cases, size_t count) {
  for (size_t k = 0; k < count; k++) {
    write_table(p, "w2020.csv", text);
    assert_int_equal(tanlu_test_edit(p->directory, "w2020.csv", cases[k].before, cases[k].after), 0);
    tanlu_test_expect_no_import(p, format, "w2020.csv", cases[k].message);
  }
}

/* A table out of a pipe, as of zcat: what the report has of it is what was read, not what is left in the pipe. */
static void through_a_pipe(void **state) {
  tanlu_test_place *p = *state;
  static const char of[] = ", SHA-256 ";
  char digest[sizeof of + 64];
  write_table(p, "wiot2020.csv", frame);
  tanlu(&p->run, p->directory, "import", "wiod", "wiot2020.csv", "-o", "file");
  expect_status(&p->run, 0);
  const char *found = strstr(p->run.out, of);
  assert_non_null(found);
  snprintf(digest, sizeof digest, "%.*s", (int)(sizeof of - 1 + 64), found);
  tanlu_test_execute(&p->run, p->directory, "/bin/sh",
                     (const char *const[]){"-c", "cat wiot2020.csv | \"$0\" import wiod /dev/stdin -o piped",
                                           tanlu_test_program(), NULL});
  expect_status(&p->run, 0);
  expect_out(&p->run, digest);
}

static void wrong_wiod(void **state) {
  static const wrong of_frame[] = {
      {"IndustryCode", "Industry", "w2020.csv:1: error: neither layout of a world table"},
      {"\"RNr\"", "\"Number\"", "w2020.csv:1: error: missing column 'RNr'"},
      {"\"AAA\",2,2020,4,32", "\"AAA\",2,2020,4,3 2",
       "w2020.csv:3:7: error: expected a number in column 'vAAA2', found '3 2'"},
      {"\"AAA\",2,2020,4,32", "\"AAA\",2,2020,\"4,0\",32",
       "w2020.csv:3:6: error: expected a number in column 'vAAA1', found '4,0'"},
      {"\"AAA\",2,2020", "\"AAA\",1,2020", "w2020.csv:3:4: error: duplicate row 'AAA', 'C24', '1'"},
      {"\"AAA\",2,2020", "\"AAA\",2,2019", "w2020.csv:3:5: error: '2019' as year"},
      {"\"AAA\",2,2020", "\"AAA\",two,2020", "w2020.csv:3:4: error: 'two' is no number of an industry"},
      {"\"vBBB1\"", "\"vBBB9\"", "w2020.csv:1:8: error: no row has the country and number of this column"},
      {"\"vBBB1\"", "\"vAAA1\"", "w2020.csv:1:8: error: a second column of this country and industry"},
      {"\"vBBB3\"", "\"vAAA3\"", "w2020.csv:1:12: error: a second column of this country and category"},
      {"\"vBBB1\"", "\"flows\"", "w2020.csv:1:8: error: no column of a country and a number"},
      {"\"TXSP\"", "\"TAXES\"", "w2020.csv:7:1: error: unknown row 'TAXES', '66'"},
      {"70,2020,30", "70,2020,31", "column 'AAA_A01' does not add up: inputs + value added = 65, output 64, gap 1"},
      {"73,2020,64", "73,2020,65", "the row of outputs of 'AAA_A01' is 65 in the file, but 64 by its parts"},
      {"65,2020,16", "65,2020,17", "the row of inputs of 'AAA_A01' is 17 in the file, but 16 by its parts"},
      {"2020,8,16,0,4,20", "2020,8,16,0,4,21", "row 'AAA_A01' does not add up"},
      {"\"C24\",\"Basic metals\",\"BBB\",2,2020,3,16,5,64,10,8,100,50,256\n", "", "no row has the country and number"},
      {"\"AAA\",2,2020,4,32", "\"AAA\",2,2020,32", "w2020.csv:3:14: error: 13 fields; expected 14"},
  };
  static const wrong of_sheet[] = {
      {",,,,c1,c2", ",,,,1,2", "neither layout of a world table"},
      {"r70,30", "r70,thirty", "w2020.csv:13:5: error: expected a number"},
      {"AAA,AAA,BBB,BBB,AAA", "AAA,AAA,BBB,AAA,AAA",
       "w2020.csv:6:8: error: a second column of this country and industry"},
  };
  tanlu_test_place *p = *state;
  expect_wrong(p, "wiod", frame, of_frame, sizeof of_frame / sizeof *of_frame);
  expect_wrong(p, "wiod", sheet, of_sheet, sizeof of_sheet / sizeof *of_sheet);
  tanlu_test_expect_no_import(p, "wiod", "nowhere.csv", "the file does not exist");
}

/* ---- OECD ------------------------------------------------------------------------------------------------------------------ */

static void oecd_of_countries(void **state) {
  tanlu_test_place *p = *state;
  write_table(p, "ICIO2023_2018.csv", icio);
  tanlu_dataset *d = tanlu_test_import(p, "oecd-icio", "ICIO2023_2018.csv", "icio", NULL);
  tanlu_test_expect_table(d, 1.0);
  assert_string_equal(d->accounts.sector.code[0], "AAA_A01_02");
  assert_int_equal(d->accounts.role[1], TANLU_ROLE_FIXED_CAPITAL);
  assert_true(d->accounts.value_added[2 * 2 + 0] == 7.0); /* TLS of BBB_A01_02 */
  tanlu_dataset_free(&d);

  /* a flow below zero adds a component, and leaves the codes of the others as they are */
  write_table(p, "below2018.csv", icio);
  assert_int_equal(tanlu_test_edit(p->directory, "below2018.csv", "AAA_A01_02,0,4,8,16,20", "AAA_A01_02,-4,4,8,16,24"),
                   0);
  assert_int_equal(tanlu_test_edit(p->directory, "below2018.csv", "VA,10", "VA,14"), 0);
  d = tanlu_test_import(p, "oecd-icio", "below2018.csv", "below", NULL);
  assert_int_equal(d->accounts.component.count, 3);
  assert_string_equal(d->accounts.component.code[0], "TLS");
  assert_string_equal(d->accounts.component.code[2], "negative_flows");
  tanlu_dataset_free(&d);

  /* DOM is a country here, not a part of a national table */
  char dominican[sizeof icio];
  memcpy(dominican, icio, sizeof icio);
  for (char *c = dominican; (c = strstr(c, "BBB_")) != NULL;) memcpy(c, "DOM", 3);
  write_table(p, "dominican.csv", dominican);
  d = tanlu_test_import(p, "oecd-icio", "dominican.csv", "dominican", NULL);
  tanlu_test_expect_table(d, 1.0);
  tanlu_dataset_free(&d);

  write_table(p, "ICIO2016_2011.csv", icio_2016);
  d = tanlu_test_import(p, "oecd-icio", "ICIO2016_2011.csv", "icio-2016", NULL);
  const tanlu_accounts *a = &d->accounts;
  assert_int_equal(a->category.count, 5);
  assert_string_equal(a->category.code[1], "BBB_HFCE");
  assert_string_equal(a->category.code[4], "ALL_DISC");
  assert_true(a->final_use[4 * 4 + 0] == 1.0 && a->final_use[1 * 4 + 0] == 12.0);
  assert_int_equal(a->component.count, 2);
  for (size_t j = 0; j < 4; j++) assert_true(a->value_added[j * 2] == tanlu_test_added[1][j]);
  tanlu_dataset_free(&d);
  expect_out(&p->run, "2 rows of taxes less subsidies");
}

static void parts_of_a_country(void **state) {
  tanlu_test_place *p = *state;
  write_table(p, "ICIO2018_2010.CSV", parts);
  tanlu_dataset *d = tanlu_test_import(p, "oecd-icio", "ICIO2018_2010.CSV", "apart", NULL);
  assert_int_equal(d->accounts.n, 4);
  assert_true(d->accounts.output[0] == 0.0 && d->accounts.output[1] == 16.0);
  tanlu_dataset_free(&d);
  expect_out(&p->run, "regions of their own");
  expect_out(&p->run, "sectors without output");

  d = tanlu_test_import(p, "oecd-icio", "ICIO2018_2010.CSV", "folded", "--fold");
  const tanlu_accounts *a = &d->accounts;
  assert_int_equal(a->n, 2);
  assert_string_equal(a->sector.code[0], "CHN_A01");
  assert_true(a->output[0] == 48.0 && a->flows[0] == 2.0 + 1.0 + 4.0 + 6.0 && a->flows[2] == 4.0 && a->flows[1] == 6.0);
  assert_true(a->value_added[0] == 29.0 && a->final_use[0] == 24.0);
  tanlu_dataset_free(&d);
  tanlu(&p->run, p->directory, "import", "wiod", "--fold", "ICIO2018_2010.CSV", "-o", "none");
  expect_status(&p->run, 2);
}

static void oecd_of_a_nation(void **state) {
  tanlu_test_place *p = *state;
  write_table(p, "CIV2020ttl.csv", national);
  tanlu_dataset *d = tanlu_test_import(p, "oecd-icio", "CIV2020ttl.csv", "nation", NULL);
  const tanlu_accounts *a = &d->accounts;
  assert_int_equal(a->import_treatment, TANLU_IMPORT_PROPORTIONAL);
  assert_int_equal(a->n, 2);
  assert_string_equal(a->sector.code[1], "05T09");
  assert_true(a->imports[0] == 7.0 && a->imports[1] == 20.0 && a->flows[2] == 24.0 && a->final_use[2 * 2] == -1.0);
  assert_int_equal(a->role[3], TANLU_ROLE_EXPORTS);
  assert_int_equal(a->component.count, 3);
  assert_true(a->value_added[3 + 0] == 2.0 && a->value_added[3 + 2] == 56.0);
  assert_int_equal(d->levels, 1);
  tanlu_dataset_free(&d);

  write_table(p, "CIV2020domimp.csv", by_origin);
  d = tanlu_test_import(p, "oecd-icio", "CIV2020domimp.csv", "nation-split", NULL);
  const tanlu_accounts *b = &d->accounts;
  assert_int_equal(b->import_treatment, TANLU_IMPORT_SPLIT);
  assert_true(b->imports[0] == 7.0 && b->imports[1] == 20.0);
  assert_true(b->flows[2] == 24.0 && b->flows_domestic[2] == 22.0 && b->flows_domestic[1] == 7.0);
  assert_true(b->final_use[1] == 60.0 && b->final_domestic[1] == 50.0 && b->output[1] == 128.0);
  tanlu_dataset_free(&d);
}

static void wrong_oecd(void **state) {
  static const wrong of_countries[] = {
      {"AAA_C24,2,26", "AAA_C24;2,26", "error"},
      {"AAA_C24,2,26", "AAA_C24,2,x", "w2020.csv:3:3: error: expected a number in column 'BBB_C24', found 'x'"},
      {"BBB_A01_02,8,7", "AAA_C24,8,7", "w2020.csv:4:1: error: duplicate row 'AAA_C24', first in line 3"},
      {",BBB_A01_02,BBB_C24", ",BBB_C24,BBB_C24", "w2020.csv:1:3: error: duplicate column 'BBB_C24'"},
      {"BBB_C24,5,64,3,16,10,8,100,50,256\n", "", "w2020.csv:1:3: error: column 'BBB_C24' is no sector (no such row)"},
      {",AAA_HFCE", ",AAA_SPENT", "w2020.csv:1:6: error: column 'AAA_SPENT' is no sector"},
      {"TLS,7", "NOTE,7", "w2020.csv:6:1: error: unknown row 'NOTE'"},
      {"TLS,7", "CCC_A01,7", "w2020.csv:6:1: error: no column has the label 'CCC_A01' of this row"},
      {"VA,10", "VA,11", "column 'BBB_A01_02' does not add up"},
      {"OUT,32", "OUT,33", "the row of outputs of 'BBB_A01_02' is 33 in the file, but 32 by its parts"},
      {",AAA_HFCE", ",", "w2020.csv:1:6: error: the label of the column is empty"},
  };
  static const wrong of_nation[] = {
      {"TTL_05T09,12", "TTL_06T09,12", "w2020.csv:3:1: error: unknown row 'TTL_06T09'"},
      {"TTL_05T09,12", "DOM_05T09,12", "expected TTL_ rows, or DOM_ and IMP_ rows"},
      {"TTL_INT_FNL,24", "TTL_INT_FNL,25", "the row of inputs of '01T03' is 25 in the file, but 24 by its parts"},
      {",HFCE", ",HOUSEHOLDS", "w2020.csv:1:4: error: column 'HOUSEHOLDS' is no industry"},
      {"IMPO,OUTPUT", "IMPO,IMPO", "duplicate column 'IMPO'"},
  };
  tanlu_test_place *p = *state;
  expect_wrong(p, "oecd-icio", icio, of_countries, sizeof of_countries / sizeof *of_countries);
  expect_wrong(p, "oecd-icio", national, of_nation, sizeof of_nation / sizeof *of_nation);
  write_table(p, "w2020.csv", "AAA;BBB\n1;2\n");
  tanlu_test_expect_no_import(p, "oecd-icio", "w2020.csv",
                              "w2020.csv:1:1: error: 1 field; expected labels and numbers");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wiod_as_data_frame), cmocka_unit_test(other_line_ends),  cmocka_unit_test(wiod_as_sheet),
      cmocka_unit_test(through_a_pipe),     cmocka_unit_test(wrong_wiod),       cmocka_unit_test(oecd_of_countries),
      cmocka_unit_test(parts_of_a_country), cmocka_unit_test(oecd_of_a_nation), cmocka_unit_test(wrong_oecd),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
