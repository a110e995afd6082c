import { defineConfig } from "@playwright/test";

const root = process.getuid?.() === 0;

/** Runs against a server that is already up: JISHI_E2E_URL. The browser is Debian's Chromium unless JISHI_CHROMIUM names another. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  retries: 0,
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.JISHI_E2E_URL ?? "http://127.0.0.1:8080",
    trace: "off",
    locale: "zh-CN",
    contextOptions: { reducedMotion: "reduce" },
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.JISHI_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        ...(root ? ["--no-sandbox"] : []),
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
      ],
    },
  },
});
