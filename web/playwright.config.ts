import { defineConfig } from "@playwright/test";

const root = process.getuid?.() === 0;

/** Runs against a server that is already up: JISHI_E2E_URL. The browser is Debian's Chromium unless JISHI_CHROMIUM names another. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // A walk begins from nothing, so it may be walked again; one that needs it is named as flaky at the end of the run.
  retries: process.env.CI ? 1 : 0,
  workers: 1,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["./e2e/last-lines.ts"]],
  use: {
    // A step that cannot be made is named, instead of the whole walk running out of time.
    actionTimeout: 45_000,
    navigationTimeout: 60_000,
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
