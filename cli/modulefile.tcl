#%Module1.0
# Environment module of Tanlu @VERSION@, for Environment Modules and Lmod. `make install` fills in where it was installed:
#   module use @PREFIX@/share/tanlu/modulefiles
#   module load tanlu
# It may be copied to a centre's own tree, as tanlu/@VERSION@. The program finds its libraries and its data by itself; places and
# binding of threads (OMP_PLACES, OMP_PROC_BIND) depend on the job and are left to the job scripts.

set root @PREFIX@

proc ModulesHelp {} {
  puts stderr "Tanlu @VERSION@: scenario engine for carbon pathways of China.

  tanlu --help, man tanlu        commands and options
  tanlu run reference            a scenario that is shipped with it
  \$TANLU_SLURM/submit.sh         sweeps as Slurm jobs

TANLU_ROOT is the directory it is installed in, TANLU_SLURM that of the job scripts; TANLU_PATH, which is yours to set, lists
directories of scenarios and datasets. The library: pkg-config --cflags --libs tanlu."
}

module-whatis "Tanlu @VERSION@: scenario engine for carbon pathways of China"
conflict tanlu

setenv TANLU_ROOT $root
setenv TANLU_SLURM $root/share/tanlu/slurm
prepend-path PATH $root/bin
prepend-path MANPATH $root/share/man
append-path MANPATH {}
prepend-path LD_LIBRARY_PATH $root/lib
prepend-path PKG_CONFIG_PATH $root/lib/pkgconfig
