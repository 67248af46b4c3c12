/* Lithium and coatings on slabs: whole cells, strain on the film, atoms that touch. */
#include "tests/candidates/shapes.h"

#include "candidates/film.h"
#include "candidates/layer.h"
#include "dft-lite/base/alloc.h"
#include "dft-lite/crystal/elements.h"

static dft_crystal *slab_of(const char *id, int h, int k, int l, int layers)
{
    dft_crystal *bulk = library_crystal(id), *slab = NULL;
    const int miller[3] = { h, k, l };

    assert_int_equal(cand_slab_create(bulk, miller, layers, 15.0 * ANG, 0, &slab, NULL, NULL), DFT_OK);
    dft_crystal_free(bulk);
    return slab;
}

/* Least distance between an atom of the substrate (the first n) and one of the film, over the sum of
 * their radii. */
static double contact(const dft_crystal *crystal, size_t n)
{
    double least = HUGE_VAL;
    for (size_t i = 0; i < n; i++)
        for (size_t j = n; j < crystal->n_atoms; j++)
            least = fmin(least, dft_crystal_distance(crystal, i, j)
                         / ((dft_element_covalent_radius_ang(crystal->z[i])
                             + dft_element_covalent_radius_ang(crystal->z[j])) * ANG));
    return least;
}

/* Li(110), (100), (111) on Cu(111), Ag(100), ZnO(10-10): the substrate keeps its cell and heights,
 * every atom is there, the first atoms touch, and the vacuum is what was asked for. */
static void lithium_sits_on_a_substrate_that_stays_as_it_is(void **unused)
{
    static const int faces[3][3] = { { 1, 1, 0 }, { 1, 0, 0 }, { 1, 1, 1 } };
    dft_crystal *substrates[3] = { slab_of("Cu_fcc", 1, 1, 1, 3), slab_of("Ag_fcc", 1, 0, 0, 3),
                                   slab_of("ZnO_wz", 1, 0, 0, 2) };
    const cand_coincidence_options limits = { 150.0 * ANG * ANG, 0.08, 2 };
    const cand_interface_options build = { .vacuum = 15.0 * ANG };
    (void)unused;

    for (int s = 0; s < 3; s++)
        for (int f = 0; f < 3; f++) {
            dft_crystal *li = slab_of("Li_bcc", faces[f][0], faces[f][1], faces[f][2], 3);
            cand_coincidence *cell = NULL;
            size_t n = 0;
            assert_int_equal(cand_interface_cells(substrates[s], li, &limits, &cell, &n, NULL), DFT_OK);
            assert_true(n > 0);
            for (size_t i = 0; i < n; i++) {
                dft_crystal *interface = NULL;
                cand_interface_info info;
                cand_layer *layer = NULL, *clean = NULL;
                assert_int_equal(cand_interface_build(substrates[s], li, &cell[i], &build, &interface,
                                                      &info, NULL), DFT_OK);
                assert_int_equal(info.n_substrate, substrates[s]->n_atoms * (size_t)cell[i].n_first);
                assert_int_equal(info.n_film, li->n_atoms * (size_t)cell[i].n_second);
                assert_int_equal(interface->n_atoms, info.n_substrate + info.n_film);
                assert_close(info.area, cell[i].area, 1e-8);
                assert_close(contact(interface, info.n_substrate), 1.0, 1e-9);
                assert_int_equal(cand_layer_create(interface, CAND_LAYER_TOLERANCE, &layer, NULL),
                                 DFT_OK);
                assert_int_equal(cand_layer_create(substrates[s], CAND_LAYER_TOLERANCE, &clean, NULL),
                                 DFT_OK);
                assert_close(layer->vacuum, 15.0 * ANG, 1e-8);
                /* distances within the substrate are those of the clean slab */
                for (size_t a = 1; a < info.n_substrate; a++) {
                    const size_t cells = (size_t)cell[i].n_first;
                    assert_close(layer->height[a] - layer->height[0],
                                 clean->height[a / cells] - clean->height[0], 1e-8);
                    assert_true(dft_crystal_distance(interface, 0, a) > 1.5 * ANG);
                }
                cand_layer_free(clean);
                cand_layer_free(layer);
                dft_crystal_free(interface);
            }
            free(cell);
            dft_crystal_free(li);
        }
    for (int s = 0; s < 3; s++)
        dft_crystal_free(substrates[s]);
}

/* Ag on Ag: no strain, and the film in the same 1x1 cell. */
static void a_film_of_the_collector_itself_has_no_strain(void **unused)
{
    dft_crystal *collector = slab_of("Ag_fcc", 1, 1, 1, 3), *silver = library_crystal("Ag_fcc");
    dft_crystal *out = NULL;
    const cand_film_options options = { { 1, 1, 1 }, 2, 0, 60.0 * ANG * ANG, 0.05, 12.0 * ANG };
    cand_film_info info;
    (void)unused;

    assert_int_equal(cand_film_build(collector, silver, &options, &out, &info, NULL), DFT_OK);
    assert_int_equal(info.cell.n_first, 1);
    assert_int_equal(info.cell.n_second, 1);
    assert_close(info.cell.norm, 0.0, 1e-9);
    assert_int_equal(out->n_atoms, 5);
    dft_crystal_free(out);
    dft_crystal_free(silver);
    dft_crystal_free(collector);
}

/* Ag(111) is 13 % wider than Cu(111): 7 x 7 Ag on 8 x 8 Cu is too large here, but turned cells are
 * within 3 %.  Mg(0001) on Ti3C2O2: 3.209 against 3.027 A, 6 %, 1x1 or a turned cell. */
static void coatings_state_the_strain_they_bear(void **unused)
{
    dft_crystal *copper = slab_of("Cu_fcc", 1, 1, 1, 3), *mxene = library_crystal("Ti3C2O2");
    dft_crystal *silver = library_crystal("Ag_fcc"), *magnesium = library_crystal("Mg_hcp");
    const cand_film_options ag = { { 1, 1, 1 }, 1, 0, 120.0 * ANG * ANG, 0.05, 12.0 * ANG };
    const cand_film_options mg = { { 0, 0, 1 }, 2, 0, 60.0 * ANG * ANG, 0.09, 12.0 * ANG };
    dft_crystal *out = NULL;
    cand_film_info info;
    dft_error err;
    (void)unused;

    assert_int_equal(cand_film_build(copper, silver, &ag, &out, &info, NULL), DFT_OK);
    assert_true(info.cell.norm <= 0.05 && info.cell.norm > 0.0);
    /* areas: n_first of copper against n_second of silver tell the mean strain again */
    const double area_ratio = (double)info.cell.n_first / (double)info.cell.n_second
                            * pow(copper->lattice[0][0], 2) / (0.5 * pow(silver->lattice[0][0], 2));
    assert_close((1.0 + info.cell.principal[0]) * (1.0 + info.cell.principal[1]), area_ratio, 1e-9);
    dft_crystal_free(out);

    assert_int_equal(cand_film_build(mxene, magnesium, &mg, &out, &info, NULL), DFT_OK);
    assert_int_equal(out->n_atoms, 7 * info.cell.n_first + 2 * info.cell.n_second);
    dft_crystal_free(out);

    const cand_film_options hopeless = { { 1, 1, 1 }, 1, 0, 6.0 * ANG * ANG, 0.001, 12.0 * ANG };
    assert_int_equal(cand_film_build(copper, silver, &hopeless, &out, &info, &err), DFT_EINPUT);
    assert_null(out);
    assert_non_null(strstr(err.message, "no common cell of film and collector below 6 A^2 and 0.1 %"));
    dft_crystal_free(magnesium);
    dft_crystal_free(silver);
    dft_crystal_free(mxene);
    dft_crystal_free(copper);
}

/* In the (110) face of a cubic crystal lie [001] and [1-10]; in (111) directions with h+k+l = 0. */
static void directions_lie_in_their_face(void **unused)
{
    static const int faces[][3] = { { 1, 1, 0 }, { 1, 0, 0 }, { 1, 1, 1 }, { 2, 1, 1 } };
    dft_crystal *li = library_crystal("Li_bcc");
    (void)unused;

    for (size_t k = 0; k < 4; k++)
        for (int i = 0; i < 5; i++) {
            const int m[2] = { i - 2, 1 };
            int uvw[3];
            assert_int_equal(cand_surface_direction(li, faces[k], m, uvw, NULL), DFT_OK);
            assert_int_equal(uvw[0] * faces[k][0] + uvw[1] * faces[k][1] + uvw[2] * faces[k][2], 0);
            assert_true(uvw[0] || uvw[1] || uvw[2]);
        }
    const int m[2] = { 1, 0 };
    int uvw[3];
    assert_int_equal(cand_surface_direction(li, faces[1], m, uvw, NULL), DFT_OK);
    assert_int_equal(abs(uvw[0]) + abs(uvw[1]) + abs(uvw[2]), 1); /* <001> */
    dft_crystal_free(li);
}

static void what_cannot_be_stacked_is_refused(void **unused)
{
    dft_crystal *copper = slab_of("Cu_fcc", 1, 1, 1, 3), *bulk = library_crystal("Li_bcc"), *out = NULL;
    const cand_coincidence one = { .first = { { 1, 0 }, { 0, 1 } }, .second = { { 1, 0 }, { 0, 1 } },
                                   .n_first = 1, .n_second = 1, .area = 1.0 };
    const cand_interface_options none = { .vacuum = 0.0 }, some = { .vacuum = 20.0 };
    dft_error err;
    dft_status status = DFT_ENOMEM;
    (void)unused;

    assert_int_equal(cand_interface_build(copper, copper, &one, &none, &out, NULL, &err), DFT_EINPUT);
    assert_non_null(strstr(err.message, "vacuum of 0 A"));
    assert_int_equal(cand_interface_build(copper, bulk, &one, &some, &out, NULL, &err), DFT_EINPUT);
    assert_null(out);
    for (long k = 1; status != DFT_OK; k++) {
        assert_true(k < 100);
        dft_alloc_refuse_nth(k);
        status = cand_interface_build(copper, copper, &one, &some, &out, NULL, NULL);
        dft_alloc_refuse_nth(0);
        assert_true(status == DFT_OK || (status == DFT_ENOMEM && !out));
    }
    dft_crystal_free(out);
    dft_crystal_free(bulk);
    dft_crystal_free(copper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lithium_sits_on_a_substrate_that_stays_as_it_is),
        cmocka_unit_test(a_film_of_the_collector_itself_has_no_strain),
        cmocka_unit_test(coatings_state_the_strain_they_bear),
        cmocka_unit_test(directions_lie_in_their_face),
        cmocka_unit_test(what_cannot_be_stacked_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
