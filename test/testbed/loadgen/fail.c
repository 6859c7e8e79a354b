// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

void fail(const char *action)
{
	fprintf(stderr, "Cannot %s: errno %s\n", action, strerrorname_np(errno));
	exit(2);
}
