"""What a numpy user would write for the economy part of a sweep: for every sample and year build I - A_d and solve it.

Energy, power, emissions, the closure (which solves a year about ten times), draws and storage are left out.

Usage: bench_sweep_numpy.py FILE, doubles: n, systems, A_d (n x n, column by column), then for each system r (n) and y (n).
Prints: systems a second, the largest residual, the version of numpy, its BLAS.
"""
import re
import sys
import time

import numpy as np

data = np.fromfile(sys.argv[1])
n, systems = int(data[0]), int(data[1])
base = np.ascontiguousarray(data[2 : 2 + n * n].reshape(n, n).T)
rows = data[2 + n * n :].reshape(systems, 2, n)
identity, sums = np.eye(n), base.sum(axis=0)
best, residual = 0.0, 0.0
for repeat in range(3):
    begin = time.perf_counter()
    for r, y in rows:
        scaled = r[:, None] * base
        total = scaled.sum(axis=0)
        s = np.divide(sums, total, out=np.ones(n), where=total > 0)  # column sums stay
        matrix = identity - scaled * s
        x = np.linalg.solve(matrix, y)
    best = max(best, systems / (time.perf_counter() - begin))
    residual = max(residual, float(np.abs(matrix @ x - y).max() / np.abs(y).max()))
blas = sorted(set(re.findall(r"(lib\w*(?:blas|mkl)\S*\.so\S*)", open("/proc/self/maps").read())))
print(best, residual, np.__version__, " ".join(blas) or "built in")
