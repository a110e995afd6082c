// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const src = import.meta.dirname + "/";
const sources = new Map(readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(tsx?|css)$/.test(path) && !/\.test\.tsx?$|\.d\.ts$/.test(path))
  .map((path) => ["./" + path.replaceAll("\\", "/"), readFileSync(src + path, "utf8")]));
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

function offenders(rule: (code: string) => boolean, allowed: RegExp): string[] {
  return [...sources].filter(([path, text]) => !allowed.test(path) && rule(withoutComments(text))).map(([path]) => path);
}

describe("house rules of README.md", () => {
  test("texts stand in the i18n files", () => {
    expect(offenders((code) => /[\u4e00-\u9fff]/.test(code), /^\.\/(layout\/switches|app\/title|theme\/Mark)\.tsx$/)).toEqual([]);
  });
  test("colours stand in the palette", () => {
    expect(offenders((code) => /#[0-9a-fA-F]{6}\b/.test(code), /^\.\/theme\//)).toEqual([]);
  });
  test("notices and questions go through ui/feedback", () => {
    expect(offenders((code) => /\bApp\.useApp\b|import \{[^}]*\b(message|notification)\b[^}]*\} from "antd"|Modal\.(confirm|info|warning|error|success)\(/.test(code), /^\.\/ui\/FeedbackHost\.tsx$/)).toEqual([]);
  });
  test("HTML from the server goes through MarkdownView", () => {
    expect(offenders((code) => code.includes("dangerouslySetInnerHTML"), /^\.\/ui\/MarkdownView\.tsx$/)).toEqual([]);
  });
});
