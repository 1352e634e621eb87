"""What a user of pandas or numpy would write to read a saved table.

Usage: bench_import_pandas.py DIRECTORY, of A.txt, x.txt and Y.txt as EXIOBASE 3 has them.
Prints: seconds of pandas.read_csv of A.txt and of numpy.loadtxt of its numbers (0 where there is none), and the sum of A diag(x).
"""
import sys
import time

directory = sys.argv[1]
try:
    import pandas

    begin = time.perf_counter()
    a = pandas.read_csv(f"{directory}/A.txt", sep="\t", header=[0, 1], index_col=[0, 1])
    of_pandas = time.perf_counter() - begin
    x = pandas.read_csv(f"{directory}/x.txt", sep="\t", index_col=[0, 1])["indout"].to_numpy()
    total = float((a.to_numpy() @ x).sum())
    del a
except ImportError:
    of_pandas = total = 0.0
try:
    import numpy

    columns = None
    with open(f"{directory}/A.txt") as file:
        columns = len(file.readline().split("\t"))
    begin = time.perf_counter()
    a = numpy.loadtxt(f"{directory}/A.txt", delimiter="\t", skiprows=3, usecols=range(2, columns))
    of_numpy = time.perf_counter() - begin
except ImportError:
    of_numpy = 0.0
print(of_pandas, of_numpy, total)
