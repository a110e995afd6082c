import { describe, expect, test } from "vitest";
import { contrast } from "./contrast";
import { palettes, type Palette } from "./palette";

const grounds = ["paper", "surface", "sunken"] as const;
const texts = ["ink", "inkSoft", "inkFaint", "primary", "buy", "success", "warning", "danger", "info"] as const;
const pairs: [keyof Palette, keyof Palette][] = [
  ...texts.flatMap((text) => grounds.map((ground): [keyof Palette, keyof Palette] => [text, ground])),
  ["success", "successWash"], ["warning", "warningWash"], ["danger", "dangerWash"], ["info", "infoWash"],
  ["primary", "primaryWash"], ["buy", "buyWash"], ["ink", "primaryWash"], ["ink", "buyWash"], ["ink", "warningWash"],
  ["inkSoft", "warningWash"], ["inkSoft", "primaryWash"],
  ["onPrimary", "primary"], ["onPrimary", "primaryHover"], ["onPrimary", "primaryActive"],
  ["onBuy", "buy"], ["onBuy", "buyHover"],
];

describe.each(["light", "dark"] as const)("%s scheme", (scheme) => {
  test.each(pairs)("%s on %s is readable (AA, 4.5:1)", (text, ground) => {
    expect(contrast(palettes[scheme][text], palettes[scheme][ground])).toBeGreaterThanOrEqual(4.5);
  });
  test.each(grounds)("a control's outline is visible on %s (3:1)", (ground) => {
    expect(contrast(palettes[scheme].outline, palettes[scheme][ground])).toBeGreaterThanOrEqual(3);
  });
});

test("black on white is 21", () => expect(contrast("#000000", "#ffffff")).toBeCloseTo(21));
