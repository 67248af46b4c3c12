# Li-substrate screening in C.  `make help` lists the targets.

CC       ?= gcc
BUILD    ?= build
SAN      ?=
comma    := ,
PKGS     := libxc fftw3 sqlite3 expat zlib yaml-0.1 jansson nettle cmocka

# Third-party flags are asked for only when something is built, after the packages are there.
OPENBLAS_DIR = $(firstword $(wildcard /usr/lib/*/openblas-openmp))
WARN     := -Wall -Wextra -Wshadow -Wconversion
OPT      ?= -O3 -march=native -fno-math-errno -fno-trapping-math
CSTD     := -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -g)
ifneq ($(SAN),)
BUILD    := $(BUILD)/san-$(subst $(comma),-,$(SAN))
endif
CFLAGS   += $(CSTD) $(OPT) -g -fopenmp $(WARN) $(SANFLAGS) -I.
CPPFLAGS += -MMD -MP $(shell pkg-config --cflags $(filter-out libxc cmocka,$(PKGS)) 2>/dev/null)
LDLIBS   += -lsymspg -lxc -lfftw3 -L$(OPENBLAS_DIR) -Wl,-rpath,$(OPENBLAS_DIR) -lopenblas \
            -llapacke -lsqlite3 -lglpk -lexpat -lz -lyaml -ljansson -lnettle -lm

DFT_SRC  := $(filter-out dft-lite/tools/%,$(wildcard dft-lite/*/*.c))
APP_SRC  := $(wildcard candidates/*.c descriptors/*.c workflows/*.c results/*.c)
SCREEN_SRC := $(filter-out screen/liscreen.c,$(wildcard screen/*.c))
DFTLITE_SRC := $(wildcard dft-lite/tools/*.c)
TOOL_SRC := dft-lite/tools/dftlite.c $(wildcard screen/liscreen.c)
SUPPORT_SRC := $(wildcard tests/support/*.c)
TEST_SRC := $(wildcard tests/*/test_*.c)
PHYSICS_SRC := $(wildcard tests/physics/test_*.c)
QUICK_SRC := $(filter-out $(PHYSICS_SRC),$(TEST_SRC))

obj       = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_DFT  := $(BUILD)/libdftlite.a
LIB_APP  := $(BUILD)/libliscreen.a
TOOLS    := $(patsubst %.c,$(BUILD)/bin/%,$(notdir $(TOOL_SRC)))
QUICK    := $(patsubst %.c,$(BUILD)/%,$(QUICK_SRC))
PHYSICS  := $(patsubst %.c,$(BUILD)/%,$(PHYSICS_SRC))

# Thread sanitizer: clang, whose OpenMP (libomp with archer) it understands; gcc's libgomp gives false alarms.
THREAD_TESTS ?= scf/test_scf scf/test_spin scf/test_density eigen/test_davidson hamiltonian/test_hamiltonian \
                terms/test_hartree terms/test_grid_xc properties/test_forces descriptors/test_rank
ARCHER = $(firstword $(wildcard /usr/lib/llvm-*/lib/libarcher.so))

.PHONY: all screen test test-threads run-thread-tests test-physics test-peers bench bench-peers check-layers setup help clean tests
.SECONDARY:

all: $(TOOLS)                    ## build the programs (build/bin/dftlite, build/bin/liscreen)

screen: setup                    ## install what is missing, build, run the quick campaign
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@$(BUILD)/bin/liscreen run screen/campaigns/quick.yaml

test: setup                      ## install what is missing, build, run the quick suite
	@$(MAKE) --no-print-directory -j$$(nproc) all tests check-layers
	@tests/run-tests.sh $(BUILD) $(QUICK)

test-threads: setup              ## programs with several threads under clang's thread sanitizer (slow)
	@./tests/support/ensure-packages.sh clang libomp-dev
	@$(MAKE) --no-print-directory CC=clang SAN=thread OPT=-O1 run-thread-tests

run-thread-tests: $(patsubst %,$(BUILD)/tests/%,$(THREAD_TESTS))
	@OMP_TOOL_LIBRARIES=$(ARCHER) TSAN_OPTIONS='ignore_noninstrumented_modules=1 exitcode=66' \
	    tests/run-tests.sh $(BUILD) $^

test-physics: setup              ## the slow suite: agreement with GPAW, identities (minutes)
	@$(MAKE) --no-print-directory -j$$(nproc) all $(PHYSICS)
	@tests/run-tests.sh $(BUILD) $(PHYSICS)

PEERS := $(wildcard tests/peers/*_pymatgen.py tests/peers/*_pandas.py tests/peers/*_mpmath.py)

test-peers: setup                ## compare anew with ASE, pymatgen, pandas, mpmath (installed by name); data into tests/data/peers
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@./tests/support/ensure-packages.sh python3-pymatgen python3-spglib python3-ase python3-pandas python3-mpmath
	@for script in $(PEERS); do echo "--- $$script"; /usr/bin/python3 $$script || exit 1; done

tests: $(QUICK)

BENCH_SRC := tests/bench/bench.c tests/bench/limits.c tests/bench/report.c tests/bench/run.c tests/bench/systems.c
ARGS     ?=

bench: setup                     ## time fixed systems, beside FFTW and OpenBLAS alone (ARGS='--only=small --repeat=3')
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/bin/bench
	@$(BUILD)/bin/bench $(ARGS)

bench-peers: setup               ## the same systems in GPAW and ABINIT, alternately (ARGS='--only=cu')
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/bin/bench
	@./tests/support/ensure-packages.sh gpaw mpi-default-bin
	@/usr/bin/python3 tests/bench/peers.py --bench=$(BUILD)/bin/bench $(ARGS)

setup:                           ## install missing Debian packages by name
	@./tests/support/ensure-packages.sh

check-layers:                    ## read every #include against the arrows of the design
	@./tests/support/test-check-layers.sh
	@./tests/support/check-layers.sh

clean:                           ## remove build/
	rm -rf $(BUILD)

help:                            ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1 \t/p' Makefile | expand -t 24

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$(LIB_DFT): $(call obj,$(DFT_SRC))
	@rm -f $@
	ar rcs $@ $^

# Oxidation states of the formal charges, from the one table that holds them: { "Li", { +1 } },
GEN := $(BUILD)/gen
$(GEN)/candidates/oxidation_states.inc: candidates/data/elements.csv
	@mkdir -p $(@D)
	awk -F, '!/^#/ && $$4 ~ /^[-+]/ { gsub(/ /, ", ", $$4); printf "{ \"%s\", { %s } },\n", $$1, $$4 }' $< > $@.new
	mv $@.new $@
$(call obj,candidates/charges.c): CPPFLAGS += -I$(GEN)
$(call obj,candidates/charges.c): $(GEN)/candidates/oxidation_states.inc

# Frame, style and script of the report as bytes of the executable.
REPORT_JS := $(patsubst %,screen/report/%.js,base chart map table ranking candidate night main)
$(BUILD)/obj/screen/report_parts.o: screen/report/report.html screen/report/report.css $(REPORT_JS)
	@mkdir -p $(@D)/report
	cp screen/report/report.html screen/report/report.css $(@D)/report
	cat $(REPORT_JS) > $(@D)/report/report.js
	cd $(@D)/report && $(LD) -r -b binary -z noexecstack -o ../report_parts.o report.html report.css report.js

$(LIB_APP): $(call obj,$(APP_SRC) $(SCREEN_SRC)) $(BUILD)/obj/screen/report_parts.o
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/bin/dftlite: $(call obj,$(DFTLITE_SRC)) $(LIB_DFT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(LDFLAGS) $(LDLIBS) -o $@

$(BUILD)/bin/liscreen: $(BUILD)/obj/screen/liscreen.o $(LIB_APP) $(LIB_DFT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(LDFLAGS) $(LDLIBS) -o $@

$(BUILD)/bin/bench: $(call obj,$(BENCH_SRC)) $(LIB_DFT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(LDFLAGS) $(LDLIBS) -lfftw3f -o $@

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(call obj,$(SUPPORT_SRC)) $(LIB_APP) $(LIB_DFT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $^ $(LDFLAGS) $(LDLIBS) -lcmocka -o $@

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
