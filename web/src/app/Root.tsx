import { Outlet, ScrollRestoration, useNavigation } from "react-router";
import css from "./Root.module.css";

/** Around every page: scroll position and the thin bar while the next page is loading. */
export function Root() {
  const { state } = useNavigation();
  return (
    <>
      {state === "loading" && <div className={css.bar} aria-hidden="true" />}
      <Outlet />
      <ScrollRestoration getKey={(location) => location.pathname + location.search} />
    </>
  );
}
