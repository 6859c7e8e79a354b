import { describe, expect, test } from "vitest";
import { podAnnotations, podWish, quantityFromText } from "../../../../../aggregator/core/extender/pod-wish.ts";

const { readsFrom, writesTo, bytes, secondsMax } = podAnnotations;

describe("podWish()", () => {
  test("reads peers of both directions, a size and a demand", () => {
    expect(podWish({ [readsFrom]: "a1, 10.0.0.2,a1", [writesTo]: "b1", [bytes]: "1Gi", [secondsMax]: "2.5" })).toEqual({
      kind: "wish",
      wish: {
        transfers: [
          { peer: "a1", direction: "read" },
          { peer: "10.0.0.2", direction: "read" },
          { peer: "b1", direction: "write" },
        ],
        bytes: 2 ** 30,
        secondsMax: 2.5,
      },
    });
  });

  test("is none where the pod names no peer", () => {
    expect(podWish({})).toEqual({ kind: "none" });
    expect(podWish({ [readsFrom]: " , ", [bytes]: "1Gi" })).toEqual({ kind: "none" });
  });

  test.each([
    [{ [readsFrom]: "a,b,c,d,e,f,g,h,i" }],
    [{ [readsFrom]: "x".repeat(200) }],
    [{ [readsFrom]: "a", [bytes]: "much" }],
    [{ [readsFrom]: "a", [bytes]: "0" }],
    [{ [readsFrom]: "a", [bytes]: "1Ei" }],
    [{ [readsFrom]: "a", [secondsMax]: "-1" }],
    [{ [readsFrom]: "a", [secondsMax]: "soon" }],
  ])("says what is wrong with %j", (annotations) => {
    expect(podWish(annotations)).toMatchObject({ kind: "wrong", problem: expect.stringContaining("augmenter.io/") });
  });
});

describe("quantityFromText()", () => {
  test.each([
    ["0", 0],
    ["128974848", 128_974_848],
    ["129e6", 129e6],
    ["129M", 129e6],
    ["123Mi", 123 * 2 ** 20],
    ["1.5Gi", 1.5 * 2 ** 30],
    [".5k", 500],
    ["100m", 0.1],
    ["2E", 2e18],
    ["2E3", 2_000],
  ])("reads %s as %d", (text, value) => {
    expect(quantityFromText(text)).toBeCloseTo(value, 9);
  });

  test.each(["", "Mi", "1 Gi", "1GB", "1ki", "0x10", "1.2.3"])("refuses %j", (text) => {
    expect(quantityFromText(text)).toBeUndefined();
  });
});
