"""Seconds of processor time that numpy takes for n draws of W1 or W2.

usage: w2.py w1|w2 N
"""
import sys
import time

import numpy as np


def draws(rng, n):
    def pert(a, m, b):
        return a + (b - a) * rng.beta(1 + 4 * (m - a) / (b - a),
                                      1 + 4 * (b - m) / (b - a), n)

    def lognormal(median, sigma):
        return median * np.exp(sigma * rng.standard_normal(n))

    def normal(mean, sd, low, high):
        x = rng.normal(mean, sd, n)
        while True:
            out = (x < low) | (x > high)
            if not out.any():
                return x
            x[out] = rng.normal(mean, sd, out.sum())

    return (lognormal(200000, 1), pert(-.02, .03, .1), lognormal(1500, .5),
            lognormal(300, .5), rng.triangular(.5, 1.5, 3, n),
            rng.triangular(2, 6, 15, n), pert(.005, .02, .06),
            rng.beta(2, 6, n), rng.triangular(1.5, 2.5, 4.5, n),
            lognormal(1500, .4), pert(.15, .4, .75),
            normal(16000, 3000, 9000, 28000), pert(1, 2.5, 6),
            pert(2, 4, 10), lognormal(60000, .7), lognormal(300000, .8),
            lognormal(1.5, .5), normal(.1, .03, .03, .2),
            rng.uniform(.005, .03, n), pert(.85, .96, 1.03))


def w1(v0, g, tin, tout, pin, pout, d, cache, gpu, tput, util, sal, fb, fc,
       capb, capc, over, r, val, qb):
    capi = 1e-6 * (tin * pin * (1 - .75 * cache) + tout * pout)
    v, p, f, grow, fall = 30.4 * v0, 1.0, 1.0, 1 + g, 1 - d
    rm = np.exp(-np.log(1 + r) / 12)
    kb = (.1 * tin + tout) / (tput * util * 2.628e6)
    a, b, c = 0.0, -capb * over, -capc * over
    for _ in range(36):
        rev, need = val * v, v * kb
        a = a + f * (rev - v * capi * p - .5 * sal)
        b = b + f * (qb * rev - np.maximum(2, np.ceil(need)) * 730 * gpu
                     - fb * sal)
        c = c + f * (1.1 * rev - np.maximum(4, np.ceil(1.3 * need)) * .6 * 730
                     * gpu - fc * sal)
        v, p, f = v * grow, p * fall, f * rm
    return a, b, c


def w2(v0, g, tin, tout, pin, pout, d, cache, gpu, tput, util, sal, fb, fc,
       capb, capc, over, r, val, qb):
    def geometric(x):
        return 36 * np.exp(17.5 * x + 53.958 * x * x)

    capi = 1e-6 * (tin * pin * (1 - .75 * cache) + tout * pout)
    lr = np.log(1 + r) / 12
    l1 = np.log(1 + g) - lr
    g1, g2, g0 = geometric(l1), geometric(l1 + np.log(1 - d)), geometric(-lr)
    v = 30.4 * v0
    rev = val * v * g1
    gh = v * (.1 * tin + tout) / (tput * util * 3600)
    sc, sg = 2.2 * gh ** .92 * gpu * g1, sal * g0
    return (rev - v * capi * g2 - .5 * sg,
            qb * rev - sc - fb * sg - capb * over,
            1.1 * rev - .78 * sc - fc * sg - capc * over)


def statistics(net):
    means = [x.mean() for x in net]
    [x.var() for x in net]
    stack = np.stack(net)
    np.bincount(stack.argmax(axis=0), minlength=3) / stack.shape[1]
    return means, stack.max(axis=0).mean() - max(means)


rng = np.random.default_rng(1)
model, n = {"w1": w1, "w2": w2}[sys.argv[1]], int(sys.argv[2])
start = time.process_time()
statistics(model(*draws(rng, n)))
print(time.process_time() - start)
