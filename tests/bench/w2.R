# Seconds of processor time that R takes for n draws of W2.
n <- as.integer(commandArgs(TRUE)[1])
pert <- function(a, m, b)
  a + (b - a) * rbeta(n, 1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a))
lognormal <- function(median, sigma) rlnorm(n, log(median), sigma)
normal <- function(mean, sd, low, high) {
  x <- rnorm(n, mean, sd)
  while (any(out <- x < low | x > high)) x[out] <- rnorm(sum(out), mean, sd)
  x
}
triangular <- function(a, m, b) {
  u <- runif(n)
  ifelse(u < (m - a) / (b - a), a + sqrt(u * (b - a) * (m - a)),
         b - sqrt((1 - u) * (b - a) * (b - m)))
}
geometric <- function(x) 36 * exp(17.5 * x + 53.958 * x * x)

start <- proc.time()
v0 <- lognormal(200000, 1); g <- pert(-.02, .03, .1)
tin <- lognormal(1500, .5); tout <- lognormal(300, .5)
pin <- triangular(.5, 1.5, 3); pout <- triangular(2, 6, 15)
d <- pert(.005, .02, .06); cache <- rbeta(n, 2, 6)
gpu <- triangular(1.5, 2.5, 4.5); tput <- lognormal(1500, .4)
util <- pert(.15, .4, .75); sal <- normal(16000, 3000, 9000, 28000)
fb <- pert(1, 2.5, 6); fc <- pert(2, 4, 10)
capb <- lognormal(60000, .7); capc <- lognormal(300000, .8)
over <- lognormal(1.5, .5); r <- normal(.1, .03, .03, .2)
val <- runif(n, .005, .03); qb <- pert(.85, .96, 1.03)

capi <- 1e-6 * (tin * pin * (1 - .75 * cache) + tout * pout)
lr <- log(1 + r) / 12; l1 <- log(1 + g) - lr
g1 <- geometric(l1); g2 <- geometric(l1 + log(1 - d)); g0 <- geometric(-lr)
v <- 30.4 * v0; rev <- val * v * g1
gh <- v * (.1 * tin + tout) / (tput * util * 3600)
sc <- 2.2 * gh^.92 * gpu * g1; sg <- sal * g0
a <- rev - v * capi * g2 - .5 * sg
b <- qb * rev - sc - fb * sg - capb * over
c <- 1.1 * rev - .78 * sc - fc * sg - capc * over
most <- pmax(a, b, c)
invisible(c(mean(a), mean(b), mean(c), var(a), var(b), var(c),
            mean(a == most), mean(b == most), mean(most)))
cat(sum((proc.time() - start)[1:2]), "\n")
