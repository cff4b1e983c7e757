"""Seconds of processor time that OpenTURNS takes for n draws of W2."""
import sys
import time

import openturns as ot


def pert(a, m, b):
    return ot.Beta(1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a), a, b)


def lognormal(median, sigma):
    import math
    return ot.LogNormal(math.log(median), sigma)


def normal(mean, sd, low, high):
    return ot.TruncatedDistribution(ot.Normal(mean, sd), low, high)


names = ("v0 g tin tout pin pout d cache gpu tput util sal fb fc capb capc "
         "over r val qb").split()
inputs = ot.ComposedDistribution([
    lognormal(200000, 1), pert(-.02, .03, .1), lognormal(1500, .5),
    lognormal(300, .5), ot.Triangular(.5, 1.5, 3), ot.Triangular(2, 6, 15),
    pert(.005, .02, .06), ot.Beta(2, 6, 0, 1), ot.Triangular(1.5, 2.5, 4.5),
    lognormal(1500, .4), pert(.15, .4, .75), normal(16000, 3000, 9000, 28000),
    pert(1, 2.5, 6), pert(2, 4, 10), lognormal(60000, .7),
    lognormal(300000, .8), lognormal(1.5, .5), normal(.1, .03, .03, .2),
    ot.Uniform(.005, .03), pert(.85, .96, 1.03)])
lr = "(log(1+r)/12)"
l1 = f"(log(1+g)-{lr})"
l2 = f"({l1}+log(1-d))"


def geometric(x):
    return f"(36*exp(17.5*{x}+53.958*{x}*{x}))"


g1, g2, g0 = geometric(l1), geometric(l2), geometric(f"(-{lr})")
capi = "(1e-6*(tin*pin*(1-0.75*cache)+tout*pout))"
rev = f"(val*30.4*v0*{g1})"
sc = f"(2.2*(30.4*v0*(0.1*tin+tout)/(tput*util*3600))^0.92*gpu*{g1})"
sg = f"(sal*{g0})"
model = ot.SymbolicFunction(names, [
    f"{rev}-30.4*v0*{capi}*{g2}-0.5*{sg}",
    f"qb*{rev}-{sc}-fb*{sg}-capb*over",
    f"1.1*{rev}-0.78*{sc}-fc*{sg}-capc*over"])

start = time.process_time()
net = model(inputs.getSample(int(sys.argv[1])))
net.computeMean()
net.computeVariance()
print(time.process_time() - start)
