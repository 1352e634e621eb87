/* The installed library in a few lines:
 *
 *   cc example.c $(pkg-config --cflags --libs tanlu) -o example && ./example dual-carbon gdp.growth.2030=3.9
 *
 * Net CO2 of a scenario, and what one setting of it changes. Prints YEAR BEFORE AFTER, Mt. */
#include <inputs/session.h>
#include <stdio.h>

int main(int argc, char **argv) {
  const char *scenario = argc > 1 ? argv[1] : "dual-carbon", *setting = argc > 2 ? argv[2] : "sinks.2060=800";
  double co2[2][2];
  tanlu_session *session = tanlu_session_create();
  int status = session != NULL ? tanlu_session_load(session, "china-2020") : 4;
  for (size_t changed = 0; status == 0 && changed < 2; changed++) {
    status = tanlu_session_run(session, scenario, &setting, changed);
    if (status == 0) status = tanlu_session_indicator(session, "co2_net", 2030, &co2[changed][0]);
    if (status == 0) status = tanlu_session_indicator(session, "co2_net", 2060, &co2[changed][1]);
  }
  if (session != NULL && status != 0) fprintf(stderr, "%s\n", tanlu_session_messages(session));
  for (int t = 0; status == 0 && t < 2; t++) printf("%d %.17g %.17g\n", t == 0 ? 2030 : 2060, co2[0][t], co2[1][t]);
  tanlu_session_free(&session);
  return status;
}
