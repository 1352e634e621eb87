"""The Spack recipes of cli/spack, loaded with stand-ins for what Spack provides.

spack_recipe.py check               compares the recipe with the Makefile and .ci/deps
spack_recipe.py lines ROOT PREFIX [VARIANT...]
                                    prints the recipe's make commands as lines of shell, its libraries being in ROOT/NAME

The check prints what is wrong and ends with status 1. The working directory is that of the repository.
"""

import importlib.util
import pathlib
import re
import shlex
import subprocess
import sys
import types

REPOSITORY = pathlib.Path("cli/spack/spack_repo/tanlu")
# Debian's package of a probe in .ci/deps, and Spack's package of the same library
SPACK_NAME = {
    "libopenblas-openmp-dev": "openblas", "liblapacke-dev": "openblas", "libhdf5-dev": "hdf5", "libyaml-dev": "libyaml",
    "libcsv-dev": "libcsv", "nettle-dev": "nettle", "libgsl-dev": "gsl", "libnlopt-dev": "nlopt",
    "librandom123-dev": "random123", "libcmocka-dev": "cmocka", "libopenmpi-dev": "mpi",
    "libhdf5-openmpi-dev": "hdf5", "libscalapack-openmpi-dev": "scalapack",
}
# The library of a -l in the Makefile, and Spack's package of it
SPACK_LIBRARY = {
    "openblas": "openblas", "lapacke": "openblas", "hdf5_hl": "hdf5", "hdf5": "hdf5", "yaml": "libyaml", "csv": "libcsv",
    "nettle": "nettle", "gsl": "gsl", "nlopt": "nlopt", "cmocka": "cmocka", "m": None,
}


# --- stand-ins for Spack ------------------------------------------------------------------------------------------------


class Directives:
    """Records version(), variant() and depends_on() while a class body runs."""

    def __init__(self):
        self.versions, self.variants, self.dependencies = {}, {}, {}

    def version(self, name, sha256=None, branch=None):
        self.versions[name] = sha256 or branch

    def variant(self, name, default=None, description="", when=None):
        self.variants[name] = default

    def depends_on(self, spec, type=("build", "link"), when=None):
        name = re.match(r"[a-z0-9-]+", spec).group()
        self.dependencies.setdefault(name, []).append((spec, type, when))


class Library:
    """spec["NAME"]: an installed library."""

    def __init__(self, root, name):
        name, _, part = name.partition(":")
        self.prefix = "{0}/{1}".format(root, name)
        self.mpicc = self.prefix + "/bin/mpicc"
        names = {"openblas": ["openblas"], "hdf5": ["hdf5"], "hdf5:hl": ["hdf5_hl", "hdf5"]}
        libraries = names.get(name + (":" + part if part else ""), [name])
        self.headers = types.SimpleNamespace(include_flags="-I{0}/include".format(self.prefix))
        self.libs = types.SimpleNamespace(
            ld_flags=" ".join(["-L{0}/lib".format(self.prefix)] + ["-l" + library for library in libraries])
        )


class Spec:
    def __init__(self, root, chosen, known):
        self.root, self.chosen, self.known = root, chosen, known

    def __getitem__(self, name):
        if name.partition(":")[0] not in self.known:
            raise KeyError("spec[{0!r}] without a depends_on".format(name))
        return Library(self.root, name)

    def satisfies(self, text):
        assert re.fullmatch(r"[+~][a-z0-9]+", text), text
        return (text[1:] in self.chosen) == (text[0] == "+")


class Package:
    def __init__(self, spec=None, prefix="", run_tests=False):
        self.spec, self.prefix, self.run_tests = spec, prefix, run_tests


def load(name):
    """The class of a recipe, what its directives said, and the make commands its methods have run."""
    directives, commands = Directives(), []
    spack_package = types.ModuleType("spack.package")
    for directive in ("version", "variant", "depends_on"):
        setattr(spack_package, directive, getattr(directives, directive))
    spack_package.license = lambda name: None
    spack_package.join_path = lambda *parts: "/".join(parts)
    modules = {"spack": types.ModuleType("spack"), "spack.package": spack_package}
    for build_system, base in (("makefile", "MakefilePackage"), ("autotools", "AutotoolsPackage")):
        path = "spack_repo.builtin.build_systems." + build_system
        for end in range(1, len(path.split(".")) + 1):
            part = ".".join(path.split(".")[:end])
            modules.setdefault(part, types.ModuleType(part))
        setattr(modules[path], base, Package)
    sys.modules.update(modules)
    file = REPOSITORY / "packages" / name / "package.py"
    specification = importlib.util.spec_from_file_location(name, file.resolve())
    module = importlib.util.module_from_spec(specification)
    module.make = lambda *arguments: commands.append(("make",) + arguments)
    module.spack_cc = "gcc"
    specification.loader.exec_module(module)
    return getattr(module, name.capitalize()), directives, commands


def commands_of(root, prefix, chosen, run_tests=False):
    recipe, directives, commands = load("tanlu")
    package = recipe(Spec(root, chosen, directives.dependencies), prefix, run_tests)
    package.build(package.spec, package.prefix)
    if run_tests:
        package.check()
    package.install(package.spec, package.prefix)
    return commands


# --- the check ----------------------------------------------------------------------------------------------------------


def problems():
    makefile = pathlib.Path("Makefile").read_text()
    recipe, directives, _ = load("tanlu")
    version = re.search(r"^VERSION := (\S+)$", makefile, re.M).group(1)
    if list(directives.versions) != [version]:
        yield "versions {0}; the Makefile's is {1}".format(list(directives.versions), version)
    if not (pathlib.Path(recipe.git[len("file://"):]) / "Makefile").samefile("Makefile"):
        yield "git is {0}; expected this checkout".format(recipe.git)

    probed = re.findall(r"\bprobe ([a-z]\S*-dev) ", pathlib.Path(".ci/deps").read_text())
    if len(probed) < 10:
        yield ".ci/deps seems to probe only {0}".format(probed)
    for package in probed:
        if package not in SPACK_NAME:
            yield ".ci/deps probes {0}: no Spack package is known for it".format(package)
        elif SPACK_NAME[package] not in directives.dependencies:
            yield ".ci/deps probes {0}: no depends_on({1!r})".format(package, SPACK_NAME[package])

    configuration = subprocess.run(["make", "-s", "showconfig"], capture_output=True, text=True, check=True).stdout
    linked = re.findall(r"(?<!\S)-l(\S+)", re.search(r"^LIBS .*$", configuration, re.M).group())
    if len(linked) < 5:
        yield "make showconfig names only the libraries {0}".format(linked)
    for library in linked + re.findall(r"(?<!\S)-l(?!tanlu)([a-z]\w*)", makefile):
        if library not in SPACK_LIBRARY:
            yield "the Makefile links -l{0}: no Spack package is known for it".format(library)
        elif SPACK_LIBRARY[library] and SPACK_LIBRARY[library] not in directives.dependencies:
            yield "the Makefile links -l{0}: no depends_on({1!r})".format(library, SPACK_LIBRARY[library])

    for name, uses in directives.dependencies.items():
        for _, kind, when in uses:
            if kind == "build" or name in recipe.libraries_by_root + ["cmocka", "mpi", "scalapack"]:
                continue
            yield "depends_on({0!r}) is not among the roots given to make".format(name)
            if when and when[1:] not in directives.variants:
                yield "depends_on({0!r}): no variant {1}".format(name, when)

    given, passed = set(), {}
    for chosen in ([], ["mpi"], ["mpi", "scalapack"], ["native"], list(directives.variants)):
        for command in commands_of("/opt", "/prefix", chosen, run_tests=True):
            settings = [argument for argument in command[1:] if "=" in argument]
            for target in set(command[1:]) - set(settings):
                if not re.search(r"^{0}:".format(target), makefile, re.M):
                    yield "make {0}: no such target".format(target)
            given.update(setting.partition("=")[0] for setting in settings)
            if "MPI=1" not in settings:
                passed.setdefault(tuple(chosen), set()).add(tuple(settings))
    for name in sorted(given):
        if not re.search(r"\$\({0}\)".format(name), makefile):
            yield "{0} is passed to make, and the Makefile does not read it".format(name)
    for chosen, different in passed.items():
        if len(different) != 1:
            yield "other settings for another target with {0}: make would build everything anew".format(chosen or "no variant")

    _, libcsv, _ = load("libcsv")
    if not all(re.fullmatch(r"[0-9a-f]{64}", checksum or "") for checksum in libcsv.versions.values()):
        yield "libcsv: a version without its checksum"
    if (REPOSITORY / "repo.yaml").read_text().split() != ["repo:", "namespace:", REPOSITORY.name, "api:", "v2.0"]:
        yield "repo.yaml: expected the namespace {0}, as its directory, and the api".format(REPOSITORY.name)


def main(arguments):
    if arguments == ["check"]:
        status = 0
        for problem in problems():
            print("spack recipe:", problem)
            status = 1
        return status
    if len(arguments) >= 3 and arguments[0] == "lines":
        for command in commands_of(arguments[1], arguments[2], arguments[3:]):
            print(shlex.join(command))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
