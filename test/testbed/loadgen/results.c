// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "results.h"

static uint32_t took_us[MAX_TRANSFERS];	/* of every good transfer, for the summary */
static uint64_t good_count;
static uint64_t error_count;

static int compare_us(const void *a, const void *b);
static uint32_t quantile_us(double quantile);

void result_record(const struct transfer *transfer, bool compact)
{
	if (transfer->error != NULL)
		error_count++;
	else if (good_count < MAX_TRANSFERS)
		took_us[good_count++] = (uint32_t)(transfer->took_us < UINT32_MAX ? transfer->took_us : UINT32_MAX);
	if (compact)
		return;
	printf("{\"us\":%llu,\"bytes\":%llu,\"startUs\":%llu,\"error\":", (unsigned long long)transfer->took_us,
	       (unsigned long long)transfer->got_bytes, (unsigned long long)transfer->start_us);
	if (transfer->error == NULL)
		printf("null}\n");
	else
		printf("\"%s\"}\n", transfer->error);
}

uint64_t results_good(void)
{
	return good_count;
}

int results_summarize(void)
{
	qsort(took_us, good_count, sizeof(*took_us), compare_us);
	printf("{\"summary\":true,\"transfers\":%llu,\"errors\":%llu,"
	       "\"minUs\":%u,\"p50Us\":%u,\"p99Us\":%u,\"maxUs\":%u}\n",
	       (unsigned long long)good_count, (unsigned long long)error_count, quantile_us(0), quantile_us(0.5),
	       quantile_us(0.99), quantile_us(1));
	fflush(stdout);
	return error_count > 0 ? 1 : 0;
}

static int compare_us(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static uint32_t quantile_us(double quantile)
{
	uint64_t rank = (uint64_t)(quantile * (double)good_count);

	if (good_count == 0)
		return 0;
	return took_us[rank < good_count ? rank : good_count - 1];
}
