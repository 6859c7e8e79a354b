/* SPDX-License-Identifier: MIT */
/* The device by which a host is on the network. */
#ifndef SWITCH_TUN_H
#define SWITCH_TUN_H

/*
 * Opens the TUN device in a namespace: a device belongs to the namespace in which its file was opened. Returns -1 with
 * errno, and what could not be opened in failed.
 */
int tun_open(const char *namespace, const char **failed);

#endif
