#include "dft-lite/scf/checkpoint.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dft-lite/base/alloc.h"
#include "dft-lite/base/file.h"
#include "dft-lite/base/hash.h"
#include "dft-lite/scf/state.h"

static const char magic[16] = { 'd', 'f', 't', '-', 'l', 'i', 't', 'e', ' ', 's', 't', 'a', 't', 'e', ' ', '1' };
#define BYTE_ORDER_MARK 0x0102030405060708u
#define DIGEST 64

typedef struct {                        /* the file's first bytes */
    char magic[16];
    uint64_t byte_order, n_atoms, n_g, n_p, n_k, n_bands, n_spin, has_orbitals;
    double volume;
} header;

/* A position in a buffer that is measured (data NULL), written or read. */
typedef struct {
    char *data;
    size_t at, size;
    int reading;
} cursor;

/* Copies between the buffer and an array; 0 when the buffer is too short. */
static int pass(cursor *c, void *array, size_t n, size_t size)
{
    if (n > 0 && size > (SIZE_MAX / 4) / n)
        return 0;
    const size_t bytes = n * size;
    if (c->data && (bytes > c->size || c->at > c->size - bytes))
        return 0;
    if (c->data && c->reading)
        memcpy(array, c->data + c->at, bytes);
    else if (c->data)
        memcpy(c->data + c->at, array, bytes);
    c->at += bytes;
    return 1;
}

/* Orbitals pass through single precision. */
static int pass_orbitals(cursor *c, double complex *psi, size_t n)
{
    double *values = (double *)psi;

    for (size_t i = 0; i < 2 * n; i++) {
        float value = c->data && !c->reading ? (float)values[i] : 0.0f;
        if (!pass(c, &value, 1, sizeof value))
            return 0;
        if (c->reading)
            values[i] = value;
    }
    return 1;
}

/* The arrays that exist once sizes are known. */
static int pass_fields(cursor *c, dft_scf_state *s)
{
    return pass(c, s->z, s->n_atoms, sizeof *s->z) && pass(c, s->hkl, s->n_g, sizeof *s->hkl)
        && pass(c, s->rho_g, s->n_spin * s->n_g, sizeof *s->rho_g)
        && pass(c, s->atoms_g, s->n_g, sizeof *s->atoms_g)
        && pass(c, s->d_p, s->n_spin * s->n_p, sizeof *s->d_p) && pass(c, s->k, s->n_k, sizeof *s->k)
        && pass(c, s->n_pw, s->n_k, sizeof *s->n_pw);
}

static int pass_plane_waves(cursor *c, dft_scf_state *s)
{
    for (size_t ik = 0; ik < s->n_k; ik++)
        if (!pass(c, s->pw_hkl[ik], s->n_pw[ik], sizeof **s->pw_hkl))
            return 0;
    for (size_t i = 0; s->has_orbitals && i < s->n_spin * s->n_k; i++)
        if (!pass_orbitals(c, s->psi[i], s->n_bands * s->n_pw[i % s->n_k]))
            return 0;
    return 1;
}

static void write_all(cursor *c, dft_scf_state *state)
{
    header h = { "", BYTE_ORDER_MARK, state->n_atoms, state->n_g, state->n_p, state->n_k,
                 state->n_bands, state->n_spin, state->has_orbitals != 0, state->volume };

    memcpy(h.magic, magic, sizeof magic);
    pass(c, &h, 1, sizeof h);
    pass_fields(c, state);
    pass_plane_waves(c, state);
}

dft_status dft_checkpoint_write(const char *path, const dft_scf_state *state, dft_error *err)
{
    dft_scf_state copy = *state;        /* shallow: the arrays are only read */
    cursor measure = { 0 };
    char digest[DIGEST + 1];
    dft_status status;

    write_all(&measure, &copy);
    cursor c = { dft_alloc(measure.at + DIGEST, 1), 0, measure.at + DIGEST, 0 };
    if (!c.data)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for a checkpoint of %zu bytes", path, c.size);
    write_all(&c, &copy);
    dft_sha256_hex(c.data, c.at, digest);
    memcpy(c.data + c.at, digest, DIGEST);
    status = dft_file_write(path, c.data, c.size, err);
    free(c.data);
    return status;
}

static dft_status damaged(const char *path, dft_error *err)
{
    return dft_fail(err, DFT_EPARSE, "%s: the checkpoint is damaged or incomplete; remove it and start "
                    "without", path);
}

static dft_status read_file(const char *path, char **data, size_t *size, dft_error *err)
{
    FILE *file = fopen(path, "rb");
    long length = -1;
    dft_status status = DFT_OK;

    if (!file)
        return dft_fail(err, DFT_ENOFILE, "%s: cannot read the checkpoint: %s", path, strerror(errno));
    if (fseek(file, 0, SEEK_END) == 0)
        length = ftell(file);
    rewind(file);
    *size = length > 0 ? (size_t)length : 0;
    *data = dft_alloc(*size + 1, 1);
    if (length < 0 || !*data || fread(*data, 1, *size, file) != *size)
        status = *data ? damaged(path, err) : dft_fail(err, DFT_ENOMEM, "%s: no memory for %ld bytes",
                                                       path, length);
    fclose(file);
    return status;
}

static dft_status check_file(const char *path, const char *data, size_t size, dft_error *err)
{
    char digest[DIGEST + 1];
    header h;

    if (size < sizeof h + DIGEST || memcmp(data, magic, sizeof magic) != 0)
        return dft_fail(err, DFT_EPARSE, "%s is not a checkpoint of this version; start without it", path);
    memcpy(&h, data, sizeof h);
    if (h.byte_order != BYTE_ORDER_MARK)
        return dft_fail(err, DFT_EPARSE, "%s was written on a machine of another byte order; start without "
                        "it", path);
    dft_sha256_hex(data, size - DIGEST, digest);
    return memcmp(digest, data + size - DIGEST, DIGEST) == 0 ? DFT_OK : damaged(path, err);
}

/* Allocates the state's arrays; sizes have passed the checksum. */
static int make_state(const header *h, dft_scf_state **out)
{
    dft_scf_state *s = *out = dft_alloc(1, sizeof *s);

    if (!s)
        return 0;
    s->n_atoms = h->n_atoms;
    s->n_g = h->n_g;
    s->n_p = h->n_p;
    s->n_k = h->n_k;
    s->n_bands = h->n_bands;
    s->n_spin = h->n_spin;
    s->volume = h->volume;
    s->has_orbitals = h->has_orbitals != 0;
    s->z = dft_alloc_ints(s->n_atoms);
    s->hkl = dft_alloc(s->n_g, sizeof *s->hkl);
    s->rho_g = dft_alloc_complex(s->n_spin * s->n_g);
    s->atoms_g = dft_alloc_complex(s->n_g);
    s->d_p = dft_alloc_doubles(s->n_spin * s->n_p);
    s->k = dft_alloc(s->n_k, sizeof *s->k);
    s->n_pw = dft_alloc_sizes(s->n_k);
    s->pw_hkl = dft_alloc(s->n_k, sizeof *s->pw_hkl);
    s->psi = dft_alloc(s->n_spin * s->n_k, sizeof *s->psi);
    return s->z && s->hkl && s->rho_g && s->atoms_g && s->d_p && s->k && s->n_pw && s->pw_hkl && s->psi;
}

static int make_plane_waves(dft_scf_state *s)
{
    for (size_t ik = 0; ik < s->n_k; ik++)
        if (!(s->pw_hkl[ik] = dft_alloc(s->n_pw[ik], sizeof **s->pw_hkl)))
            return 0;
    for (size_t i = 0; i < s->n_spin * s->n_k; i++)
        if (!(s->psi[i] = dft_alloc_complex(s->n_bands * s->n_pw[i % s->n_k])))
            return 0;
    return 1;
}

static dft_status read_state(const char *path, char *data, size_t size, dft_scf_state **out,
                             dft_error *err)
{
    cursor c = { data, 0, size - DIGEST, 1 };
    header h;

    pass(&c, &h, 1, sizeof h);
    if (!make_state(&h, out))
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for the checkpoint", path);
    if (!pass_fields(&c, *out))
        return damaged(path, err);
    if (!make_plane_waves(*out))
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for the checkpoint", path);
    return pass_plane_waves(&c, *out) ? DFT_OK : damaged(path, err);
}

dft_status dft_checkpoint_read(const char *path, dft_scf_result **out, dft_error *err)
{
    dft_scf_result *result = dft_alloc(1, sizeof *result);
    char *data = NULL;
    size_t size = 0;
    dft_status status;

    *out = NULL;
    if (!result)
        return dft_fail(err, DFT_ENOMEM, "%s: no memory for the checkpoint", path);
    status = read_file(path, &data, &size, err);
    if (status == DFT_OK)
        status = check_file(path, data, size, err);
    if (status == DFT_OK)
        status = read_state(path, data, size, &result->state, err);
    free(data);
    if (status != DFT_OK) {
        dft_scf_result_free(result);
        return status;
    }
    result->n_bands = result->state->n_bands;
    *out = result;
    return DFT_OK;
}
