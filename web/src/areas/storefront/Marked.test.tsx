import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Marked } from "./Marked";

const html = (marked: string | undefined, fallback = "") => render(<Marked html={marked} fallback={fallback} />).container.innerHTML;

test("matches are marked, entities are read once", () => {
  expect(html("A &amp;amp; <mark>CRM</mark> &lt;b&gt;")).toBe("A &amp;amp; <mark>CRM</mark> &lt;b&gt;");
});

test("no other element comes through", () => {
  expect(html('<img src=x onerror="x"><mark><i>y</i></mark>')).toBe('&lt;img src=x onerror="x"&gt;<mark>&lt;i&gt;y&lt;/i&gt;</mark>');
});

test("without marks the plain text is shown", () => expect(html(undefined, "a < b")).toBe("a &lt; b"));
