"""Tanlu from Python: scenarios and sweeps as numpy arrays, through the shared library.

    import tanlu
    session = tanlu.Session()
    run = session.run("dual-carbon", {"gdp.growth.2030": 3.9})
    run["co2"].sum(axis=1)                      # year x sector, Mt
    run.labels("sector"), run.years
    run.indicator("co2_net")                    # by year
    run.indicator("co2_net", 2060)

    sweep = session.sweep("peak-drivers")
    samples = sweep.run()                       # all processors
    samples.indicators                          # sample x year x indicator
    samples.scalar("peak_year")                 # by sample
    sweep.sample(17)["generation"]              # one sample with all fields

It needs numpy and libtanlu.so. That is looked for in TANLU_LIBRARY, beside the directory this file is installed in (PREFIX/lib),
and where the system looks. Units are those of result files: Session.unit("co2"). What fails raises tanlu.Error with the
library's messages and `status`, the exit status of the program (2 input, 3 model, 4 reading or memory).

The first Session pins OpenBLAS to one thread for the whole process, numpy's too where it uses the same library.
"""
import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_size_t, c_void_p

import numpy

__all__ = ["Error", "Run", "Samples", "Session", "Sweep"]

_SAMPLES, _PARAMETERS, _YEARS, _INDICATORS, _SCALARS, _SIZES = range(6)
_DOUBLES = POINTER(c_double)

# name: (result, arguments), as inputs/session.h declares them
_FUNCTIONS = {
    "create": (c_void_p, []),
    "free": (None, [POINTER(c_void_p)]),
    "messages": (c_char_p, [c_void_p]),
    "version": (c_char_p, []),
    "load": (c_int, [c_void_p, c_char_p]),
    "run": (c_int, [c_void_p, c_char_p, POINTER(c_char_p), c_size_t]),
    "field": (c_char_p, [c_size_t]),
    "unit": (c_char_p, [c_char_p]),
    "long_name": (c_char_p, [c_char_p]),
    "shape": (c_int, [c_void_p, c_char_p, POINTER(c_size_t), POINTER(c_char_p)]),
    "values": (c_int, [c_void_p, c_char_p, _DOUBLES, c_size_t]),
    "label": (c_char_p, [c_void_p, c_char_p, c_size_t]),
    "label_name": (c_char_p, [c_void_p, c_char_p, c_size_t]),
    "first_year": (c_int, [c_void_p]),
    "indicator": (c_int, [c_void_p, c_char_p, c_int, _DOUBLES]),
    "sweep": (c_int, [c_void_p, c_char_p, POINTER(c_size_t)]),
    "sweep_label": (c_char_p, [c_void_p, c_int, c_size_t]),
    "sweep_year": (c_int, [c_void_p, c_size_t]),
    "sweep_run": (c_int, [c_void_p, c_int, POINTER(c_int), _DOUBLES, _DOUBLES, _DOUBLES]),
    "sweep_sample": (c_int, [c_void_p, c_size_t]),
}


def _load():
    here = os.path.dirname(os.path.realpath(__file__))
    installed = os.path.normpath(os.path.join(here, "..", "..", "..", "lib", "libtanlu.so.0"))
    path = os.environ.get("TANLU_LIBRARY") or (installed if os.path.exists(installed) else "libtanlu.so.0")
    library = ctypes.CDLL(path)
    found = {}
    for name, (result, arguments) in _FUNCTIONS.items():
        found[name] = getattr(library, "tanlu_session_" + name)
        found[name].restype = result
        found[name].argtypes = arguments
    return found


_call = _load()


class Error(Exception):
    """What the library says when something fails; status: 2 input, 3 model, 4 reading or memory."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


def _texts(at):
    """The texts of a function of a number, up to the first NULL."""
    texts = []
    while (text := at(len(texts))) is not None:
        texts.append(text.decode())
    return texts


def _doubles(array):
    return array.ctypes.data_as(_DOUBLES)


class Session:
    """A dataset in memory, and what is run on it."""

    def __init__(self, dataset=None):
        self._handle = c_void_p(_call["create"]())
        if not self._handle:
            raise MemoryError("tanlu: out of memory")
        if dataset is not None:
            self.load(dataset)

    def __del__(self):
        if getattr(self, "_handle", None):
            _call["free"](byref(self._handle))

    def _check(self, status):
        if status != 0:
            raise Error(_call["messages"](self._handle).decode(), status)

    @staticmethod
    def version():
        return _call["version"]().decode()

    @staticmethod
    def fields():
        """Names of the variables of a run."""
        return _texts(_call["field"])

    @staticmethod
    def unit(field):
        return _known(_call["unit"](field.encode()), field)

    @staticmethod
    def long_name(field):
        return _known(_call["long_name"](field.encode()), field)

    def load(self, dataset):
        """Read a dataset by name or path."""
        self._check(_call["load"](self._handle, os.fsencode(dataset)))

    def labels(self, axis):
        """Codes along an axis: sector, group, carrier, technology, product, category, indicator, ..."""
        return _texts(lambda i: _call["label"](self._handle, axis.encode(), i))

    def names(self, axis):
        """English names along an axis."""
        return _texts(lambda i: _call["label_name"](self._handle, axis.encode(), i))

    def run(self, scenario, settings=None):
        """Project a scenario (name or path) with settings {path: value}, as `tanlu run --set` takes them."""
        texts = [f"{path}={value}".encode() for path, value in (settings or {}).items()]
        array = (c_char_p * max(len(texts), 1))(*texts)
        self._check(_call["run"](self._handle, os.fsencode(scenario), array, len(texts)))
        return Run(self)

    def sweep(self, sweep):
        """Read a sweep by name or path."""
        return Sweep(self, sweep)


def _known(text, field):
    if text is None:
        raise KeyError(field)
    return text.decode()


class Run:
    """Results of one scenario or sample: arrays by field name. All are copied at once, so that a run stays what it is."""

    def __init__(self, session):
        self._value, self._axes, self._labels = {}, {}, {}
        handle = session._handle
        first = _call["first_year"](handle)
        for field in session.fields():
            extent, axis = (c_size_t * 3)(), (c_char_p * 3)()
            rank = _call["shape"](handle, field.encode(), extent, axis)
            value = numpy.empty([extent[k] for k in range(rank)])
            session._check(_call["values"](handle, field.encode(), _doubles(value), value.size))
            self._value[field] = value
            self._axes[field] = tuple(axis[k].decode() for k in range(rank))
            for name in self._axes[field][1:]:
                if name not in self._labels:
                    self._labels[name] = session.labels(name)
        self.years = numpy.arange(first, first + len(self._value["indicator_value"]))

    def __getitem__(self, field):
        return self._value[field]

    def __contains__(self, field):
        return field in self._value

    def __iter__(self):
        return iter(self._value)

    def axes(self, field):
        """Names of the axes of a field, the first one year."""
        return self._axes[field]

    def labels(self, axis):
        return self._labels[axis]

    def indicator(self, code, year=None):
        """An indicator by year, or in one year."""
        if code not in self._labels["indicator"]:
            raise KeyError(code)
        values = self._value["indicator_value"][:, self._labels["indicator"].index(code)]
        if year is None:
            return values
        if year not in self.years:
            raise KeyError(year)
        return float(values[year - self.years[0]])


class Sweep:
    """A sweep that is read: its sizes and labels."""

    def __init__(self, session, name):
        self._session, self._name = session, os.fsencode(name)
        size = self._read()
        self.samples = size[_SAMPLES]
        self.parameters = self._labels(_PARAMETERS)
        self.indicators = self._labels(_INDICATORS)
        self.scalars = self._labels(_SCALARS)
        self.years = numpy.array([_call["sweep_year"](session._handle, i) for i in range(size[_YEARS])], dtype=int)

    def _read(self):
        size = (c_size_t * _SIZES)()
        self._session._sweep = None
        self._session._check(_call["sweep"](self._session._handle, self._name, size))
        self._session._sweep = self
        return size

    def _labels(self, of):
        return _texts(lambda i: _call["sweep_label"](self._session._handle, of, i))

    def _need(self):
        """The session may have gone on to something else."""
        if self._session._sweep is not self or not self._labels(_SCALARS):
            self._read()

    def run(self, threads=0):
        """All samples, on so many threads (0: all processors); the numbers do not depend on them."""
        self._need()
        state = numpy.zeros(self.samples, dtype=numpy.intc)
        parameters = numpy.empty((self.samples, len(self.parameters)))
        indicators = numpy.empty((self.samples, len(self.years), len(self.indicators)))
        scalars = numpy.empty((self.samples, len(self.scalars)))
        self._session._check(_call["sweep_run"](self._session._handle, threads, state.ctypes.data_as(POINTER(c_int)),
                                                _doubles(parameters), _doubles(indicators), _doubles(scalars)))
        return Samples(self, state, parameters, indicators, scalars)

    def sample(self, sample):
        """One sample with all fields."""
        self._need()
        self._session._check(_call["sweep_sample"](self._session._handle, sample))
        return Run(self._session)


class Samples:
    """What a sweep gives: solved (sample), parameters (sample x parameter), indicators (sample x year x indicator), scalars
    (sample x scalar); NaN where a sample failed."""

    def __init__(self, sweep, state, parameters, indicators, scalars):
        self.sweep, self.solved = sweep, state == 1
        self.parameters, self.indicators, self.scalars = parameters, indicators, scalars

    def indicator(self, code):
        """An indicator by sample and year."""
        if code not in self.sweep.indicators:
            raise KeyError(code)
        return self.indicators[:, :, self.sweep.indicators.index(code)]

    def scalar(self, code):
        """A scalar of the scenario by sample, such as peak_year."""
        if code not in self.sweep.scalars:
            raise KeyError(code)
        return self.scalars[:, self.sweep.scalars.index(code)]

    def parameter(self, label):
        """What was drawn, by sample."""
        if label not in self.sweep.parameters:
            raise KeyError(label)
        return self.parameters[:, self.sweep.parameters.index(label)]
