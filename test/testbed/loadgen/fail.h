/* SPDX-License-Identifier: MIT */
/* The end of a program that cannot run. */
#ifndef LOADGEN_FAIL_H
#define LOADGEN_FAIL_H

/* Says what could not be done and errno, and exits with 2. */
__attribute__((noreturn)) void fail(const char *action);

#endif
