import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { isRouteErrorResponse, useRouteError } from "react-router";
import { ApiProblem } from "../api/problem";
import { PageError } from "../ui/PageError";
import { NotFound } from "./NotFound";
import css from "./RouteError.module.css";

/** What a page shows when it breaks: a failed call, a script of a former release, or a fault of ours. */
export function RouteError() {
  const error = useRouteError();
  const { t } = useTranslation();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  const reload = () => location.reload();
  if (error instanceof ApiProblem) return <div className={css.frame}><PageError error={error} onRetry={reload} /></div>;
  // After an upgrade the files that an open tab knows are gone; loading the page again fetches the new ones.
  const outdated = error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
  return (
    <div className={css.frame} role="alert">
      <h1>{t(outdated ? "crash.outdated" : "crash.title")}</h1>
      <p className="soft">{t(outdated ? "crash.outdated_hint" : "crash.hint")}</p>
      {!outdated && error instanceof Error && <pre className={css.detail}>{error.message}</pre>}
      <span className={css.actions}>
        <Button type="primary" onClick={reload}>{t("action.reload")}</Button>
        <Button href="/">{t("action.home")}</Button>
      </span>
    </div>
  );
}
