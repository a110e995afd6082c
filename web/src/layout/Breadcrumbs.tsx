import { useTranslation } from "react-i18next";
import { Link, useMatches } from "react-router";
import type { RouteHandle } from "../app/area";
import { useShownTitle } from "../app/title";
import css from "./Breadcrumbs.module.css";
import type { ConsoleArea } from "./ConsoleLayout";

/** Console › list › object: from the routes' `handle.crumb`, ended by the page's own title. */
export function Breadcrumbs({ area }: { area: ConsoleArea }) {
  const { t } = useTranslation(area);
  const matches = useMatches();
  const title = useShownTitle();
  const last = matches.at(-1)?.pathname.replace(/\/$/, "");
  const crumbs = matches.flatMap((match) => {
    const crumb = (match.handle as RouteHandle | undefined)?.crumb;
    const path = match.pathname.replace(/\/$/, "");
    return crumb && path !== last ? [{ path, text: t(crumb) }] : [];
  });
  if (last === `/${area}`) return <div className={css.none} />;
  return (
    <nav aria-label={t("common:console.breadcrumbs")} className={`${css.crumbs} no-print`}>
      <ol>
        <li><Link to={`/${area}`}>{t(`common:area.${area}`)}</Link></li>
        {crumbs.map((crumb) => <li key={crumb.path}><Link to={crumb.path}>{crumb.text}</Link></li>)}
        <li aria-current="page">{title}</li>
      </ol>
    </nav>
  );
}
