#include <string.h>

#include "inputs/driver_path.h"
#include "inputs/scenario_explain.h"
#include "inputs/scenario_file.h"
#include "inputs/scenario_resolver.h"
#include "inputs/scenario_tree.h"

enum { PATH_TEXT = 160 };

/* One value with its origin: the scenario's file and line, "--set PATH=VALUE" or the history. */
static void print_value(FILE *stream, const char *what, const tanlu_yaml *node, bool history) {
  fprintf(stream, "  %-16s %-16s %s%s", what, node->text ? node->text : "", history ? "history " : "", node->file);
  if (node->line > 0) fprintf(stream, ":%zu", node->line);
  fputc('\n', stream);
}

static void print_timeline(FILE *stream, const tanlu_yaml *node, bool history) {
  if (node->kind != TANLU_YAML_MAPPING) {
    print_value(stream, "", node, history);
    return;
  }
  for (size_t i = 0; i < node->count; i++) {
    const tanlu_yaml *child = node->child[i];
    if (child->kind == TANLU_YAML_MAPPING) { /* rates of a trend */
      fprintf(stream, "  %s\n", child->key);
      print_timeline(stream, child, history);
    } else {
      print_value(stream, child->key, child, history);
    }
  }
}

static size_t print_keys(FILE *stream, const tanlu_yaml *mapping, const tanlu_driver_path *path, tanlu_driver_id id,
                         const char *prefix, bool history) {
  size_t printed = 0;
  for (size_t i = 0; mapping && mapping->kind == TANLU_YAML_MAPPING && i < mapping->count; i++) {
    const tanlu_yaml *node = mapping->child[i];
    tanlu_driver_path next;
    char text[PATH_TEXT];
    snprintf(text, sizeof text, "%s%s%s", prefix, *prefix ? "." : "", node->key);
    if (tanlu_driver_path_list(path) == id && path->alive[id] && strcmp(node->key, "balance") == 0) {
      fprintf(stream, "%s\n", text);
      print_value(stream, "", node, history);
      printed++;
      continue;
    }
    if (!tanlu_driver_path_step(path, node->key, &next) || !next.alive[id]) continue;
    if (tanlu_driver_path_end(&next) != id) {
      printed += print_keys(stream, node, &next, id, text, history);
      continue;
    }
    fprintf(stream, "%s\n", text);
    print_timeline(stream, node, history);
    printed++;
  }
  return printed;
}

size_t tanlu_explain_keys(FILE *stream, const tanlu_yaml *mapping, tanlu_driver_id id, const char *prefix,
                          bool history) {
  const tanlu_driver_path start = tanlu_driver_path_start();
  return print_keys(stream, mapping, &start, id, prefix, history);
}

void tanlu_explain_value(FILE *stream, const tanlu_yaml *node, const char *prefix) {
  fprintf(stream, "%s.%s\n", prefix, node->key);
  print_value(stream, "", node, false);
}

/* Rules of a carbon market, which no driver stands for: every scalar by its path. */
static void print_market(FILE *stream, const tanlu_yaml *node, const char *prefix) {
  for (size_t i = 0; i < node->count; i++) {
    const tanlu_yaml *child = node->child[i];
    char text[PATH_TEXT];
    snprintf(text, sizeof text, "%s%s%s", prefix, child->key ? "." : "", child->key ? child->key : "");
    if (child->kind == TANLU_YAML_SCALAR) {
      fprintf(stream, "%s\n", text);
      print_value(stream, "", child, false);
    } else {
      print_market(stream, child, text);
    }
  }
}

void tanlu_scenario_explain(const tanlu_scenario *scenario, const tanlu_dataset *dataset, FILE *stream) {
  tanlu_yaml *own = NULL;
  const tanlu_yaml *history = scenario->tree->history;
  if (!history && tanlu_history_read(&own, dataset, NULL) == TANLU_OK) history = own;
  fprintf(stream, "scenario %s (%s), dataset %s, %d to %d, history to %d\n", scenario->name, scenario->title,
          dataset->name, scenario->from, scenario->to, dataset->history_to);
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const tanlu_driver_info *info = &tanlu_driver_table[id];
    fprintf(stream, "\n# %s: %s (%s)\n", info->path, info->meaning, info->unit);
    size_t printed = tanlu_explain_keys(stream, history, (tanlu_driver_id)id, "", true);
    printed += tanlu_explain_keys(stream, scenario->tree->root, (tanlu_driver_id)id, "", false);
    if (printed > 0) continue;
    if (info->form == TANLU_FORM_PATH || info->form == TANLU_FORM_SHARE_PATH) {
      fprintf(stream, "  none                              default\n");
    } else if (info->fallback == info->fallback) {
      fprintf(stream, "  %-33g default\n", info->fallback);
    } else {
      fprintf(stream, "  base-year value                   default\n");
    }
  }
  const tanlu_yaml *market = tanlu_yaml_find(scenario->tree->root, "ets");
  if (market) fputs("\n# ets: rules of a carbon market (tanlu ets)\n", stream);
  if (market) print_market(stream, market, "ets");
  if (scenario->drivers) tanlu_explain_indirect(dataset, scenario->drivers, stream);
  tanlu_yaml_free(&own);
}
