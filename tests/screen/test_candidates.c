/* liscreen candidates and liscreen interfaces, on a small set of data. */
#include "tests/support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dft-lite/crystal/read.h"
#include "screen/verbs.h"

static char root[] = "/tmp/test_candidates_XXXXXX";
static screen_app app;
static char *out, *progress;
static size_t out_size, progress_size;

/* Copies a table of candidates/data: comments, header, and the rows that begin with one of the ids. */
static void copy_rows(const char *name, const char *ids)
{
    char path[256], line[4096], id[64];
    FILE *from, *to;
    int header = 1;

    snprintf(path, sizeof path, "candidates/data/%s", name);
    from = fopen(path, "r");
    snprintf(path, sizeof path, "%s/candidates/data/%s", root, name);
    to = fopen(path, "w");
    assert_true(from && to);
    while (fgets(line, sizeof line, from)) {
        snprintf(id, sizeof id, " %.*s ", (int)strcspn(line, ",\n"), line);
        if (line[0] == '#' || header || !ids || strstr(ids, id))
            fputs(line, to);
        header = header && line[0] == '#';
    }
    fclose(to);
    fclose(from);
}

static int make_data(void **unused)
{
    static const char ids[] = " Li_bcc Cu_fcc LaF3 MgO Ti2CO2 ";
    static const char *const whole[] = { "prototypes.csv", "prototype_sites.csv", "elements.csv",
                                         "radii.csv" };
    char path[256];
    dft_error err;
    (void)unused;

    if (!mkdtemp(root))
        return -1;
    snprintf(path, sizeof path, "%s/candidates", root);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/candidates/data", root);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/user", root);
    mkdir(path, 0777);
    copy_rows("structures.csv", ids);
    copy_rows("atoms.csv", ids);
    copy_rows("candidates.csv", " none ");
    for (size_t k = 0; k < 4; k++)
        copy_rows(whole[k], NULL);
    copy_rows("decorations.csv", " B32 ");
    if (screen_app_init(&app, &err) != DFT_OK)
        return -1;
    return (int)screen_app_set_data_root(&app, root, &err);
}

static int remove_data(void **unused)
{
    char command[300];
    (void)unused;
    free(out);
    free(progress);
    snprintf(command, sizeof command, "rm -r '%s'", root);
    return system(command);
}

/* Runs the words, "%" standing for the data's root; out and progress hold what was printed. */
static int run(const char *words)
{
    char text[2048] = "", *argv[24];
    int argc = 1, code;

    for (const char *p = words; *p; p++) {
        const size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, *p == '%' ? "%s" : "%.1s", *p == '%' ? root : p);
    }
    argv[0] = (char *)"liscreen";
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    free(out);
    free(progress);
    app.out = open_memstream(&out, &out_size);
    app.progress = open_memstream(&progress, &progress_size);
    code = screen_main(&app, argc, argv);
    fclose(app.out);
    fclose(app.progress);
    return code;
}

static size_t lines_of(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* Li and Cu 3 each, MgO 4, the sheet 1, LaF3's, and the B32 alloys of Li. */
static void the_list_is_made_once_and_then_stored(void **unused)
{
    char *first;
    (void)unused;

    assert_int_equal(run("candidates list --store=%/table.csv"), 0);
    assert_non_null(strstr(out, "Li_bcc-110 "));
    assert_non_null(strstr(out, "MgO-111-t1 "));
    assert_non_null(strstr(out, "Ti2CO2-sheet "));
    assert_non_null(strstr(out, "LiZn_B32-110 "));
    assert_non_null(strstr(progress, "stored in "));
    first = strdup(out);
    assert_int_equal(run("candidates list --store=%/table.csv"), 0);
    assert_string_equal(first, out);
    assert_string_equal(progress, "");
    free(first);
    assert_int_equal(run("candidates list --store=%/table.csv --refresh"), 0);
    assert_non_null(strstr(progress, "stored in "));
}

static void filters_choose_rows(void **unused)
{
    (void)unused;
    assert_int_equal(run("candidates list --store=%/table.csv --structure=Cu_fcc"), 0);
    assert_int_equal(lines_of(out), 1 + 3 + 1);
    assert_int_equal(run("candidates list --store=%/table.csv --elements=Mg,O --nonpolar"), 0);
    assert_int_equal(lines_of(out), 1 + 2 + 1); /* MgO(100), (110) */
    assert_int_equal(run("candidates list --store=%/table.csv --family=mxene"), 0);
    assert_int_equal(lines_of(out), 1 + 1 + 1);
    assert_int_equal(run("candidates list --store=%/table.csv --has=Zn --facet=110"), 0);
    assert_int_equal(lines_of(out), 1 + 1 + 1);
    assert_int_equal(run("candidates list --store=%/table.csv --origin=estimate --max-atoms=1"), 0);
    assert_int_equal(lines_of(out), 1 + 0 + 1);
    assert_int_equal(run("candidates list --store=%/table.csv --has=Xx"), 64);
    assert_non_null(strstr(progress, "'Xx' is not an element symbol"));
}

/* There is no data set for lanthanum: listed, with that reason, and not computable. */
static void what_has_no_data_set_is_listed_with_that_reason(void **unused)
{
    (void)unused;
    assert_int_equal(run("candidates list --store=%/table.csv --has=La"), 0);
    assert_true(lines_of(out) > 3);
    assert_non_null(strstr(out, "no data set for La"));
    assert_int_equal(run("candidates list --store=%/table.csv --has=La --computable"), 0);
    assert_int_equal(lines_of(out), 2);
}

static void one_candidate_is_shown_and_exported(void **unused)
{
    char path[256];
    dft_crystal *crystal = NULL;
    dft_crystal_remarks remarks;
    char facet[16];
    (void)unused;

    assert_int_equal(run("candidates show LiAl_B32-110"), 0);
    assert_non_null(strstr(out, "estimate"));
    assert_non_null(strstr(out, "start estimate: relax the cell"));
    assert_int_equal(run("candidates export Cu_fcc-111 --layers=3 --out=%/cu.extxyz"), 0);
    snprintf(path, sizeof path, "%s/cu.extxyz", root);
    assert_int_equal(dft_crystal_read_remarks(path, &crystal, &remarks, NULL), DFT_OK);
    assert_int_equal(crystal->n_atoms, 3);
    assert_true(dft_remark_find(remarks.comment, "facet", facet, sizeof facet));
    assert_string_equal(facet, "111");
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(crystal);
    assert_int_equal(run("candidates export Cu_fcc-111 --bulk --out=%/cu.cif"), 0);
    snprintf(path, sizeof path, "%s/cu.cif", root);
    assert_int_equal(dft_crystal_read(path, &crystal, NULL), DFT_OK);
    assert_int_equal(crystal->n_atoms, 4);
    dft_crystal_free(crystal);
    assert_int_equal(run("candidates export Cu_fcc-111"), 64);
    assert_int_equal(run("candidates show Cuu-111"), 65);
    assert_int_equal(run("candidates show"), 64);
    assert_int_equal(run("candidates dance"), 64);
}

/* A folder, named by hand or by a campaign, is merged; another file in it makes the table anew. */
static void a_users_folder_is_merged(void **unused)
{
    char path[256];
    FILE *file;
    (void)unused;

    assert_int_equal(run("candidates export Cu_fcc-111 --bulk --out=%/user/mine.vasp"), 0);
    assert_int_equal(run("candidates list --store=%/table.csv --folder=%/user --structure=mine"), 0);
    assert_int_equal(lines_of(out), 1 + 3 + 1);
    assert_non_null(strstr(out, "user's file"));
    snprintf(path, sizeof path, "%s/user/bad.cif", root);
    file = fopen(path, "w");
    fputs("data_bad\n", file);
    fclose(file);
    assert_int_equal(run("candidates list --store=%/table.csv --folder=%/user --structure=mine"), 0);
    assert_non_null(strstr(progress, "left out: "));
    assert_non_null(strstr(progress, "bad.cif"));
    snprintf(path, sizeof path, "%s/c.yaml", root);
    file = fopen(path, "w");
    fprintf(file, "name: c\ncandidates: [mine-111]\nprotocol: quick\nstructures: %s/user\n", root);
    fclose(file);
    assert_int_equal(run("candidates show mine-111 --campaign=%/c.yaml"), 0);
    assert_non_null(strstr(out, "mine, Cu"));
    assert_int_equal(run("candidates list --store=%/t.csv --folder=%/nowhere"), 66);
}

/* Li on Cu(111): the film alone is strained, the ranking ascends, the written interface is whole. */
static void interfaces_are_listed_and_written(void **unused)
{
    char path[256];
    dft_crystal *crystal = NULL;
    (void)unused;

    assert_int_equal(run("interfaces Cu --facet=111 --layers=3 --most=5"), 0);
    assert_int_equal(lines_of(out), 1 + 5);
    assert_non_null(strstr(out, "(110)["));
    assert_non_null(strstr(out, "|| (111)["));
    assert_int_equal(run("interfaces Cu --facet=111 --layers=3 --film-facets=111 --out=%/i.vasp"), 0);
    assert_non_null(strstr(out, "12 atoms of the substrate, 3 of the film"));
    snprintf(path, sizeof path, "%s/i.vasp", root);
    assert_int_equal(dft_crystal_read(path, &crystal, NULL), DFT_OK);
    assert_int_equal(crystal->n_atoms, 15);
    dft_crystal_free(crystal);
    assert_int_equal(run("interfaces Cu --facet=111 --max-area-ang2=10 --max-strain-percent=0.1"), 0);
    assert_non_null(strstr(out, "no common cell"));
    assert_int_equal(run("interfaces Cu --facet=111 --film-facets=11x"), 65);
    assert_int_equal(run("interfaces Cu --facet=111 --out=%/i.vasp --pick=999"), 64);
    assert_int_equal(run("interfaces Cu --facet=111 --json=%/i.json"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_is_made_once_and_then_stored),
        cmocka_unit_test(filters_choose_rows),
        cmocka_unit_test(what_has_no_data_set_is_listed_with_that_reason),
        cmocka_unit_test(one_candidate_is_shown_and_exported),
        cmocka_unit_test(a_users_folder_is_merged),
        cmocka_unit_test(interfaces_are_listed_and_written),
    };
    return cmocka_run_group_tests(tests, make_data, remove_data);
}
