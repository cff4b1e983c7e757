// Seconds of processor time that Squiggle takes for n samples of W2's means.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { run } = await import(
  pathToFileURL(require.resolve("@quri/squiggle-lang")).href);
const n = Number(process.argv[2]);
const code = `
ln(m, s) = Sym.lognormal(log(m), s)
tri(a, m, b) = Sym.triangular(a, m, b)
pert(a, m, b) = a + (b - a) * Sym.beta(1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a))
v0 = SampleSet(ln(200000, 1)); g = SampleSet(pert(-0.02, 0.03, 0.1))
tin = SampleSet(ln(1500, 0.5)); tout = SampleSet(ln(300, 0.5))
pin = SampleSet(tri(0.5, 1.5, 3)); pout = SampleSet(tri(2, 6, 15))
d = SampleSet(pert(0.005, 0.02, 0.06)); cache = SampleSet(Sym.beta(2, 6))
gpu = SampleSet(tri(1.5, 2.5, 4.5)); tput = SampleSet(ln(1500, 0.4))
util = SampleSet(pert(0.15, 0.4, 0.75))
sal = truncate(SampleSet(Sym.normal(16000, 3000)), 9000, 28000)
fb = SampleSet(pert(1, 2.5, 6)); fc = SampleSet(pert(2, 4, 10))
capb = SampleSet(ln(60000, 0.7)); capc = SampleSet(ln(300000, 0.8))
over = SampleSet(ln(1.5, 0.5))
r = truncate(SampleSet(Sym.normal(0.1, 0.03)), 0.03, 0.2)
val = SampleSet(Sym.uniform(0.005, 0.03)); qb = SampleSet(pert(0.85, 0.96, 1.03))
geo(x) = 36 * exp(17.5 * x + 53.958 * x * x)
capi = 0.000001 * (tin * pin * (1 - 0.75 * cache) + tout * pout)
lr = log(1 + r) / 12; l1 = log(1 + g) - lr
g1 = geo(l1); g2 = geo(l1 + log(1 - d)); g0 = geo(-1 * lr)
v = 30.4 * v0; rev = val * v * g1
gh = v * (0.1 * tin + tout) / (tput * util * 3600)
sc = 2.2 * (gh ^ 0.92) * gpu * g1; sg = sal * g0
a = rev - v * capi * g2 - 0.5 * sg
b = qb * rev - sc - fb * sg - capb * over
c = 1.1 * rev - 0.78 * sc - fc * sg - capc * over
[mean(a), mean(b), mean(c)]`;
const start = process.cpuUsage();
const out = await run(code, { environment: { sampleCount: n, xyPointLength: 1000 } });
const used = process.cpuUsage(start);
const result = out.result ?? out;
if (result.ok === false) {
  console.error(String(result.value));
  process.exit(1);
}
console.log((used.user + used.system) / 1e6);
