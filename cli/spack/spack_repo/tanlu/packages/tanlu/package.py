# SPDX-License-Identifier: MIT
# Tanlu from the checkout that holds this recipe: cli/CLUSTER.md says how to use it.

import os

from spack_repo.builtin.build_systems.makefile import MakefilePackage

from spack.package import *


class Tanlu(MakefilePackage):
    """Scenario engine for carbon pathways of China: projections, sweeps and analyses of industrial structure, energy and
    CO2 in every year to 2060."""

    git = "file://" + os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 6))

    license("MIT")

    version("0.1.0", branch="main")

    variant("mpi", default=False, description="Build tanlu-mpi too, whose sweeps run on the cores of many nodes")
    variant("scalapack", default=True, when="+mpi", description="Solve one large table over all nodes (tanlu-mpi solve)")
    variant("native", default=False, description="Tune for the processor of the building node (-march=native)")

    depends_on("c", type="build")
    depends_on("openblas threads=openmp")  # LAPACKE is part of it
    depends_on("hdf5+hl")
    depends_on("libyaml")
    depends_on("libcsv")
    depends_on("nettle")
    depends_on("gsl")
    depends_on("nlopt~python")
    depends_on("random123")
    depends_on("cmocka", type="test")
    depends_on("mpi", when="+mpi")
    depends_on("hdf5+hl+mpi", when="+mpi")  # one for both programs, so that the serial one is linked with MPI too
    depends_on("scalapack", when="+scalapack")

    #: Where each installation root goes: the Makefile's DEPS.
    libraries_by_root = ["openblas", "hdf5", "libyaml", "libcsv", "nettle", "gsl", "nlopt", "random123"]

    @property
    def settings(self):
        """Variables of the Makefile; all of them with every target, as another value would build everything anew."""
        spec = self.spec
        names = self.libraries_by_root + [name for name in ("mpi", "scalapack") if spec.satisfies("+" + name)]
        roots = [spec[name].prefix for name in names + (["cmocka"] if self.run_tests else [])]
        hdf5_cflags, hdf5_libs = spec["hdf5"].headers.include_flags, spec["hdf5:hl"].libs.ld_flags
        if spec.satisfies("+mpi"):
            hdf5_cflags += " " + spec["mpi"].headers.include_flags
        settings = [
            "CC={0}".format(spack_cc),
            "PREFIX={0}".format(self.prefix),
            "DEPS={0}".format(" ".join(roots)),
            "BLAS_CFLAGS={0}".format(spec["openblas"].headers.include_flags),
            "BLAS_LIBS={0}".format(spec["openblas"].libs.ld_flags),
            "HDF5_CFLAGS={0}".format(hdf5_cflags),
            "HDF5_LIBS={0}".format(hdf5_libs),
        ]
        if spec.satisfies("+native"):
            settings.append("NATIVE=1")
        if spec.satisfies("+mpi"):
            settings.append("MPICC={0}".format(spec["mpi"].mpicc))
            settings.append("MPI_HDF5_CFLAGS={0}".format(hdf5_cflags))
            settings.append("MPI_HDF5_LIBS={0}".format(hdf5_libs))
            if spec.satisfies("+scalapack"):
                settings.append("SCALAPACK_LIBS={0}".format(spec["scalapack"].libs.ld_flags))
            else:
                settings.append("SCALAPACK=0")
        return settings

    def build(self, spec, prefix):
        make("build", *self.settings)
        if spec.satisfies("+mpi"):
            make("build", "MPI=1", *self.settings)

    def check(self):
        make("check", *self.settings)

    def install(self, spec, prefix):
        make("install", *self.settings)

    def setup_run_environment(self, env):
        env.set("TANLU_SLURM", join_path(self.prefix, "share", "tanlu", "slurm"))
