#!/bin/bash
# What a computing centre does with Tanlu: builds it by hand where no development packages are, installs and removes it, loads
# its module, installs it by the Spack recipe. Archives, Debian packages, and what can be told of the container without one.
#   tests/packaging/run.sh [BUILD]     BUILD is the build directory (build), with the program
# The last line reads "N passed, N failed, N skipped". What cannot be tried on this machine is skipped, with the reason.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
build=${1:-build}
tanlu=$PWD/$build/tanlu
unset CFLAGS CPPFLAGS LDFLAGS MAKEFLAGS MFLAGS DESTDIR PREFIX DEPS LD_LIBRARY_PATH TANLU_PATH
# shellcheck source=tests/packaging/centre.sh
. tests/packaging/centre.sh

[ -x "$tanlu" ] || { echo "no program $tanlu: make build" >&2; exit 1; }
passed=0 failed=0 skipped=0
work=$(mktemp -d /tmp/tanlu-packaging.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

run() { # TEST
  local begin=$SECONDS
  if [ -n "${reason:-}" ]; then
    skipped=$((skipped + 1))
    printf '%-60s left out: %s\n' "${1//_/ }" "$reason"
  elif "$1" >"$work/$1.log" 2>&1; then
    passed=$((passed + 1))
    printf '%-60s ok      %4d s\n' "${1//_/ }" $((SECONDS - begin))
  else
    failed=$((failed + 1))
    printf '%-60s FAILED  %4d s\n' "${1//_/ }" $((SECONDS - begin))
    tail -n 40 "$work/$1.log" | sed 's/^/    | /'
  fi
}

# Commands joined by && run without bash's -e: these say which of them failed.
expect() { "$@" || { echo "failed: $*"; return 1; }; }
make_quietly() { make --no-print-directory -j"$(nproc)" BUILD="$work/build" CFLAGS=-O0 "$@" >"$work/make.log" 2>&1 || { tail -n 30 "$work/make.log"; return 1; }; }
same() { expect "$tanlu" compare "$1" "$2"; }

# --- install, module, Spack recipe ------------------------------------------------------------------------------------------

install_into_a_staging_directory_and_remove_it() {
  local stage=$work/stage prefix=/opt/tanlu-1
  local module=$stage$prefix/share/tanlu/modulefiles/tanlu/$version
  make_quietly install DESTDIR="$stage" PREFIX=$prefix || return
  expect test -f "$module" || return
  for file in share/man/man1/tanlu-run.1 share/bash-completion/completions/tanlu share/zsh/site-functions/_tanlu \
    share/fish/vendor_completions.d/tanlu.fish; do expect test -s "$stage$prefix/$file" || return; done
  ! grep '@\|stage' "$module" || { echo "a name was not filled in"; return 1; }
  expect grep "^set root $prefix\$" "$module" || return
  ! make_quietly install DESTDIR="$stage" PREFIX=opt || { echo "a relative PREFIX was taken"; return 1; }
  make_quietly uninstall DESTDIR="$stage" PREFIX=$prefix || return
  expect test -z "$(find "$stage" ! -type d)"
}

# The directory of the libraries, where distributions want another one.
libraries_go_where_libdir_says() {
  local stage=$work/libdir
  make_quietly install DESTDIR="$stage" PREFIX=/usr LIBDIR=/usr/lib/here || return
  expect test -f "$stage/usr/lib/here/libtanlu.so" || return
  # shellcheck disable=SC2016
  expect grep '^libdir=${prefix}/lib/here$' "$stage/usr/lib/here/pkgconfig/tanlu.pc" || return
  make_quietly uninstall DESTDIR="$stage" PREFIX=/usr LIBDIR=/usr/lib/here || return
  expect test -z "$(find "$stage" ! -type d)"
}

find_modules() {
  local init
  for init in "${MODULESHOME:-/nowhere}/init/bash" /usr/share/modules/init/bash /usr/share/lmod/lmod/init/bash; do
    if [ -r "$init" ]; then modules=$init; return; fi
  done
  return 1
}

# Load, use, load again, unload: the environment is as before. `man` finds its own pages beside those of the module.
the_module_loads_and_unloads() {
  make_quietly install PREFIX="$work/installed" || return
  # shellcheck disable=SC2016
  env -i PATH=/usr/local/bin:/usr/bin:/bin HOME="$work" bash -c '
    set -u
    fail() { echo "failed: $*"; exit 1; }
    expect() { [ "$2" = "$3" ] || fail "$1: $2; expected $3"; }
    set +u; . "$1"; set -u
    root=$2
    before=$PATH
    module use "$root/share/tanlu/modulefiles"
    module help tanlu 2>&1 | grep -q TANLU_SLURM || fail "module help"
    module whatis tanlu 2>&1 | grep -q "$3" || fail "module whatis"
    for round in 1 2; do
      module load tanlu || fail "module load"
      expect program "$(command -v tanlu)" "$root/bin/tanlu"
      expect version "$(tanlu --version | grep -o "$3" | head -n 1)" "$3"
      expect TANLU_ROOT "$TANLU_ROOT" "$root"
      [ -x "$TANLU_SLURM/submit.sh" ] || fail "TANLU_SLURM: $TANLU_SLURM"
      if command -v man >/dev/null; then
        expect "man tanlu" "$(man -w tanlu)" "$root/share/man/man1/tanlu.1"
        [ ! -e /usr/share/man/man1/ls.1.gz ] || man -w ls >/dev/null || fail "man ls"
      fi
      if command -v pkg-config >/dev/null; then
        expect pkg-config "$(pkg-config --cflags tanlu | xargs)" "-I$root/include/tanlu"
      fi
      case :$LD_LIBRARY_PATH: in *:$root/lib:*) ;; *) fail "LD_LIBRARY_PATH: $LD_LIBRARY_PATH" ;; esac
    done
    module unload tanlu
    expect PATH "$PATH" "$before"
    for name in TANLU_ROOT TANLU_SLURM MANPATH LD_LIBRARY_PATH PKG_CONFIG_PATH; do
      expect "$name" "${!name-}" ""
    done' bash "$modules" "$work/installed" "$version"
}

the_spack_recipe_fits_the_makefile() { python3 tests/packaging/spack_recipe.py check; }

# --- archive, Debian packages, container -------------------------------------------------------------------------------------

# Without git, in a directory that is no checkout: it builds, knows its commit, and its tests can be run.
the_archive_builds_and_tests_without_git() (
  local commit
  expect make --no-print-directory dist || return
  tar -xzf "build/dist/tanlu-$version.tar.gz" -C "$work" || return
  commit=$(git rev-parse --short HEAD)
  cd "$work/tanlu-$version" || return
  mkdir "$work/no-git" && printf '#!/bin/sh\nexit 127\n' >"$work/no-git/git" && chmod +x "$work/no-git/git" || return
  PATH=$work/no-git:$PATH
  expect make -j"$(nproc)" CFLAGS=-O0 build build/tests/test_leontief build/tests/test_pages || return
  build/tanlu --version | grep "($commit)\|-g$commit)" || { echo "another commit: $(build/tanlu --version)"; return 1; }
  expect build/tests/test_leontief || return
  expect build/tests/test_pages || return
  ! make dist || { echo "an archive without a repository"; return 1; }
)

# The version is that of the Makefile, and all that is probed for is asked for.
the_debian_packages_fit_the_makefile() {
  local package
  expect test "$(sed -n '1s/^tanlu (\(.*\)-[0-9]*) .*/\1/p' cli/debian/changelog)" = "$version" || return
  for package in $(grep -o 'probe [a-z][^ ]*-dev' .ci/deps | cut -d' ' -f2 | grep -v openmpi); do
    expect grep -q "^ *\(Build-Depends: \)\?$package\b" cli/debian/control || return
  done
}

# Unpacked below a root of their own: the program runs there with its data, the module of Python with its library.
the_debian_packages_work() {
  local root=$work/debian
  make --no-print-directory deb >"$work/deb.log" 2>&1 || { tail -n 30 "$work/deb.log"; return 1; }
  mkdir -p "$root"
  for package in build/deb/*tanlu*"_$version"-*.deb; do
    case $package in *dbgsym*) ;; *) dpkg-deb -x "$package" "$root" || return ;; esac
  done
  expect test "$(find "$root/usr/share/man/man1" -name 'tanlu-*.1.gz' | wc -l)" -ge 20 || return
  expect test -s "$root/usr/share/zsh/vendor-completions/_tanlu" || return
  dpkg-deb -f build/deb/tanlu_"$version"-*.deb Depends | grep libhdf5 | grep libopenblas0-openmp | grep libnlopt0 || return
  (
    cd "$work" && export TANLU_PATH=$root/usr/share/tanlu &&
      "$root/usr/bin/tanlu" run -q -f -o "$work/deb.h5" reference-42 && "$root/usr/bin/tanlu" check china-2020 >/dev/null
  ) || return
  if /usr/bin/python3 -c 'import numpy' 2>/dev/null; then
    TANLU_PATH=$root/usr/share/tanlu TANLU_LIBRARY=$(echo "$root"/usr/lib/*/libtanlu.so.0) PYTHONPATH=$root/usr/lib/python3/dist-packages \
      expect /usr/bin/python3 -c 'import tanlu; assert tanlu.Session().run("reference-42").indicator("co2_net", 2020) > 8000' || return
  fi
  if command -v lintian >/dev/null; then
    ! lintian --allow-root --fail-on none build/deb/*.changes 2>/dev/null | grep '^E:' || return
  fi
}

# What a container would be made of is there, and none of it needs to be root when it runs.
the_container_recipe_names_what_is_there() {
  local from
  for from in $(sed -n 's/^COPY \([^-][^ ]*\) .*/\1/p' cli/container/Containerfile); do expect test -e "$from" || return; done
  expect test "$(grep -c '^FROM ' cli/container/Containerfile)" = 2 || return
  expect test "$(grep '^USER ' cli/container/Containerfile)" = 'USER tanlu' || return
  expect grep '^ENTRYPOINT \["tanlu"\]$' cli/container/Containerfile
}

# --- the build by hand, in the centre ---------------------------------------------------------------------------------------

put_sources() {
  rm -rf "$centre/home/tanlu"
  mkdir "$centre/home/tanlu"
  tar --exclude=./build --exclude=./results --exclude=./.git --create . | tar --extract -C "$centre/home/tanlu"
  [ "$(id -u)" != 0 ] || chown -R "$CENTRE_USER:$CENTRE_USER" "$centre/home"
}

# Every package of .ci/deps is named, with its reason; what to do where there is no apt; a root that is none is refused.
probe_names_all_that_is_missing() {
  in_centre "$centre" 'make -s probe 2>/tmp/reasons | sort >/tmp/missing; cat /tmp/missing /tmp/reasons'
  expect diff "$centre/tmp/missing" - <<END || return
libcmocka-dev
libcsv-dev
libgsl-dev
libhdf5-dev
liblapacke-dev
libnlopt-dev
libopenblas-openmp-dev
librandom123-dev
libyaml-dev
nettle-dev
pkg-config
END
  expect test "$(grep -c ': No such file' "$centre/tmp/reasons")" = 10 || return
  in_centre "$centre" 'if make deps >/tmp/deps 2>&1; then exit 1; fi; grep "^No apt-get here: .*DEPS" /tmp/deps' || return
  in_centre "$centre" 'if make build DEPS=/opt/nosuch >/tmp/deps 2>&1; then exit 1; fi; grep "DEPS: /opt/nosuch has neither" /tmp/deps'
}

# Not one library of Tanlu's comes from the system; what is found at run time is found without LD_LIBRARY_PATH.
# shellcheck disable=SC2016 # expanded in the centre
FROM_OPT='test -z "$(ldd $program | grep -E "blas|lapack|hdf5|yaml|csv|nettle|gsl|nlopt|not found" | grep -v "=> /opt/")"'

# The same compiler and libraries as outside: the same bits. And a test program, with cmocka.
a_build_by_roots_has_the_same_bits() {
  expect "$tanlu" run -q -o "$work/outside.h5" dual-carbon || return
  # shellcheck disable=SC2016
  in_centre "$centre" 'export PREFIX=/home/installed WERROR=1
    export DEPS="/opt/openblas-full /opt/hdf5 /opt/libyaml/ /opt/libcsv /opt/nettle /opt/gsl /opt/nlopt /opt/random123 /opt/cmocka"
    make probe 2>&1 | grep "nothing is missing"
    make deps
    make -j2 build
    make install
    program=/home/installed/bin/tanlu; '"$FROM_OPT"'
    mv /home/tanlu /home/elsewhere; cd /home
    installed/bin/tanlu run -q -o /home/inside.h5 dual-carbon
    mv /home/elsewhere /home/tanlu; cd /home/tanlu
    make build/tests/test_leontief
    build/tests/test_leontief' && same "$work/outside.h5" "$centre/home/inside.h5"
}

# As before there were roots: each variable by itself, LAPACKE in a library of its own.
a_build_by_single_variables_runs() {
  # shellcheck disable=SC2016
  in_centre "$centre" 'export CFLAGS=-O0
    export BLAS_CFLAGS="-isystem /opt/openblas/include -isystem /opt/lapacke/include"
    export BLAS_LIBS="-L/opt/openblas/lib -L/opt/lapacke/lib -lopenblas -llapacke"
    export HDF5_CFLAGS="-isystem /opt/hdf5/include" HDF5_LIBS="-L/opt/hdf5/lib -lhdf5_hl -lhdf5" LDFLAGS=-Wl,--disable-new-dtags
    for name in openblas lapacke hdf5 libyaml libcsv nettle gsl nlopt random123 cmocka; do
      CPPFLAGS="${CPPFLAGS:-} -isystem /opt/$name/include"
      LDFLAGS="$LDFLAGS -L/opt/$name/lib -Wl,-rpath,/opt/$name/lib"
    done
    export CPPFLAGS LDFLAGS
    make probe 2>&1 | grep "nothing is missing"
    make -j2 build BUILD=build/variables
    program=build/variables/tanlu; '"$FROM_OPT"'
    $program run -q -o /home/variables.h5 reference-42'
}

# Modules that set the compiler's and the loader's own search paths, as many centres' do: nothing is named.
a_build_in_the_environment_of_modules_runs() {
  # shellcheck disable=SC2016
  in_centre "$centre" 'export CFLAGS=-O0
    for name in openblas-full hdf5 libyaml libcsv nettle gsl nlopt random123 cmocka; do
      CPATH=${CPATH:+$CPATH:}/opt/$name/include
      LIBRARY_PATH=${LIBRARY_PATH:+$LIBRARY_PATH:}/opt/$name/lib
    done
    export CPATH LIBRARY_PATH LD_LIBRARY_PATH=$LIBRARY_PATH
    make probe 2>&1 | grep "nothing is missing"
    make -j2 build BUILD=build/modules
    program=build/modules/tanlu; '"$FROM_OPT"'
    $program run -q -o /home/modules.h5 reference-42'
}

an_mpi_build_by_hand_gives_the_sweep_of_one_process() {
  # shellcheck disable=SC2016
  in_centre "$centre" 'export PREFIX=/home/installed WERROR=1
    export DEPS="/opt/openblas-full /opt/hdf5 /opt/libyaml/ /opt/libcsv /opt/nettle /opt/gsl /opt/nlopt /opt/random123 /opt/cmocka"
    export MPI_CFLAGS="-isystem /opt/openmpi/include" MPI_LIBS="-L/opt/openmpi/lib -Wl,-rpath,/opt/openmpi/lib -lmpi"
    export MPI_HDF5_CFLAGS="-isystem /opt/hdf5-mpi/include"
    export MPI_HDF5_LIBS="-L/opt/hdf5-mpi/lib -Wl,-rpath,/opt/hdf5-mpi/lib -lhdf5_hl -lhdf5"
    export SCALAPACK_LIBS="-L/opt/scalapack/lib -Wl,-rpath,/opt/scalapack/lib -lscalapack"
    make probe MPI=1 2>&1 | grep "nothing is missing"
    make -j2 build MPI=1
    program=build/tanlu-mpi; '"$FROM_OPT"'; for name in libmpi libhdf5_openmpi libscalapack; do ldd $program | grep "$name.* => /opt/"; done
    if ldd $program | grep libhdf5_serial; then exit 1; fi
    build/tanlu-mpi --version
    export OMPI_MCA_plm_rsh_agent=/bin/false OMPI_MCA_btl=self,vader
    printf "%s\n" "name: two" "scenario: reference-42" "design: monte-carlo" "samples: 64" "seed: 1" \
      "parameters: [{path: gdp.growth, mode: scale, distribution: {uniform: [0.8, 1.2]}}]" \
      "outputs: {indicators: [co2_net]}" "keep: indicators" >/home/two.yaml
    build/tanlu-mpi sweep -q --threads 1 -o /home/one.h5 /home/two.yaml
    mpirun --oversubscribe -n 2 build/tanlu-mpi sweep -q --threads 1 -o /home/two.h5 /home/two.yaml' &&
    same "$centre/home/one.h5" "$centre/home/two.h5"
}

# Spack's OpenBLAS holds LAPACKE.
the_make_commands_of_the_spack_recipe_work() {
  local lines
  mkdir -p "$work/spack"
  lines=$(python3 tests/packaging/spack_recipe.py lines /opt /home/spack) || return
  lines=${lines//\/opt\/openblas//opt/openblas-full}
  echo "$lines"
  # shellcheck disable=SC2016
  in_centre "$centre" "export CFLAGS=-O0 MAKEFLAGS=-j2; ${lines//$'\n'/; }"'
    program=/home/spack/bin/tanlu; '"$FROM_OPT"'
    $program run -q -o /home/spack.h5 reference-42; test -f /home/spack/share/tanlu/modulefiles/tanlu/'"$version"
}

# With its MPI both programs, all on one parallel HDF5; mpicc is asked for its flags.
the_make_commands_of_the_spack_recipe_with_mpi_work() {
  local lines
  lines=$(python3 tests/packaging/spack_recipe.py lines /opt /home/spack-mpi mpi scalapack) || return
  lines=${lines//\/opt\/openblas//opt/openblas-full}
  lines=${lines//\/opt\/hdf5//opt/hdf5-mpi}
  lines=${lines//\/opt\/mpi//opt/openmpi}
  echo "$lines"
  # shellcheck disable=SC2016
  in_centre "$centre" "export CFLAGS=-O0 MAKEFLAGS=-j2 ; ${lines//$'\n'/; }"'
    for program in /home/spack-mpi/bin/tanlu /home/spack-mpi/bin/tanlu-mpi; do
      '"$FROM_OPT"'; ldd $program | grep "libhdf5_openmpi.* => /opt/"
    done
    /home/spack-mpi/bin/tanlu run -q -o /home/spack-mpi.h5 reference-42; /home/spack-mpi/bin/tanlu-mpi --version'
}

version=$(sed -n 's/^VERSION := //p' Makefile)
reason=''
run install_into_a_staging_directory_and_remove_it
run libraries_go_where_libdir_says
command -v git >/dev/null && git rev-parse --verify -q HEAD >/dev/null || reason='no git, or no checkout'
run the_archive_builds_and_tests_without_git
reason=''
run the_debian_packages_fit_the_makefile
{ command -v dh && command -v dpkg-checkbuilddeps; } >/dev/null || reason='no debhelper or dpkg-dev here'
[ -n "$reason" ] || dpkg-checkbuilddeps cli/debian/control 2>/dev/null || reason='not all that cli/debian/control asks for is installed'
run the_debian_packages_work
reason=''
run the_container_recipe_names_what_is_there
modules=''
find_modules || reason='no Environment Modules or Lmod here (Debian: environment-modules or lmod)'
run the_module_loads_and_unloads
reason=''
command -v python3 >/dev/null || reason='no python3 here'
run the_spack_recipe_fits_the_makefile
no_python=$reason

centre=$work/centre
reason=$(make_centre "$centre") && reason=''
if [ -z "$reason" ]; then can_enter && put_sources; fi
run probe_names_all_that_is_missing
run a_build_by_roots_has_the_same_bits
run a_build_by_single_variables_runs
run a_build_in_the_environment_of_modules_runs
unreachable=$reason
reason=${unreachable:-$no_python}
run the_make_commands_of_the_spack_recipe_work
reason=$unreachable
if [ -z "$reason" ]; then
  for name in openmpi hdf5-mpi scalapack; do
    [ -d "$centre/opt/$name" ] || reason='no MPI to take there (Debian: libopenmpi-dev openmpi-bin libhdf5-openmpi-dev libscalapack-openmpi-dev)'
  done
fi
run an_mpi_build_by_hand_gives_the_sweep_of_one_process
reason=${reason:-$no_python}
run the_make_commands_of_the_spack_recipe_with_mpi_work

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
