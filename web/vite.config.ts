import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { precompress } from "./build/precompress.ts";

const backend = process.env.JISHI_BACKEND ?? "http://127.0.0.1:8080";
// What the Go server answers itself; everything else is a page of this application.
const served = ["/api", "/files", "/oauth", "/healthz", "/openapi.json"];

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    outDir: "../internal/edge/web/dist",
    emptyOutDir: true,
    // The size check reads it to know what a page loads first.
    manifest: true,
    // Inlining would need script-src or img-src exceptions in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Changes only with a library upgrade, so browsers keep it over releases.
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/, priority: 20 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(served.map((path) => [path, { target: backend, changeOrigin: false }])),
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
