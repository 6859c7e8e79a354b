#!/usr/bin/env node
/** This host for real, from one command. Only here are the environment, the clock, signals and the terminal. */
import pc from "picocolors";
import { listenAddressText } from "../../common/listen-address.ts";
import { LiveScreen } from "../../common/live-screen.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { requireCapabilities } from "../../node-agent/kernel/privileges.ts";
import type { Settled } from "./children.ts";
import type { Addresses, Display } from "./display.ts";
import { JsonDisplay } from "./json-display.ts";
import { freeAddresses, reachableText } from "./listen-ports.ts";
import { LiveDisplay } from "./live-display.ts";
import { openLogFile } from "./log-file.ts";
import { Notices } from "./notices.ts";
import type { StandaloneOptions } from "./options.ts";
import { standaloneProgram } from "./options.ts";
import { PathFeed } from "./path-feed.ts";
import { PlainDisplay } from "./plain-display.ts";
import { Stack } from "./stack.ts";

const refreshMs = 1_000;

void runMain(main);

async function main(): Promise<void> {
  const outcome = readOptions(standaloneProgram, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const ended = untilToldToEnd();
  // What cannot work is better found before anything has been started.
  requireCapabilities();
  const settled = await settledFrom(outcome.values);
  const logFile = openLogFile(settled.logFile);
  const notices = new Notices();
  const display = displayFor(settled, notices);
  const stack = new Stack({
    settled,
    environment: process.env,
    onLine: (program, line) => {
      logFile.append(line);
      notices.take(program, line, new Date().toTimeString().slice(0, 8));
    },
  });
  try {
    await run(settled, stack, display, ended);
  } finally {
    display.status("Stopping.");
    await stack.stop();
    logFile.close();
  }
}

/** Returns when told to end; throws where a program ends by itself. */
async function run(settled: Settled, stack: Stack, display: Display, ended: Promise<void>): Promise<void> {
  display.status("Starting.");
  const natsUrl = await Promise.race([stack.start(), ended]);
  if (natsUrl === undefined) return;
  display.addresses(addressesOf(settled, natsUrl));
  const feed = new PathFeed(reachableText(settled.grpcListen), () => performance.now());
  feed.start();
  const scene = () => ({ paths: feed.paths(), nowMs: performance.now() });
  const resized = () => display.resized?.(scene());
  const refresh = () => {
    // Who reads slowly misses some, rather than everything piling up here.
    if (!process.stdout.writableNeedDrain) display.show(scene());
  };
  const timer = setInterval(refresh, refreshMs);
  process.stdout.on("resize", resized);
  try {
    refresh();
    await Promise.race([ended, stack.failed]);
  } finally {
    process.stdout.off("resize", resized);
    clearInterval(timer);
    feed.close();
  }
}

// The handlers stay: npm passes on the Ctrl-C that the terminal has already sent to this process, and the second one
// must not cut the end short.
function untilToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    // The terminal is gone, or who read has read enough.
    process.stdout.on("error", () => resolve());
    process.stderr.on("error", () => undefined);
  });
}

async function settledFrom(options: StandaloneOptions): Promise<Settled> {
  const found = await freeAddresses({
    "grpc-listen": options.grpcListen,
    "http-listen": options.httpListen,
    "agent-http-listen": options.agentHttpListen,
  });
  return {
    ...options,
    grpcListen: found["grpc-listen"],
    httpListen: found["http-listen"],
    agentHttpListen: found["agent-http-listen"],
  };
}

function displayFor(settled: Settled, notices: Notices): Display {
  const isApplied = settled.apply;
  const write = (text: string) => void process.stdout.write(text);
  const writeNotice = (text: string) => void process.stderr.write(text);
  if (settled.json) return new JsonDisplay({ write, writeNotice, notices, isApplied, unixMs: () => Date.now() });
  if (!process.stdout.isTTY || process.env["TERM"] === "dumb") {
    return new PlainDisplay({ write, writeNotice, notices, isApplied });
  }
  const screen = new LiveScreen(process.stdout);
  return new LiveDisplay({ screen, notices, isApplied, isColoured: pc.isColorSupported });
}

function addressesOf(settled: Settled, natsUrl: string): Addresses {
  return {
    grpc: listenAddressText(settled.grpcListen),
    http: listenAddressText(settled.httpListen),
    agentHttp: listenAddressText(settled.agentHttpListen),
    nats: natsUrl.replaceAll(/\/\/[^/@\s]*@/g, "//***@"),
  };
}
