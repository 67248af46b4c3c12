/*
 * tests/fuzz/fuzz_read.c - libFuzzer on the readers of crystals.
 *
 *     tests/fuzz/run.sh cif|poscar|extxyz SECONDS
 *
 * Any input must give a crystal or one sentence: no crash, hang or leak.  What was found is kept in
 * tests/data/crystals/fuzz-FORMAT.bin (pack.sh), which tests/crystal/test_read_fuzz.c reads with every test run.
 */
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dft-lite/crystal/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    dft_crystal *crystal = NULL;
    dft_crystal_remarks remarks;
    dft_error err = { DFT_OK, "" };

    if (fd < 0) {
        fd = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
        abort();
    const dft_status status = dft_crystal_read_remarks(path, &crystal, &remarks, &err);
    if ((status == DFT_OK) != (crystal != NULL) || (status != DFT_OK && err.message[0] == '\0'))
        abort();
    dft_crystal_remarks_clear(&remarks);
    dft_crystal_free(crystal);
    return 0;
}
