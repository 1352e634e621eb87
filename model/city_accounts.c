#include "model/city_accounts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

static const double missing = (double)NAN;

void tanlu_provinces_clear(tanlu_provinces *p) {
  free(p->name);
  free(p->region_of);
  free(p->industry_of);
  free(p->co2);
  free(p->households);
  free(p->size);
  tanlu_labels_clear(&p->region);
  tanlu_labels_clear(&p->sector);
  *p = (tanlu_provinces){0};
}

const char *tanlu_city_proxy_text(size_t proxy) {
  static const char *const text[TANLU_CITY_PROXIES] = {"by industry", "by GDP", "by population"};
  return text[proxy];
}

static bool is_known(const tanlu_place_size *size) {
  bool known = size->population > 0.0;
  for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) known = known && size->industry[k] > 0.0;
  return known;
}

/* One share, checked. */
static tanlu_status share_of(const char *name, const char *what, double city, double province, const char *code,
                             double *share, tanlu_context *context) {
  *share = city / province;
  if (!(city > province)) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s has %s of %g, its province '%s' only %g", name, what, city, code,
                    province);
}

static tanlu_status find_shares(const tanlu_provinces *p, size_t r, const char *name, const tanlu_place_size *city,
                                tanlu_city_account *account, tanlu_context *context) {
  static const char *const what[] = {"value added of primary industry", "value added of secondary industry",
                                     "value added of tertiary industry"};
  const tanlu_place_size *province = &p->size[r];
  const char *code = p->region.code[r];
  double own = 0.0, all = 0.0;
  if (!is_known(province)) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "province '%s', in which %s lies: its population and value added are not known or 0", code, name);
  }
  tanlu_status status =
      share_of(name, "population", city->population, province->population, code, &account->population_share, context);
  for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) {
    const tanlu_status next =
        share_of(name, what[k], city->industry[k], province->industry[k], code, &account->share[k], context);
    if (status == TANLU_OK) status = next;
    own += city->industry[k];
    all += province->industry[k];
  }
  account->gdp_share = own / all;
  return status;
}

static void sum_up(const tanlu_provinces *p, size_t r, double *sector, tanlu_city_account *a) {
  double all = p->households[r];
  for (size_t s = 0; s < p->sector.count; s++) {
    if (p->region_of[s] != r) continue;
    const double part = p->co2[s] * a->share[p->industry_of[s]];
    a->industry[p->industry_of[s]] += part;
    all += p->co2[s];
    if (sector != NULL) sector[s] = part;
  }
  a->households = p->households[r] * a->population_share;
  a->co2[TANLU_CITY_BY_INDUSTRY] = a->households;
  for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) a->co2[TANLU_CITY_BY_INDUSTRY] += a->industry[k];
  a->co2[TANLU_CITY_BY_GDP] = all * a->gdp_share;
  a->co2[TANLU_CITY_BY_POPULATION] = all * a->population_share;
  a->low = a->high = a->co2[0];
  for (size_t k = 0; k < TANLU_CITY_PROXIES; k++) {
    if (isnan(a->co2[k])) {
      a->low = a->high = missing;
      return;
    }
    a->low = fmin(a->low, a->co2[k]);
    a->high = fmax(a->high, a->co2[k]);
  }
}

tanlu_status tanlu_city_account_of(const tanlu_provinces *provinces, size_t r, const char *name,
                                   const tanlu_place_size *city, double *sector, tanlu_city_account *account,
                                   tanlu_context *context) {
  *account = (tanlu_city_account){.share = {1.0, 1.0, 1.0}, .gdp_share = 1.0, .population_share = 1.0};
  const tanlu_status status = city != NULL ? find_shares(provinces, r, name, city, account, context) : TANLU_OK;
  if (status == TANLU_OK) sum_up(provinces, r, sector, account);
  return status;
}

/* ---- of all pilots ---------------------------------------------------------------------------------------------------------- */

void tanlu_city_accounts_clear(tanlu_city_accounts *accounts) {
  free(accounts->region);
  free(accounts->account);
  free(accounts->sector);
  *accounts = (tanlu_city_accounts){0};
}

static tanlu_status find_year(tanlu_city_accounts *a, const tanlu_provinces *provinces, tanlu_context *context) {
  for (a->year = 0; a->year < TANLU_PILOT_YEARS; a->year++) {
    if (provinces->base_year == tanlu_pilot_year(a->year)) return TANLU_OK;
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "dataset '%s' is of %d; expected %d, %d or %d, the years of the panel",
                    provinces->name, provinces->base_year, tanlu_pilot_year(0), tanlu_pilot_year(1),
                    tanlu_pilot_year(2));
}

static tanlu_status make_account(tanlu_city_accounts *a, const tanlu_pilots *pilots, const tanlu_provinces *provinces,
                                 size_t i, tanlu_context *context) {
  const tanlu_pilot *pilot = &pilots->pilot[i];
  const tanlu_pilot_state *state = &pilot->state[a->year];
  tanlu_place_size size = {.population = state->population};
  memcpy(size.industry, state->industry, sizeof size.industry);
  const bool whole = pilot->kind == TANLU_PILOT_PROVINCE || pilot->kind == TANLU_PILOT_MUNICIPALITY;
  return tanlu_city_account_of(provinces, a->region[i], pilots->label.name[i], whole ? NULL : &size,
                               a->sector + i * provinces->sector.count, &a->account[i], context);
}

tanlu_status tanlu_city_accounts_make(tanlu_city_accounts *accounts, const tanlu_pilots *pilots,
                                      const tanlu_provinces *provinces, tanlu_context *context) {
  const size_t count = pilots->label.count;
  size_t found = 0;
  *accounts = (tanlu_city_accounts){0};
  tanlu_status status = find_year(accounts, provinces, context);
  if (status != TANLU_OK) return status;
  accounts->region = tanlu_allocate(context, count, sizeof *accounts->region);
  accounts->account = tanlu_allocate(context, count, sizeof *accounts->account);
  accounts->sector = tanlu_allocate_doubles(context, count, provinces->sector.count);
  if (accounts->region == NULL || accounts->account == NULL || accounts->sector == NULL) status = TANLU_ERR_MEMORY;
  for (size_t i = 0; status != TANLU_ERR_MEMORY && i < count; i++) {
    accounts->region[i] =
        i != pilots->nation ? tanlu_labels_find(&provinces->region, pilots->pilot[i].province) : TANLU_NONE;
    if (accounts->region[i] == TANLU_NONE) continue;
    const tanlu_status next = make_account(accounts, pilots, provinces, i, context);
    if (next != TANLU_OK) status = next;
    found++;
  }
  if (status == TANLU_OK && found == 0) {
    status = tanlu_fail(context, TANLU_ERR_INPUT, "no pilot lies in a region of dataset '%s'", provinces->name);
  }
  if (status != TANLU_OK) tanlu_city_accounts_clear(accounts);
  return status;
}
