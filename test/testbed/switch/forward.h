/* SPDX-License-Identifier: MIT */
/* Packets from the devices of the hosts into the model, and out of it again. */
#ifndef SWITCH_FORWARD_H
#define SWITCH_FORWARD_H

#include <stdint.h>

/* Both handle a batch at most, so that the other gets its turn. */
void forward_from(uint32_t host);
void forward_due(void);

#endif
