/* Log-normal quantities given by what one knows of them: mean, number, spread.
 *
 * With ln X normal of mean mu and deviation s, X has the mean m = exp(mu + s^2/2) and the coefficient of variation v =
 * sqrt(exp(s^2) - 1). Phi and z are the standard normal distribution function and its quantile. Sums over a large number of units;
 * nothing here is random. Source: Aitchison and Brown, The Lognormal Distribution (1957), chapter 2. */
#ifndef TANLU_SOLVERS_LOGNORMAL_H
#define TANLU_SOLVERS_LOGNORMAL_H

/* s of a coefficient of variation v >= 0: sqrt(ln(1 + v^2)). */
double tanlu_lognormal_deviation(double variation);
/* Value below which the share p (0 < p < 1) of the units lies: m exp(s z(p) - s^2/2). Median: p = 0.5. */
double tanlu_lognormal_quantile(double mean, double deviation, double p);
/* Mean of the units below that value: m Phi(z(p) - s) / p. */
double tanlu_lognormal_lower_mean(double mean, double deviation, double p);
/* Share of the sum of X in units above a value: 1 - Phi((ln value - mu - s^2) / s); for s = 0: 1 where mean > value, else 0.
 * value = 0 gives 1. */
double tanlu_lognormal_sum_above(double mean, double deviation, double value);
/* Share of the units above a value: 1 - Phi((ln value - mu) / s). */
double tanlu_lognormal_count_above(double mean, double deviation, double value);

#endif
