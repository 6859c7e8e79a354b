import { describe, expect, test } from "vitest";
import { PathNews } from "../../../../aggregator/core/path-news.ts";
import { estimateOf, pathRate, row } from "../fixtures.ts";

const nowMs = 1_000;

function lookedAt(): PathNews {
  const news = new PathNews(8);
  const estimate = estimateOf(row());
  news.consider(3, estimate, nowMs);
  expect(news.take(8)).toEqual([3]);
  news.looked(3, estimate, nowMs);
  return news;
}

describe("PathNews", () => {
  test("is nothing where a path is as it was when it was looked at", () => {
    const news = lookedAt();
    news.consider(3, estimateOf(row()), nowMs);
    expect(news.size).toBe(0);
  });

  test.each([1.025, 0.975])("is a rate that moved by a part in 40 (x %d), and not by one in 200", (factor) => {
    const news = lookedAt();
    news.consider(3, estimateOf(row({ saturatedBytesPerSecond: pathRate * (1 + (factor - 1) / 5) })), nowMs);
    expect(news.size).toBe(0);
    news.consider(3, estimateOf(row({ saturatedBytesPerSecond: pathRate * factor })), nowMs);
    expect(news.take(8)).toEqual([3]);
  });

  test("waits where the path is as it was again: it is looked at as it is then", () => {
    const news = lookedAt();
    news.consider(3, estimateOf(row({ saturatedBytesPerSecond: 2 * pathRate })), nowMs);
    news.consider(3, estimateOf(row()), nowMs);
    expect(news.take(8)).toEqual([3]);
  });

  test("is a burst tolerance that was found, and is gone with the path", () => {
    const news = lookedAt();
    const lost = { burstsLost: 8, burstLostMean: 20, bytesAcked: 8 * 20_000 };
    news.consider(3, estimateOf(row(lost)), nowMs);
    expect(news.size).toBe(1);
    news.forget(3);
    expect(news.size).toBe(0);
  });
});
