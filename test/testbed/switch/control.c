// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"

enum {
	LINE_BYTES = 512,
	ANSWER_BYTES = 1 << 20,
};

void control_open(void)
{
	int answer_bytes = ANSWER_BYTES;

	/* A driver slow to read the answer to `stats` must not stop the network. */
	setsockopt(STDOUT_FILENO, SOL_SOCKET, SO_SNDBUFFORCE, &answer_bytes, sizeof(answer_bytes));
	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, answer_bytes);
}

void control_read(void (*run)(char *line))
{
	static char line[LINE_BYTES];
	static size_t used;
	char *end;
	ssize_t got = read(STDIN_FILENO, line + used, sizeof(line) - used);

	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		exit(0);
	if (got < 0)
		return;
	used += (size_t)got;
	while ((end = memchr(line, '\n', used)) != NULL) {
		*end++ = 0;
		run(line);
		used -= (size_t)(end - line);
		memmove(line, end, used);
	}
	if (used == sizeof(line)) {
		used = 0;
		refuse("run the command", "the line is too long", 0);
	}
}

void answer(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
}

void refuse(const char *action, const char *reason, int error)
{
	if (error == 0)
		answer("{\"error\":\"Cannot %s: %s\"}", action, reason);
	else
		answer("{\"error\":\"Cannot %s: %s: errno %s\"}", action, reason, strerrorname_np(error));
}
