import { describe, expect, test } from "vitest";
import { expectedSeconds, scenarios, scenariosFromText } from "../../bench/dynamics-scenarios.ts";

describe("scenariosFromText()", () => {
  test("is all, or those that are named, in their own order", () => {
    expect(scenariosFromText("all")).toEqual(scenarios);
    const some = scenariosFromText("loss-1,rate");
    expect(typeof some === "string" ? some : some.map(({ name }) => name)).toEqual(["rate", "loss-1"]);
  });

  test.each(["", "rate,", "speed", "all,rate"])("says what is wrong with %j", (text) => {
    expect(scenariosFromText(text)).toBeTypeOf("string");
  });
});

describe("scenarios", () => {
  test("have names and phases of their own", () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    const phases = scenarios.flatMap((scenario) => scenario.phases.map(({ name }) => name));
    expect(new Set(phases).size).toBe(phases.length);
  });

  test("are looked at for longer than the five seconds in which advice is to fit", () => {
    for (const { phases } of scenarios) for (const { seconds } of phases) expect(seconds).toBeGreaterThanOrEqual(8);
  });

  test("go by advice only where nobody else is on the link", () => {
    for (const { fitBy, condition } of scenarios.flatMap(({ phases }) => phases)) {
      const isAlone = condition.bulk === "none" && condition.crossShare === 0;
      expect(fitBy).toBe(isAlone ? "advice" : "transfers");
    }
  });

  test("are expected to be repeated twice within ten minutes", () => {
    const seconds = scenarios.reduce((sum, scenario) => sum + expectedSeconds(scenario), 0);
    expect(2 * seconds).toBeLessThan(570);
  });
});
