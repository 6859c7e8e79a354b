/** Certificates of a test's own, made with openssl in a folder that goes with the test. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An authority that signs. */
export interface Authority {
  /** PEM file with its certificate. */
  readonly file: string;
  /** Signs a certificate for DNS names; `days` below 0: one that has expired. */
  sign(name: string, days?: number): KeyPair;
}

/** PEM files. */
export interface KeyPair {
  readonly certFile: string;
  readonly keyFile: string;
}

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** A new authority; everything it signs ends with the test. */
export function testAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "augmenter-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync("openssl", [...args], { stdio: "pipe" });
  openssl(
    "req",
    "-x509",
    ...curve,
    "-days",
    "2",
    "-subj",
    "/CN=test authority",
    "-keyout",
    path("ca.key"),
    "-out",
    path("ca.pem"),
  );
  let signed = 0;
  return {
    file: path("ca.pem"),
    sign: (name, days = 2) => {
      signed += 1;
      const [csr, keyFile, certFile] = [path(`${signed}.csr`), path(`${signed}.key`), path(`${signed}.pem`)];
      openssl("req", ...curve, "-subj", `/CN=${name}`, "-keyout", keyFile, "-out", csr);
      writeFileSync(path("extensions"), `subjectAltName=DNS:${name}\n`);
      const ca = ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial"];
      openssl(
        "x509",
        "-req",
        "-in",
        csr,
        ...ca,
        "-days",
        String(days),
        "-extfile",
        path("extensions"),
        "-out",
        certFile,
      );
      return { certFile, keyFile };
    },
  };
}
