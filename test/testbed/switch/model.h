/* SPDX-License-Identifier: MIT */
/*
 * The network as a model: routes lead into queues, and what leaves a queue is due one propagation delay later.
 *
 * Time in the model is virtual: a packet's departure follows from the packet before it, never from the moment this
 * process happened to run. Being scheduled late delays a delivery, which is counted as lateness, but never slows a
 * queue down.
 */
#ifndef SWITCH_MODEL_H
#define SWITCH_MODEL_H

#include <stdbool.h>
#include <stdint.h>

static const uint32_t PPM = 1000000;

/*
 * A packet sets out from its host, with its data, length, from and to filled in. Returns false when it goes no further;
 * it is then still the caller's.
 */
bool model_send(uint32_t index, uint64_t at_ns);

/* Everything that happens in the queues up to until_ns; what leaves them becomes a delivery. */
void model_advance(uint64_t until_ns);

/* The earliest time at which there can be something to do without a packet arriving first. */
uint64_t model_wake_ns(uint64_t at_ns);

/* The queue may be a new one. */
void model_set_queue(uint32_t index, uint64_t rate_bits, uint64_t buffer_bytes, uint64_t at_ns);

/* Synthetic load of the queue; a rate of 0 ends it. */
void model_set_cross(uint32_t index, uint64_t rate_bits, uint64_t at_ns);

/* What waits in the queue of the route it replaces leaves that queue with the new delay. */
void model_set_route(uint32_t from, uint32_t to, uint32_t queue, uint64_t delay_ns, uint32_t loss_ppm, uint64_t at_ns);

#endif
