/* What is wrong with one of many related systems, found by any thread and reported once. */
#ifndef TANLU_SOLVERS_BLOCK_FAULT_PRIVATE_H
#define TANLU_SOLVERS_BLOCK_FAULT_PRIVATE_H

#include "solvers/block_private.h"

typedef enum {
  TANLU_FAULT_NONE,
  TANLU_FAULT_DIAGONAL,
  TANLU_FAULT_ROW,
  TANLU_FAULT_B,
  TANLU_FAULT_SINGULAR,
  TANLU_FAULT_UNPRODUCTIVE
} tanlu_block_fault_kind;

typedef struct {
  tanlu_block_fault_kind kind;
  size_t system, index, row; /* index: entry or column; row: dense row */
  double value;
} tanlu_block_fault;

/* The first system of the first `used` with a number that is not finite. non_negative (out, used): none of the row values
 * of a system is below zero. */
tanlu_block_fault tanlu_block_check_inputs(const tanlu_block_options *options, const tanlu_block_systems *systems,
                                           size_t used, bool *non_negative);
/* TANLU_OK, or TANLU_ERR_MODEL with a message that names the system, of `count`. */
tanlu_status tanlu_block_report_fault(const tanlu_block_fault *fault, size_t count, tanlu_context *context);

#endif
