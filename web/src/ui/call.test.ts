import { expect, test } from "vitest";
import { asCurl, hexDump, pretty, type Call } from "./call";

const call: Call = {
  method: "POST", url: "https://seller.example/produce?a=1&b='x'", requestHeaders: { "Content-Type": "application/json", "Content-Length": "9" },
  requestBody: `{"a":"it's"}`, status: 200, responseHeaders: {}, responseBody: "", startedAt: "2026-11-20T00:00:00Z", durationMs: 5,
};

test("asCurl quotes for the shell and leaves out what curl sets itself", () => {
  expect(asCurl(call)).toBe([
    `curl -i -X POST 'https://seller.example/produce?a=1&b='\\''x'\\'''`,
    `-H 'Content-Type: application/json'`,
    `--data-raw '{"a":"it'\\''s"}'`,
  ].join(" \\\n  "));
});

test("pretty indents JSON and leaves the rest alone", () => {
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(pretty("<html>")).toBe("<html>");
});

test("hexDump shows bytes, not characters", () => {
  expect(hexDump("集A")).toBe("000000  e9 9b 86 41                                      ...A");
});
