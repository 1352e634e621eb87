# A computing centre in a directory, for tests/packaging/run.sh: a root with a compiler, make and a shell and no library to
# build with, and under its /opt every library of Tanlu in a directory of its own, as modules or Spack lay them out. It is
# put together from the packages of this Debian; nothing is fetched.
#   make_centre ROOT          fills ROOT; a reason on stdout and status 1 where that cannot be
#   in_centre ROOT COMMAND    runs a line of shell there, without root's rights and with an empty environment
# shellcheck shell=bash

SYSTEM_PACKAGES="gcc libc6-dev libc-bin make bash dash coreutils sed grep mawk diffutils findutils binutils libgfortran5"
CENTRE_USER=4711

copy_list() { tar --create --no-recursion --files-from=- --ignore-failed-read 2>/dev/null | tar --extract -C "$1"; }

installed_closure() { # PACKAGE...: these and what they depend on
  apt-cache depends --recurse --important --installed "$@" | grep -o '^[a-z0-9][^ ]*' | sort -u
}

# A package's files, without what nobody runs; the directories that are links (/bin to /usr/bin) are links already.
system_files() {
  installed_closure "$@" | xargs dpkg -L 2>/dev/null | sort -u |
    grep -v -E '^/usr/share/(doc|man|locale|info|lintian|bug)/|^/(bin|sbin|lib|lib64|\.)?$' | sed -E 's,^/(bin|sbin|lib|lib64)/,/usr/\1/,'
}

# place NAME PACKAGE...: headers and shared libraries of development packages in /opt/NAME, without Debian's subdirectories.
place() {
  local prefix=$centre/opt/$1 file soname
  shift
  mkdir -p "$prefix/include" "$prefix/lib"
  while read -r file; do
    [ -f "$file" ] || continue
    case $file in
      */include/*)
        local inside
        inside=$(sed -E 's,.*/include/,,; s,^[a-z0-9_]+-linux-gnu/,,; s,^(hdf5/serial|hdf5/openmpi|openblas-openmp)/,,' <<<"$file")
        mkdir -p "$prefix/include/$(dirname "$inside")"
        cp -L "$file" "$prefix/include/$inside"
        ;;
      *.so)
        soname=$(objdump -p "$file" | awk '$1 == "SONAME" { print $2 }')
        [ -n "$soname" ] || continue
        cp -L "$file" "$prefix/lib/$soname"
        [ "$soname" = "$(basename "$file")" ] || ln -sf "$soname" "$prefix/lib/$(basename "$file")"
        ;;
    esac
  done < <(dpkg -L "$@")
}

# Shared libraries that those in /opt load and that the centre's system would have, such as libz.
copy_loaded() {
  local library
  ldd "$centre"/opt/*/lib/*.so* 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | while read -r library; do
    [ -n "$(compgen -G "$centre/opt/*/lib/$(basename "$library")")" ] && continue
    library=/usr/${library#/usr/}
    [ -e "$centre$library" ] || { mkdir -p "$centre$(dirname "$library")" && cp -L "$library" "$centre$library"; }
  done
}

make_centre() {
  local package name link
  centre=$1
  for name in dpkg apt-cache objdump; do command -v $name >/dev/null || { echo "no $name: not a Debian"; return 1; }; done
  # shellcheck disable=SC2086
  for package in $SYSTEM_PACKAGES; do
    dpkg -s "$package" >/dev/null 2>&1 || { echo "package $package is not installed"; return 1; }
  done
  mkdir -p "$centre"/{usr/bin,usr/sbin,usr/lib,usr/lib64,dev,proc,opt,home,etc,tmp}
  chmod 1777 "$centre/tmp"
  for link in bin sbin lib lib64; do ln -s usr/$link "$centre/$link"; done
  # shellcheck disable=SC2086
  (cd / && system_files $SYSTEM_PACKAGES | copy_list "$centre")
  ln -sf mawk "$centre/usr/bin/awk"
  rm -rf "$centre"/usr/bin/{apt,apt-get,dpkg,pkg-config}
  echo "user:x:$CENTRE_USER:$CENTRE_USER::/home:/bin/bash" >"$centre/etc/passwd"

  place openblas libopenblas-openmp-dev
  place lapacke liblapacke-dev
  cp -L /usr/include/lapack*.h "$centre/opt/lapacke/include"
  place hdf5 libhdf5-dev
  place libyaml libyaml-dev
  place libcsv libcsv-dev
  place nettle nettle-dev
  place gsl libgsl-dev
  place nlopt libnlopt-dev
  place random123 librandom123-dev
  place cmocka libcmocka-dev
  place_openblas_with_lapacke
  if dpkg -s libopenmpi-dev openmpi-bin >/dev/null 2>&1; then
    place openmpi libopenmpi-dev
    cp -r "/usr/lib/$(gcc -print-multiarch)/openmpi/include" "$centre/opt/openmpi"
    (cd / && system_files openmpi-bin | copy_list "$centre") # the running of jobs is the centre's
    ln -sf orterun "$centre/usr/bin/mpirun"
    mkdir "$centre/opt/openmpi/bin"
    echo 'echo gcc -I/opt/openmpi/include -L/opt/openmpi/lib -Wl,-rpath,/opt/openmpi/lib -lmpi' >"$centre/opt/openmpi/bin/mpicc"
    chmod +x "$centre/opt/openmpi/bin/mpicc"
  fi
  if dpkg -s libhdf5-openmpi-dev >/dev/null 2>&1; then place hdf5-mpi libhdf5-openmpi-dev; fi
  if dpkg -s libscalapack-openmpi-dev >/dev/null 2>&1; then
    place scalapack libscalapack-openmpi-dev
    ln -s libscalapack-openmpi.so "$centre/opt/scalapack/lib/libscalapack.so"
  fi
  copy_loaded
  [ "$(id -u)" != 0 ] || chown "$CENTRE_USER:$CENTRE_USER" "$centre/home"
  can_enter || { echo "neither root nor user namespaces here: no other root can be entered"; return 1; }
}

# OpenBLAS as it comes from its own makefile and from Spack: LAPACKE is in it. Here a linker script joins the two.
place_openblas_with_lapacke() {
  local prefix=$centre/opt/openblas-full
  cp -r "$centre/opt/openblas" "$prefix"
  cp -r "$centre"/opt/lapacke/include/lapack*.h "$prefix/include"
  cp "$centre"/opt/lapacke/lib/liblapacke.so.* "$prefix/lib"
  rm "$prefix/lib/libopenblas.so"
  echo "GROUP(libopenblas.so.0 liblapacke.so.3)" >"$prefix/lib/libopenblas.so"
}

# In a mount namespace /dev and /proc are there as well; root can do without where containers forbid one.
enter() {
  # shellcheck disable=SC2016
  "${namespace[@]}" bash -c 'for at in dev proc; do mount --rbind /$at "$0/$at" 2>/dev/null; done
    [ -c "$0/dev/null" ] || mknod -m 666 "$0/dev/null" c 1 3 2>/dev/null
    exec chroot '"$userspec"' "$0" env -i PATH=/usr/bin HOME=/home bash -e -o pipefail -c "$1"' "$centre" "$1"
}

can_enter() {
  namespace=() userspec=''
  if [ "$(id -u)" = 0 ]; then
    userspec=--userspec=$CENTRE_USER:$CENTRE_USER
    unshare --mount true 2>/dev/null && namespace=(unshare --mount)
  else
    namespace=(unshare --map-root-user --mount)
  fi
  enter 'cd /home && test -w . && : >/dev/null' 2>/dev/null
}

in_centre() {
  centre=$1
  enter "cd /home/tanlu; $2"
}
