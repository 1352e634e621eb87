"""What a numpy user would write for RAS, and the same in vector form.

Usage: bench_balance_numpy.py FILE ROUNDS REPEATS, doubles: n, A (n x n, column by column), u (n), v (n).
Prints: seconds of ROUNDS rounds, median of REPEATS, of RAS in place and in vector form; the largest relative gap of the first; the
version of numpy.
"""
import sys
import time

import numpy as np

data = np.fromfile(sys.argv[1])
rounds, repeats, n = int(sys.argv[2]), int(sys.argv[3]), int(data[0])
base = np.ascontiguousarray(data[1 : 1 + n * n].reshape(n, n).T)
u, v = data[1 + n * n : 1 + n * n + n], data[1 + n * n + n :]


def plain():
    x = base.copy()
    for _ in range(rounds):
        x *= v / x.sum(axis=0)
        x *= (u / x.sum(axis=1))[:, None]
    return x


def vectors():
    r = np.ones(n)
    for _ in range(rounds):
        s = v / (r @ base)
        r = u / (base @ s)
    return r[:, None] * base * s


def median(method):
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        x = method()
        seconds.append(time.perf_counter() - begin)
    return sorted(seconds)[repeats // 2], x


time_plain, x = median(plain)
time_vectors, _ = median(vectors)
print(time_plain, time_vectors, np.abs(x.sum(axis=0) / v - 1).max(), np.__version__)
