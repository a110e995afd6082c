import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Form, Input } from "antd";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { ApiProblem } from "../api/problem";
import { queryClient } from "../api/session";
import en from "../i18n/en/common.json";
import { ResourceForm } from "./ResourceForm";

interface Values { email: string; name: { zh: string } }

beforeAll(async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  vi.stubGlobal("fetch", async () => Response.json({ signedIn: false, permissions: [], csrfToken: "t", site: {} }));
  Element.prototype.scrollTo = () => undefined;
  await i18next.use(initReactI18next).init({ lng: "en", defaultNS: "common", resources: { en: { common: en } }, interpolation: { prefix: "{", suffix: "}" } });
});
afterEach(cleanup);

function show(submit: (values: Values, key: string) => Promise<unknown>, onDone = vi.fn()) {
  const page = (
    <ResourceForm<Values> submitLabel="Send" submit={submit} onDone={onDone}>
      <Form.Item name="email" label="E-mail"><Input /></Form.Item>
      <Form.Item name={["name", "zh"]} label="Name"><Input /></Form.Item>
    </ResourceForm>
  );
  const router = createMemoryRouter([{ path: "/", element: page }]);
  render(<QueryClientProvider client={queryClient}><RouterProvider router={router} /></QueryClientProvider>);
  return onDone;
}

const press = () => fireEvent.click(screen.getByRole("button", { name: /Send/ }));

test("the server's messages stand under their fields, the others above with the request id", async () => {
  show(async () => {
    throw new ApiProblem(422, "invalid", "Some fields are wrong", [
      { field: "email", code: "email", message: "Not an address" },
      { field: "name.zh", code: "length", message: "Too short" },
      { field: "captcha", code: "wrong", message: "Wrong captcha" },
    ], "", "req_1");
  });
  press();
  await screen.findByText("Not an address");
  expect(screen.getByLabelText("E-mail").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("Too short")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("Wrong captcha");
  expect(screen.getByRole("alert").textContent).toContain("req_1");
});

test("a retry of the same content keeps its key, changed content gets another", async () => {
  const keys: string[] = [];
  const onDone = show(async (_, key) => {
    keys.push(key);
    if (keys.length < 3) throw new ApiProblem(0, "network", "");
    return "made";
  });
  press();
  await screen.findByText(en.problem.network);
  await waitFor(() => expect((screen.getByLabelText("E-mail") as HTMLInputElement).disabled).toBe(false));
  press();
  await waitFor(() => expect(keys).toHaveLength(2));
  await waitFor(() => expect((screen.getByLabelText("E-mail") as HTMLInputElement).disabled).toBe(false));
  fireEvent.change(screen.getByLabelText("E-mail"), { target: { value: "a@example.com" } });
  press();
  await waitFor(() => expect(onDone).toHaveBeenCalledWith("made", expect.objectContaining({ email: "a@example.com" })));
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[1]);
});
