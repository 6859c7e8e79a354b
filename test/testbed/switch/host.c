// SPDX-License-Identifier: MIT
#include <string.h>

#include "host.h"

struct host hosts[MAX_HOSTS];
uint32_t host_count;

uint32_t host_named(const char *name)
{
	uint32_t index;

	for (index = 0; index < host_count; index++)
		if (strcmp(hosts[index].name, name) == 0)
			return index;
	return NONE;
}

uint32_t host_addressed(const uint8_t *packet, ssize_t length)
{
	uint32_t index;

	/* The fields of RFC 791, section 3.1, and RFC 8200, section 3. */
	if (length >= 20 && packet[0] >> 4 == 4) {
		for (index = 0; index < host_count; index++)
			if (memcmp(packet + 16, &hosts[index].address4, 4) == 0)
				return index;
	} else if (length >= 40 && packet[0] >> 4 == 6) {
		for (index = 0; index < host_count; index++)
			if (memcmp(packet + 24, &hosts[index].address6, 16) == 0)
				return index;
	}
	return NONE;
}
