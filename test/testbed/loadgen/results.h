/* SPDX-License-Identifier: MIT */
/* What came of the transfers, and its output. */
#ifndef LOADGEN_RESULTS_H
#define LOADGEN_RESULTS_H

#include <stdint.h>

#include "transfer.h"

/* Counts a transfer and, unless compact, prints it. */
void result_record(const struct transfer *transfer, bool compact);

uint64_t results_good(void);

/* Prints the summary. Returns the exit status. */
int results_summarize(void);

#endif
