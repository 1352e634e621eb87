# Tanlu: build, test, install. `make help` lists the targets and the variables.

VERSION := 0.1.0
SOVERSION := 0
BUILD := build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
JOBS ?= $(shell nproc 2>/dev/null || echo 1)

ifeq ($(origin CC),default)
CC := gcc
endif
CFLAGS ?= -O3 -g
PKG_CONFIG ?= pkg-config
FORMAT ?= $(or $(shell command -v clang-format-14),clang-format)

# --- libraries ----------------------------------------------------------------------------------------------------------
# Each of these can be given by hand, on the command line or exported, for example on a cluster (cli/CLUSTER.md):
# make DEPS="/opt/openblas /opt/hdf5 /opt/gsl", or make BLAS_LIBS="-L/opt/openblas/lib -lopenblas".

# The roots of libraries outside the default paths: their include directories, their library directories, and an rpath to
# these, all after what other variables name. An old-style rpath also reaches what the libraries load themselves.
DEPS ?=
comma := ,
DEPS_ROOTS := $(filter-out / /usr,$(patsubst %/,%,$(DEPS)))
$(foreach root,$(DEPS_ROOTS),$(if $(wildcard $(root)/include $(root)/lib $(root)/lib64),,$(error DEPS: $(root) has neither \
  include nor lib; expected the roots of installed libraries)))
in_deps = $(wildcard $(addsuffix /$(1),$(DEPS_ROOTS)))
DEPS_DIRS := $(call in_deps,lib64) $(call in_deps,lib)
DEPS_CFLAGS := $(addprefix -isystem ,$(call in_deps,include))
DEPS_LDFLAGS := $(if $(DEPS_ROOTS),-Wl$(comma)--disable-new-dtags) \
                $(foreach dir,$(DEPS_DIRS),-L$(dir) -Wl$(comma)-rpath$(comma)$(dir))

# The OpenMP build of OpenBLAS, named by directory: Debian's alternatives would prefer the pthread build when both are there.
# Elsewhere LAPACKE is most often part of OpenBLAS: -llapacke only where there is one.
MULTIARCH := $(or $(shell $(CC) -print-multiarch 2>/dev/null),$(shell uname -m)-linux-gnu)
BLAS_IN_DEPS := $(call in_deps,include/cblas.h) $(call in_deps,include/openblas/cblas.h)
OPENBLAS_DIR := $(if $(strip $(BLAS_IN_DEPS)),,$(wildcard /usr/lib/$(MULTIARCH)/openblas-openmp))
OPENBLAS_INCLUDE := $(if $(OPENBLAS_DIR),$(wildcard /usr/include/$(MULTIARCH)/openblas-openmp),$(call in_deps,include/openblas))
LAPACKE := $(if $(OPENBLAS_DIR),-llapacke,$(shell echo 'int main(void){return 0;}' | \
             $(CC) $(LDFLAGS) $(DEPS_LDFLAGS) -x c - -llapacke -o /dev/null 2>/dev/null && echo -llapacke))
BLAS_CFLAGS ?= $(addprefix -isystem ,$(OPENBLAS_INCLUDE))
BLAS_LIBS ?= $(if $(OPENBLAS_DIR),-L$(OPENBLAS_DIR) -Wl$(comma)--disable-new-dtags$(comma)-rpath$(comma)$(OPENBLAS_DIR)) \
             -lopenblas $(LAPACKE)

# The serial flavour by name: plain `hdf5` turns into the MPI flavour once that is installed.
ifeq ($(call in_deps,include/hdf5.h),)
HDF5_NAME := $(if $(shell $(PKG_CONFIG) --exists hdf5-serial 2>/dev/null && echo yes),hdf5-serial,hdf5)
HDF5_DIR := $(wildcard /usr/lib/$(MULTIARCH)/hdf5/serial)
HDF5_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags $(HDF5_NAME) 2>/dev/null)
HDF5_LIBS ?= $(or $(addprefix -L,$(HDF5_DIR)),$(shell $(PKG_CONFIG) --libs-only-L hdf5 2>/dev/null)) -lhdf5_hl -lhdf5
else
HDF5_LIBS ?= -lhdf5_hl -lhdf5
endif

# clang needs libomp for parallel regions; without it the regions run on one thread, with the same results.
ifneq ($(findstring clang,$(CC)),)
GCC_INCLUDE := $(shell gcc -print-file-name=include 2>/dev/null)
OPENMP ?= $(if $(shell echo 'int main(void){return 0;}' | $(CC) -fopenmp -include omp.h -x c - -o /dev/null 2>/dev/null \
               && echo yes),-fopenmp,-fopenmp=libgomp -idirafter $(GCC_INCLUDE))
else
OPENMP ?= -fopenmp
endif

# MPI=1: the same sources and the transport of cli/mpi_*.c, compiled in a directory of their own.
# -show is understood by the wrappers of Open MPI, MPICH and their kin. A compiler that is itself such a wrapper, as cc on a
# Cray, needs neither: MPI_CFLAGS= MPI_LIBS=.
MPICC ?= mpicc
MPI_SHOW = $(shell $(MPICC) -show 2>/dev/null)
MPI_CFLAGS ?= $(patsubst -I%,-isystem %,$(filter -I% -D%,$(MPI_SHOW)))
MPI_LIBS ?= $(filter -L% -l% -Wl$(comma)% -pthread,$(MPI_SHOW))
MPIRUN ?= mpirun

# Its `solve --solver distributed` needs ScaLAPACK, named by hand: pkg-config would add the pthread BLAS. SCALAPACK=0 leaves it out.
SCALAPACK ?= 1
SCALAPACK_LIBS ?= $(if $(strip $(foreach lib,lib lib64,$(call in_deps,$(lib)/libscalapack.*))),-lscalapack,-lscalapack-openmpi)
ifneq ($(SCALAPACK),0)
MPI_DEFINES := -DTANLU_SCALAPACK
endif

# Its outputs/ are compiled against parallel HDF5, never both flavours in one program. HDF5_PARALLEL=0: the serial one, rank 0
# writes alone.
HDF5_PARALLEL ?= 1
ifneq ($(HDF5_PARALLEL),0)
ifeq ($(call in_deps,include/hdf5.h),)
MPI_HDF5_NAME := $(if $(shell $(PKG_CONFIG) --exists hdf5-openmpi 2>/dev/null && echo yes),hdf5-openmpi,hdf5)
MPI_HDF5_CFLAGS ?= $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(MPI_HDF5_NAME) 2>/dev/null))
MPI_HDF5_LIBS ?= $(shell $(PKG_CONFIG) --libs-only-L $(MPI_HDF5_NAME) 2>/dev/null) -lhdf5_hl -lhdf5
else
MPI_HDF5_LIBS ?= -lhdf5_hl -lhdf5
endif
else
MPI_HDF5_CFLAGS = $(HDF5_CFLAGS)
MPI_HDF5_LIBS = $(HDF5_LIBS)
endif

OTHER_LIBS := -lyaml -lcsv -lnettle -lgsl -lnlopt -lm $(DEPS_LDFLAGS)
LIBS := $(BLAS_LIBS) $(HDF5_LIBS) $(OTHER_LIBS)

# --- flags --------------------------------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wstrict-prototypes -Wmissing-prototypes \
            -Wvla -Wformat=2 $(if $(filter 1,$(WERROR)),-Werror)
TUNING := $(CFLAGS) $(if $(filter 1,$(NATIVE)),-march=native)
DEFINES := -D_GNU_SOURCE -DTANLU_VERSION='"$(VERSION)"' -DTANLU_DATADIR='"$(PREFIX)/share/tanlu"'
compile_with = $(CC) -std=c17 $(TUNING) $(OPENMP) -fPIC $(WARNINGS) -I. $(DEFINES) $(BLAS_CFLAGS) $(1) $(CPPFLAGS) $(DEPS_CFLAGS)
COMPILE := $(call compile_with,$(HDF5_CFLAGS))
COMPILE_MPI = $(call compile_with,$(MPI_HDF5_CFLAGS) $(MPI_CFLAGS))
LINK := $(CC) $(TUNING) $(OPENMP) $(LDFLAGS) -Wl,--as-needed

# What changes with every commit goes into one object only, cli/version.o.
# An archive (make dist) holds the commit in cli/commit, where a checkout has place holders.
COMMIT := $(or $(shell sed -n '/^[^$$]/{p;q}' cli/commit 2>/dev/null),$(shell git describe --always --dirty --tags 2>/dev/null),unknown)
BUILD_FLAGS := $(strip $(notdir $(firstword $(CC))) $(shell $(CC) -dumpfullversion -dumpversion 2>/dev/null) $(filter-out -ffile-prefix-map=%,$(TUNING)))
VERSION_DEFINES := -DTANLU_COMMIT='"$(COMMIT)"' -DTANLU_BUILD_FLAGS='"$(BUILD_FLAGS)"'

ifeq ($(V),1)
Q :=
else
Q := @
say = @echo "  $(1)	$(2)";
endif

# --- files --------------------------------------------------------------------------------------------------------------

ROOMS := solvers model inputs outputs
object = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
MPI_SOURCES := $(sort $(wildcard cli/mpi_*.c outputs/mpi_*.c))
LIBRARY_SOURCES := $(filter-out $(MPI_SOURCES),$(sort $(foreach room,$(ROOMS),$(wildcard $(room)/*.c))))
PROGRAM_SOURCES := $(filter-out $(MPI_SOURCES),$(sort $(wildcard cli/*.c)))
MPI_PARTS := $(if $(MPI_DEFINES),$(MPI_SOURCES),$(filter-out cli/mpi_distributed.c,$(MPI_SOURCES)))
TEST_SOURCES := $(sort $(wildcard tests/test_*.c))
MPI_TEST_SOURCES := tests/mpi/test_sweeps.c $(if $(MPI_DEFINES),tests/mpi/test_solve.c)
SUPPORT_SOURCES := $(filter-out $(TEST_SOURCES),$(sort $(wildcard tests/*.c)))
BENCH_SOURCES := $(sort $(wildcard bench/bench_*.c))
MPI_BENCH_SOURCES := bench/mpi_messages.c
BENCH_SUPPORT_SOURCES := $(filter-out $(BENCH_SOURCES) $(MPI_BENCH_SOURCES),$(sort $(wildcard bench/*.c)))
SOURCES := $(LIBRARY_SOURCES) $(PROGRAM_SOURCES) $(MPI_SOURCES) $(TEST_SOURCES) $(MPI_TEST_SOURCES) $(SUPPORT_SOURCES) \
           $(BENCH_SOURCES) $(MPI_BENCH_SOURCES) $(BENCH_SUPPORT_SOURCES)
HEADERS := $(sort $(foreach room,$(ROOMS) cli tests bench,$(wildcard $(room)/*.h)))

STATIC := $(BUILD)/libtanlu.a
SHARED := $(BUILD)/libtanlu.so
PROGRAM := $(if $(PROGRAM_SOURCES),$(BUILD)/tanlu)
PAGES := $(if $(PROGRAM),$(BUILD)/man/done)
COMPLETIONS := $(if $(PROGRAM),$(addprefix $(BUILD)/completions/,tanlu _tanlu tanlu.fish))
TESTS := $(TEST_SOURCES:%.c=$(BUILD)/%)
BENCHES := $(BENCH_SOURCES:%.c=$(BUILD)/%)

# Targets that build and then do more call make again: so that libraries installed by `deps` are seen, and on all cores
# unless -j says otherwise.
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

.PHONY: all build programs deps probe run test test-mpi test-slurm test-packaging dist deb check install install-files uninstall lint syntax format format-check sanitize coverage bench figures \
        clean help showconfig FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: build

ifeq ($(MPI),1)
build: $(BUILD)/tanlu-mpi
else
build: $(STATIC) $(SHARED) $(PROGRAM) $(PAGES) $(COMPLETIONS)
endif

programs: build $(TESTS)

$(STATIC): $(call object,$(LIBRARY_SOURCES))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(SHARED): $(call object,$(LIBRARY_SOURCES))
	$(call say,LINK,$@)
	$(Q)$(LINK) -shared -Wl,-soname,libtanlu.so.$(SOVERSION) $^ -o $@ $(LIBS)
	$(Q)ln -sf $(@F) $@.$(SOVERSION)

$(BUILD)/tanlu: $(call object,$(PROGRAM_SOURCES)) $(STATIC)
	$(call say,LINK,$@)
	$(Q)$(LINK) $^ -o $@ $(LIBS)

# The program differs in the objects that ask for TANLU_MPI and in those that know HDF5; all others are those of the serial one.
DIFFERENT_SOURCES := $(shell grep -l -E '\<TANLU_MPI\>|<hdf5|hdf5_util_private\.h' $(PROGRAM_SOURCES) $(LIBRARY_SOURCES))
MPI_OBJECTS = $(patsubst %.c,$(BUILD)/mpi/%.o,$(DIFFERENT_SOURCES) $(MPI_PARTS))
# The pages of the commands are printed by the program, from the tables of its options; each takes in what cli/tanlu.1 says of its
# command besides.
TAKE_IN = awk -v name=$$command 'NR == FNR { if (/^\.S[SH] /) { gsub(/\\/, ""); on = $$1 == ".SS" && $$2 == name } else if (on) text = text $$0 "\n"; next } \
          /^\.\\" details$$/ { if (text != "") printf ".SH DETAILS\n%s", text; next } { print }' cli/tanlu.1

$(BUILD)/man/done: $(PROGRAM) cli/tanlu.1
	$(call say,MAN,$(@D)/tanlu-*.1)
	$(Q)rm -rf $(@D) && mkdir -p $(@D) && $(PROGRAM) --help=complete > $(@D)/table
	$(Q)set -e; for command in $$(awk -F'\t' '$$1 == "command" { print $$2 }' $(@D)/table); do \
	  $(PROGRAM) $$command --help=man > $(@D)/page; $(TAKE_IN) $(@D)/page > $(@D)/tanlu-$$command.1; done
	$(Q)rm $(@D)/page $(@D)/table && touch $@

# Completions take the same tables in, quoted as the shell wants them.
$(BUILD)/completions/table: $(PROGRAM)
	$(Q)mkdir -p $(@D) && $(PROGRAM) --help=complete > $@

$(BUILD)/completions/tanlu: cli/completions/tanlu.bash
$(BUILD)/completions/_tanlu: cli/completions/tanlu.zsh
$(BUILD)/completions/tanlu.fish: cli/completions/tanlu.fish
$(BUILD)/completions/tanlu.fish: quoting = s/[\\']/\\&/g
$(COMPLETIONS): $(BUILD)/completions/table
	$(call say,SHELL,$@)
	$(Q)sed $(call quote,$(quoting)) $< > $@.table
	$(Q)sed -e '/^@TABLE@$$/{r $@.table' -e 'd}' $(filter cli/%,$^) > $@ && rm $@.table

$(BUILD)/tanlu-mpi: $(MPI_OBJECTS) $(call object,$(filter-out $(DIFFERENT_SOURCES),$(PROGRAM_SOURCES) $(LIBRARY_SOURCES))) $(BUILD)/mpi/scalapack
	$(call say,LINK,$@)
	$(Q)$(LINK) $(filter %.o %.a,$^) -o $@ $(BLAS_LIBS) $(if $(MPI_DEFINES),$(SCALAPACK_LIBS)) $(MPI_HDF5_LIBS) $(MPI_LIBS) $(OTHER_LIBS)

# Is ScaLAPACK there? A record, so that another answer to SCALAPACK links anew.
$(BUILD)/mpi/scalapack: $(BUILD)/mpi/flags
	$(Q)mkdir -p $(@D)
	$(Q)[ -z "$(MPI_DEFINES)" ] || printf 'void pdgetrf_(void); int main(void) { pdgetrf_(); return 0; }\n' | \
	  $(LINK) -x c - -o $@ $(BLAS_LIBS) $(SCALAPACK_LIBS) $(MPI_LIBS) $(DEPS_LDFLAGS) || { \
	  echo "No ScaLAPACK: install libscalapack-openmpi-dev, name it by SCALAPACK_LIBS, or build without it: SCALAPACK=0" >&2; \
	  exit 1; }
	$(Q)touch $@

# Is the HDF5 the parallel one? Said once, before the first object.
HDF5_IS_PARALLEL = printf '\043include <hdf5.h>\n\043ifndef H5_HAVE_PARALLEL\n\043error serial\n\043endif\n' | \
                   $(CC) $(MPI_HDF5_CFLAGS) $(MPI_CFLAGS) $(CPPFLAGS) $(DEPS_CFLAGS) -x c -fsyntax-only - 2>/dev/null
$(BUILD)/mpi/hdf5: $(BUILD)/mpi/flags
	$(Q)[ "$(HDF5_PARALLEL)" = 0 ] || $(HDF5_IS_PARALLEL) || { \
	  echo "No parallel HDF5: install libhdf5-openmpi-dev, name it by MPI_HDF5_CFLAGS and MPI_HDF5_LIBS, or let one rank write: HDF5_PARALLEL=0" >&2; \
	  exit 1; }
	$(Q)touch $@

$(BUILD)/mpi/%.o: %.c $(BUILD)/mpi/hdf5
	$(call say,MPICC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE_MPI) -DTANLU_MPI $(MPI_DEFINES) $(EXTRA_DEFINES) -MMD -MP -c $< -o $@

# Tests load the shared library beside them, so that linking them is quick.
define LINK_TEST
$(call say,LINK,$@)
$(Q)mkdir -p $(@D)
$(Q)$(LINK) $^ -o $@ -Wl,-rpath,'$$ORIGIN/..:$$ORIGIN/../..' $(LIBS) -lcmocka
endef
$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(call object,$(SUPPORT_SOURCES)) $(SHARED)
	$(LINK_TEST)

$(BUILD)/tests/test_cluster_simulation: $(call object,bench/simulate_cluster.c bench/event_queue.c)

# It stands between the library and its allocator, and so needs the static one.
$(BUILD)/tests/test_out_of_memory: LINK += -Wl,--wrap=aligned_alloc -Wl,--wrap=free
$(BUILD)/tests/test_out_of_memory: $(call object,tests/test_out_of_memory.c $(SUPPORT_SOURCES)) $(STATIC)
	$(LINK_TEST)

$(BUILD)/bench/%: $(BUILD)/obj/bench/%.o $(call object,$(BENCH_SUPPORT_SOURCES)) $(STATIC)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) $^ -o $@ $(LIBS)

$(BUILD)/bench/mpi_messages: $(BUILD)/mpi/bench/mpi_messages.o
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) $^ -o $@ $(MPI_LIBS)

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(EXTRA_DEFINES) -MMD -MP -c $< -o $@

$(BUILD)/obj/cli/version.o: EXTRA_DEFINES = $(VERSION_DEFINES)
$(BUILD)/obj/cli/version.o: $(BUILD)/version

# Records that are rewritten, while the Makefile is read, only when their text changes: other flags rebuild everything, a
# new commit one object, and `make -q` can tell whether a program is up to date.
quote = '$(subst ','\'',$(1))'
record = $(shell mkdir -p $(dir $(1)); printf '%s\n' $(2) | cmp -s - $(1) || printf '%s\n' $(2) > $(1))
NO_BUILD_GOALS := dist deb install-files clean help deps probe syntax format format-check lint uninstall showconfig
ifneq ($(or $(if $(MAKECMDGOALS),,all),$(filter-out $(NO_BUILD_GOALS),$(MAKECMDGOALS))),)
$(call record,$(BUILD)/flags,$(call quote,$(COMPILE)))
$(call record,$(BUILD)/version,$(call quote,$(VERSION_DEFINES)))
$(call record,$(BUILD)/mpi/flags,$(call quote,$(COMPILE_MPI) $(MPI_DEFINES) $(MPI_HDF5_LIBS) $(SCALAPACK_LIBS) $(MPI_LIBS)))
endif
$(BUILD)/flags $(BUILD)/version $(BUILD)/mpi/flags: ;

-include $(patsubst %.o,%.d,$(call object,$(SOURCES)) $(MPI_OBJECTS) $(BUILD)/mpi/bench/mpi_messages.o)

# --- what is needed -----------------------------------------------------------------------------------------------------

PROBE = CC="$(CC)" PROBE_FLAGS="$(OPENMP) $(BLAS_CFLAGS) $(HDF5_CFLAGS) $(CPPFLAGS) $(DEPS_CFLAGS)" PKG_CONFIG="$(PKG_CONFIG)" \
        BLAS_LIBS="$(BLAS_LIBS)" HDF5_LIBS="$(HDF5_LIBS)" LDFLAGS="$(LDFLAGS)" DEPS_LDFLAGS="$(DEPS_LDFLAGS)" \
        $(if $(filter 1,$(MPI)),$(PROBE_MPI)) .ci/deps
PROBE_MPI = MPI=1 MPI_FLAGS="$(OPENMP) $(BLAS_CFLAGS) $(MPI_HDF5_CFLAGS) $(MPI_CFLAGS) $(CPPFLAGS) $(DEPS_CFLAGS)" MPI_LIBS="$(MPI_LIBS)" \
            MPI_HDF5_LIBS="$(if $(filter-out 0,$(HDF5_PARALLEL)),$(MPI_HDF5_LIBS))" SCALAPACK_LIBS="$(if $(MPI_DEFINES),$(SCALAPACK_LIBS))"

# Names the Debian packages whose probe does not compile; with MPI=1 also those of MPI, its HDF5 and ScaLAPACK.
probe:
	@$(PROBE) probe

# The stamp holds the compiler and the library flags it was tried with.
DEPS_RECORD := $(call quote,$(CC) $(OPENMP) $(DEPS) $(BLAS_CFLAGS) $(BLAS_LIBS) $(HDF5_CFLAGS) $(HDF5_LIBS) $(CPPFLAGS) $(LDFLAGS))
NESTED = $(MAKE) --no-print-directory# named so that make -n does not start it
deps:
	@printf '%s\n' $(DEPS_RECORD) | cmp -s - build/deps || MAKE="$(NESTED)" .ci/deps install

build/deps: FORCE
	@mkdir -p $(@D); printf '%s\n' $(DEPS_RECORD) > $@

# --- run, test, measure -------------------------------------------------------------------------------------------------

SCENARIOS := reference structure energy-mix dual-carbon accelerated
SCENARIOS_42 := reference-42 dual-carbon-42

run: deps
	@$(SUBMAKE) build
	@mkdir -p results
	$(BUILD)/tanlu run --force -o results/china-2020.h5 $(SCENARIOS)
	$(BUILD)/tanlu run --force -o results/china-2020-42.h5 $(SCENARIOS_42)

# A test program that cannot be built counts as failed; it must not run in an older form.
BUILD_TESTS = $(SUBMAKE) -k programs BUILD=$(1) || for program in $(TEST_SOURCES:%.c=$(1)/%) $(1)/tanlu; do \
              $(MAKE) --no-print-directory -q $$program BUILD=$(1) 2>/dev/null || rm -f $$program; done

test: deps
	@$(call BUILD_TESTS,$(BUILD))
	@tests/run.sh $(BUILD)

# Says why tanlu-mpi cannot be built or started here; nothing where it can.
WHY_NO_MPI = if ! command -v $(MPIRUN) >/dev/null || [ -z "$(strip $(MPI_LIBS))" ]; then \
               echo "no $(MPIRUN) or no MPI to build with (on Debian: libopenmpi-dev openmpi-bin)"; \
             elif [ "$(HDF5_PARALLEL)" != 0 ] && ! { $(HDF5_IS_PARALLEL); }; then \
               echo "no parallel HDF5 (on Debian: libhdf5-openmpi-dev), and not HDF5_PARALLEL=0"; fi

# With ranks beyond the cores, and as root where it must be.
test-mpi: export OMPI_ALLOW_RUN_AS_ROOT = 1
test-mpi: export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = 1
test-mpi:
	@why=$$($(WHY_NO_MPI)); if [ -n "$$why" ]; then echo "test-mpi: left out: $$why"; else \
	  $(SUBMAKE) $(PROGRAM) $(BUILD)/tanlu-mpi $(MPI_TEST_SOURCES:%.c=$(BUILD)/%) && \
	  status=0 && for program in $(MPI_TEST_SOURCES:%.c=$(BUILD)/%); do \
	    TANLU_PROGRAM=$(BUILD)/tanlu TANLU_MPI_PROGRAM=$(abspath $(BUILD)/tanlu-mpi) \
	    TANLU_MPIRUN=$$(command -v $(MPIRUN)) $$program || status=1; done; exit $$status; fi

# Job scripts on a one-node Slurm of its own; not part of `test`.
test-slurm: deps
	@$(SUBMAKE) build
	@why=$$($(WHY_NO_MPI)); [ -n "$$why" ] || $(SUBMAKE) $(BUILD)/tanlu-mpi || why="tanlu-mpi could not be built, see above"; \
	TANLU_NO_MPI=$$why tests/slurm/run.sh $(BUILD)

# What a computing centre does with Tanlu; not part of `test`.
test-packaging: deps
	@$(SUBMAKE) build
	@tests/packaging/run.sh $(BUILD)

check:
	@$(call BUILD_TESTS,$(BUILD))
	@tests/run.sh --fast $(BUILD)

sanitize: export CFLAGS = -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
sanitize:
	@$(call BUILD_TESTS,build/sanitize)
	@tests/run.sh --fast build/sanitize

coverage: export CFLAGS = -O0 -g --coverage
coverage:
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(call BUILD_TESTS,build/coverage)
	@tests/run.sh build/coverage
	gcovr --root . --object-directory build/coverage --exclude tests/ --exclude bench/ --print-summary build/coverage

# Figures of the report, as README and guide show them.
figures: run
	$(PROGRAM) report --quiet --force --figures $(BUILD)/figures --formats svg results/china-2020.h5
	$(PROGRAM) run --quiet --force -o results/provinces.h5 reference-provinces dual-carbon-provinces >/dev/null
	$(PROGRAM) report --quiet --force --figures $(BUILD)/figures/provinces --formats svg results/provinces.h5
	cp $(BUILD)/figures/co2-paths.svg $(BUILD)/figures/energy-flows.svg outputs/figures/
	cp $(BUILD)/figures/provinces/regions-paths.svg outputs/figures/provinces.svg

bench:
	@$(SUBMAKE) build bench-programs
	@test -d results/synthetic-1302 || { mkdir -p results && \
	  $(PROGRAM) synth --regions 31 --sectors 42 -o results/synthetic-1302 >/dev/null; }
	@for program in $(filter-out %bench_model %bench_mpi %bench_cluster,$(BENCHES)) "$(BUILD)/bench/bench_model --synthetic results/synthetic-1302"; \
	  do echo; echo "== $$program"; $$program || exit 1; done

.PHONY: bench-programs
bench-programs: $(BENCHES)

# Ranks on this machine, then a cluster simulated from what a sweep costs here: tables, JSON lines and the figure. BENCH_MPI and
# BENCH_CLUSTER hand options to the two programs (bench/CLUSTER_SCALING.md).
.PHONY: bench-mpi bench-cluster
bench-mpi bench-cluster: export OMPI_ALLOW_RUN_AS_ROOT = 1
bench-mpi bench-cluster: export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = 1
bench-mpi bench-cluster: export TANLU_PROGRAM = $(BUILD)/tanlu
bench-mpi bench-cluster: export TANLU_MPI_PROGRAM = $(abspath $(BUILD)/tanlu-mpi)
bench-mpi bench-cluster: export TANLU_MPIRUN = $(MPIRUN)
bench-mpi:
	@$(SUBMAKE) $(PROGRAM) $(BUILD)/tanlu-mpi $(BUILD)/bench/bench_mpi
	@$(BUILD)/bench/bench_mpi $(BENCH_MPI)

bench-cluster: bench-mpi
	@$(SUBMAKE) $(BUILD)/bench/bench_cluster $(BUILD)/bench/mpi_messages
	@$(BUILD)/bench/bench_cluster --messages=$(BUILD)/bench/mpi_messages $(BENCH_CLUSTER)
	gnuplot -e "data='results/bench-cluster.csv'; output='outputs/figures/cluster-scaling.png'" \
	  outputs/figures/cluster-scaling.gp

# --- care of the sources ------------------------------------------------------------------------------------------------

format:
	$(FORMAT) -i $(SOURCES) $(HEADERS)

format-check:
	@$(FORMAT) --dry-run -Werror -ferror-limit=1 $(SOURCES) $(HEADERS)

# Of tests and benchmarks, without code; the library and the program are for `build`.
syntax:
	@printf '%s\n' $(TEST_SOURCES) $(SUPPORT_SOURCES) $(BENCH_SOURCES) $(BENCH_SUPPORT_SOURCES) | \
	  xargs -P $(JOBS) -n 8 $(COMPILE) -fsyntax-only

lint: lint-tidy lint-cppcheck

LINT_FLAGS := -I. $(DEFINES) $(VERSION_DEFINES) $(BLAS_CFLAGS) $(HDF5_CFLAGS) $(DEPS_CFLAGS)

# One file a process: the analyser of clang-tidy 14 confuses the va_list of one file with that of another.
.PHONY: lint-tidy lint-cppcheck
lint-tidy: export TIDY_FLAGS = -std=c17 -fopenmp $(LINT_FLAGS)
lint-tidy:
	@printf '%s\n' $(SOURCES) | xargs -P $(JOBS) -I FILE sh -c 'eval clang-tidy --quiet FILE -- $$TIDY_FLAGS 2>/dev/null'

lint-cppcheck:
	@cppcheck --quiet -j $(JOBS) --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -I. \
	  --suppress=missingIncludeSystem $(DEFINES) $(VERSION_DEFINES) $(LIBRARY_SOURCES) $(PROGRAM_SOURCES)

# --- install ------------------------------------------------------------------------------------------------------------

ROOT := $(DESTDIR)$(PREFIX)
LIB := $(DESTDIR)$(LIBDIR)
SHARE := $(ROOT)/share/tanlu
INSTALLED_COMPLETIONS := $(addprefix $(ROOT)/share/,bash-completion/completions/tanlu zsh/site-functions/_tanlu \
                          fish/vendor_completions.d/tanlu.fish)
MPI_COMPLETIONS := $(addprefix $(ROOT)/share/,bash-completion/completions/tanlu-mpi fish/vendor_completions.d/tanlu-mpi.fish)
MODULEFILE := $(SHARE)/modulefiles/tanlu/$(VERSION)
ifneq ($(filter install install-files,$(MAKECMDGOALS)),)
$(if $(filter-out /%,$(PREFIX)),$(error PREFIX is $(PREFIX); expected an absolute path))
endif
install: build $(STATIC) $(SHARED) $(PROGRAM) $(PAGES) $(COMPLETIONS)
	@$(MAKE) --no-print-directory install-files

# Of what is built, as it is.
install-files:
	install -d $(ROOT)/bin $(LIB)/pkgconfig $(SHARE) $(foreach room,$(ROOMS),$(ROOT)/include/tanlu/$(room))
	$(if $(PROGRAM),install -m 755 $(PROGRAM) $(ROOT)/bin/tanlu)
	if [ -e $(BUILD)/tanlu-mpi ]; then install -m 755 $(BUILD)/tanlu-mpi $(ROOT)/bin/tanlu-mpi; fi
	install -d $(ROOT)/share/man/man1
	install -m 644 cli/tanlu.1 $(if $(PROGRAM),$(BUILD)/man/tanlu-*.1) $(ROOT)/share/man/man1
	install -d $(dir $(INSTALLED_COMPLETIONS))
	$(if $(PROGRAM),for shell in $(join $(addsuffix :,$(COMPLETIONS)),$(INSTALLED_COMPLETIONS)); do \
	  install -m 644 $${shell%:*} $${shell#*:}; done)
	if [ -e $(BUILD)/tanlu-mpi ]; then for shell in $(MPI_COMPLETIONS); do ln -sf tanlu$${shell#*/tanlu-mpi} $$shell; done; fi
	install -d $(SHARE)/python
	install -m 644 outputs/python/tanlu.py $(SHARE)/python/tanlu.py
	install -d $(SHARE)/slurm
	install -m 755 $(wildcard cli/slurm/*.sh) $(SHARE)/slurm
	install -d $(dir $(MODULEFILE))
	sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@VERSION@|$(VERSION)|g' cli/modulefile.tcl > $(MODULEFILE)
	install -m 644 $(STATIC) $(LIB)/libtanlu.a
	install -m 755 $(SHARED) $(LIB)/libtanlu.so.$(VERSION)
	ln -sf libtanlu.so.$(VERSION) $(LIB)/libtanlu.so.$(SOVERSION)
	ln -sf libtanlu.so.$(SOVERSION) $(LIB)/libtanlu.so
	$(foreach room,$(ROOMS),$(if $(wildcard $(room)/*.h),install -m 644 $(filter-out %_private.h $(room)/mpi_%.h,$(wildcard $(room)/*.h)) \
	  $(ROOT)/include/tanlu/$(room);))
	for part in data regions scenarios sweeps policy; do \
	  rm -rf $(SHARE)/$$part; if [ -d inputs/$$part ]; then cp -R inputs/$$part $(SHARE)/$$part; fi; done
	chmod -R u=rwX,go=rX $(SHARE)
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))' 'includedir=$${prefix}/include' '' 'Name: tanlu' \
	  'Description: Scenario engine for carbon pathways of China' 'Version: $(VERSION)' \
	  'Cflags: -I$${includedir}/tanlu' 'Libs: -L$${libdir} -ltanlu' \
	  'Libs.private: $(OPENMP) $(strip $(LDFLAGS) $(LIBS))' > $(LIB)/pkgconfig/tanlu.pc

uninstall:
	rm -f $(ROOT)/bin/tanlu $(ROOT)/bin/tanlu-mpi $(LIB)/libtanlu.a $(LIB)/libtanlu.so $(LIB)/libtanlu.so.$(SOVERSION) \
	  $(LIB)/libtanlu.so.$(VERSION) $(LIB)/pkgconfig/tanlu.pc \
	  $(ROOT)/share/man/man1/tanlu.1 $(ROOT)/share/man/man1/tanlu-*.1 $(INSTALLED_COMPLETIONS) $(MPI_COMPLETIONS)
	rm -rf $(ROOT)/include/tanlu $(SHARE)

clean:
	rm -rf build

# --- archives and packages ----------------------------------------------------------------------------------------------

# Of the last commit, the same bytes each time; it builds and tests without git and knows its commit.
DIST := build/dist/tanlu-$(VERSION).tar.gz
dist:
	@git rev-parse --verify -q HEAD >/dev/null && [ -z "$$(git rev-parse --show-prefix)" ] || { \
	  echo "make dist: this is no checkout of Tanlu's repository; expected one, with git" >&2; exit 1; }
	@[ -z "$$(git status --porcelain)" ] || echo "make dist: what is not committed is left out" >&2
	@mkdir -p $(dir $(DIST))
	git archive --format=tar --prefix=tanlu-$(VERSION)/ HEAD | gzip -9n > $(DIST)
	@echo $(DIST)

# Debian packages of the tree as it is, by cli/debian; tests are left to `make test`, as DEB_BUILD_OPTIONS=nocheck says.
DEB := build/deb/tanlu-$(VERSION)
deb: export DEB_BUILD_OPTIONS ?= nocheck
deb: export DEB_BUILD_PROFILES ?= $(filter nocheck,$(DEB_BUILD_OPTIONS))
deb:
	@command -v dpkg-buildpackage >/dev/null && command -v dh >/dev/null || { \
	  echo "make deb: needs the packages dpkg-dev and debhelper" >&2; exit 1; }
	@rm -rf build/deb && mkdir -p $(DEB)
	@tar --exclude=./build --exclude=./results --exclude=./.git --exclude=./cli/debian --create . | tar --extract -C $(DEB)
	@cp -R cli/debian $(DEB)/debian && printf '%s\n' $(call quote,$(COMMIT)) > $(DEB)/cli/commit
	cd $(DEB) && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u PREFIX -u DESTDIR dpkg-buildpackage -b -us -uc -j$(JOBS)
	@ls build/deb/*.deb

shown = '$(subst ','"'"',$(1))'
showconfig:
	@printf '%s\n' 'CC          $(CC)' $(call shown,COMPILE     $(COMPILE)) $(call shown,LINK        $(LINK)) 'LIBS        $(LIBS)' \
	  'PREFIX      $(PREFIX)' 'DEPS        $(DEPS)' '' 'with MPI=1' 'MPICC       $(MPICC)' 'MPIRUN      $(MPIRUN)' \
	  $(call shown,COMPILE     $(strip $(COMPILE_MPI) $(MPI_DEFINES))) \
	  'HDF5        $(if $(filter 0,$(HDF5_PARALLEL)),serial: HDF5_PARALLEL=0,parallel)' \
	  'LIBS        $(strip $(BLAS_LIBS) $(if $(MPI_DEFINES),$(SCALAPACK_LIBS)) $(MPI_HDF5_LIBS) $(MPI_LIBS) $(OTHER_LIBS))'

help:
	@printf '%s\n' \
	'make            build the library and the program in build/ (also: make build)' \
	'make deps       install what is missing on Debian (probes by compiling; needs root or sudo to install)' \
	'make run        build, project the shipped scenarios into results/, print the summary' \
	'make test       build and run every test, TEST_JOBS (the cores) programs at a time; make check: without the slow ones' \
	'make test-mpi   sweeps and solves of several MPI ranks (left out where there is no MPI); TANLU_KILLS=20: more kills' \
	'make test-slurm the job scripts, with MPI where it is, on a one-node Slurm of its own (packages slurm-wlm and munge)' \
	'make test-packaging  the build by hand in a root without development packages, the module file, the Spack recipe' \
	'make install    program, libraries, headers, data, pages and completions to PREFIX (/usr/local), below DESTDIR; make uninstall' \
	'                also build/tanlu-mpi where that was built before' \
	'make dist       build/dist/tanlu-$(VERSION).tar.gz of the last commit; make deb: Debian packages in build/deb' \
	'make bench      build and run the benchmarks; make figures: those of the README' \
	'make bench-mpi  sweeps over MPI ranks; make bench-cluster: that, a cluster simulated from it, and its figure' \
	'make sanitize   the fast tests under the address and undefined-behaviour sanitizers' \
	'make coverage   all tests with line coverage (gcovr)' \
	'make lint       clang-tidy and cppcheck; make format, make format-check: clang-format' \
	'make syntax     the warnings of tests and benchmarks, without building them' \
	'make probe      what is missing to build, and why; make probe MPI=1: for tanlu-mpi' \
	'make showconfig compiler, flags and libraries as found, for both programs; make clean: remove build/' \
	'' \
	'make MPI=1      build/tanlu-mpi: its sweeps run on the cores of many nodes, with parallel HDF5 (HDF5_PARALLEL=0:' \
	'                without); its distributed solver needs ScaLAPACK (SCALAPACK=0 leaves it out)' \
	'Variables: CC, CFLAGS (-O3 -g), CPPFLAGS, LDFLAGS, NATIVE=1 (tune for this machine), WERROR=1, V=1 (show commands),' \
	'PREFIX, LIBDIR, DESTDIR; to name libraries by hand, as on a cluster: DEPS="ROOT..." (their installation roots), BLAS_CFLAGS,' \
	'BLAS_LIBS, HDF5_CFLAGS, HDF5_LIBS, OPENMP, MPICC, MPI_CFLAGS, MPI_LIBS, MPIRUN,' \
	'MPI_HDF5_CFLAGS, MPI_HDF5_LIBS, SCALAPACK_LIBS. All may be exported instead.'
