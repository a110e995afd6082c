import { lazy, Suspense } from "react";
import { Outlet, ScrollRestoration, useNavigation } from "react-router";
import { base } from "../api/realm";
import css from "./Root.module.css";

const SandboxFrame = lazy(async () => ({ default: (await import("../areas/seller/sandbox/SandboxFrame")).SandboxFrame }));

/** Around every page: scroll position and the thin bar while the next page is loading. */
export function Root() {
  const { state } = useNavigation();
  return (
    <>
      {state === "loading" && <div className={css.bar} aria-hidden="true" />}
      {base && <Suspense fallback={null}><SandboxFrame /></Suspense>}
      <Outlet />
      <ScrollRestoration getKey={(location) => location.pathname + location.search} />
    </>
  );
}
