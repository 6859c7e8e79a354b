/* SPDX-License-Identifier: MIT */
/* The line to the driver: commands come on stdin, and each is answered by one line of JSON on stdout. */
#ifndef SWITCH_CONTROL_H
#define SWITCH_CONTROL_H

void control_open(void);

/* Reads what there is and runs each whole line, without its end. Ends the program when the driver is gone. */
void control_read(void (*run)(char *line));

/* Ends the line and sends it. */
__attribute__((format(printf, 1, 2))) void answer(const char *format, ...);

/* Answers that it cannot be done. The errno is 0 where the reason is all there is. */
void refuse(const char *action, const char *reason, int error);

#endif
