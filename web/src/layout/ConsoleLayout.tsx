import { BellOutlined, MenuOutlined } from "@ant-design/icons";
import { Drawer } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, matchRoutes, Navigate, NavLink, Outlet, useLocation, type RouteObject } from "react-router";
import { ApiProblem } from "../api/problem";
import { base, onlyInMarket } from "../api/realm";
import { securityPath, signInPath, useSession } from "../api/session";
import type { MenuGroup } from "../app/area";
import { PageError } from "../ui/PageError";
import { useNarrow } from "../ui/useNarrow";
import { AccountMenu } from "./AccountMenu";
import { Brand } from "./Brand";
import { Breadcrumbs } from "./Breadcrumbs";
import { CartLink } from "./CartLink";
import css from "./ConsoleLayout.module.css";
import { LangSwitch, SchemeSwitch } from "./switches";

/** The three consoles; the name is also the path and the text area. */
export type ConsoleArea = "buyer" | "seller" | "operator";

interface Props {
  area: ConsoleArea;
  menu: MenuGroup[];
  /** The area's routes: menu entries without one are not shown. */
  routes: RouteObject[];
}

/** The frame of a console: left menu by job, top bar, breadcrumbs. Leads to sign-in those who are not signed in. */
export function ConsoleLayout({ area, menu, routes }: Props) {
  const { t } = useTranslation();
  const { session, signedIn, loading, error, refresh } = useSession();
  const location = useLocation();
  const narrow = useNarrow();
  const [drawer, setDrawer] = useState(false);
  useEffect(() => setDrawer(false), [location.key]);

  if (!loading && !session) return <div className={css.refusal}><PageError error={error} onRetry={() => void refresh()} /></div>;
  if (!loading && !signedIn) return <Navigate to={signInPath(location.pathname + location.search)} replace />;
  if (session?.secondFactorDue && !location.pathname.endsWith("/security")) return <Navigate to={securityPath(session.kind)} replace />;
  const wanted = area === "operator" ? "operator" : "user";
  const allowed = loading || session?.kind === wanted;

  const hasPage = (path: string) => (matchRoutes([{ path: `/${area}`, children: routes }], path)?.length ?? 0) > 0;
  const nav = allowed ? <ConsoleMenu area={area} menu={menu} hasPage={hasPage} /> : null;
  return (
    <div className={css.frame}>
      <a href="#content" className="skip-link">{t("skip")}</a>
      <header className={`${css.top} no-print`}>
        {narrow && <button type="button" className={css.burger} aria-label={t("console.menu")} aria-expanded={drawer} onClick={() => setDrawer(true)}><MenuOutlined aria-hidden /></button>}
        <Brand />
        {area !== "operator" && !narrow && <AreaSwitch area={area} />}
        <span className={css.tools}>
          <LangSwitch />
          <SchemeSwitch />
          {area === "buyer" && !narrow && <CartLink />}
          {hasPage(`/${area}/messages`) && <Bell area={area} unread={session?.unread ?? 0} />}
          <AccountMenu />
        </span>
      </header>
      <div className={css.body}>
        {narrow
          ? <Drawer open={drawer} onClose={() => setDrawer(false)} placement="left" size={280} title={t(`area.${area}`)}>{area !== "operator" && <AreaSwitch area={area} />}{nav}</Drawer>
          : <aside className={`${css.side} no-print`}><div className={css.sticky}>{nav}</div></aside>}
        <main id="content" className={css.main} tabIndex={-1}>
          {allowed ? (
            <>
              <Breadcrumbs area={area} />
              {!loading && <Outlet />}
            </>
          ) : <PageError error={new ApiProblem(403, "console.other_kind", t(`console.only_${wanted}`))} back={{ to: wanted === "operator" ? "/buyer" : "/operator", label: t(wanted === "operator" ? "area.buyer" : "area.operator") }} />}
        </main>
      </div>
    </div>
  );
}

function ConsoleMenu({ area, menu, hasPage }: { area: ConsoleArea; menu: MenuGroup[]; hasPage: (path: string) => boolean }) {
  const { t } = useTranslation(area);
  const { can } = useSession();
  return (
    <nav aria-label={t("common:console.menu")} className={css.menu}>
      {menu.map((group) => {
        const items = group.items.filter((item) => hasPage(item.path) && !(base && onlyInMarket(item.path)) && (!item.permissions || item.permissions.some(can)));
        if (items.length === 0) return null;
        return (
          <div key={group.key} className={css.group}>
            {group.label && <div className={css.groupTitle} id={`menu-${group.key}`}>{t(group.label)}</div>}
            <ul aria-labelledby={group.label ? `menu-${group.key}` : undefined}>
              {items.map(({ path, label, icon: Icon }) => (
                <li key={path}><NavLink to={path} end={path === `/${area}`} className={({ isActive }) => `${css.item} ${isActive ? css.active : ""}`}><span aria-hidden="true"><Icon /></span>{t(label)}</NavLink></li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

/** One account may buy and sell: the switch between its two consoles. */
function AreaSwitch({ area }: { area: ConsoleArea }) {
  const { t } = useTranslation();
  return (
    <nav className={css.switch} aria-label={t("console.switch")}>
      {(["buyer", "seller"] as const).map((one) => <Link key={one} to={`/${one}`} aria-current={one === area ? "true" : undefined}>{t(`area.${one}`)}</Link>)}
    </nav>
  );
}

function Bell({ area, unread }: { area: ConsoleArea; unread: number }) {
  const { t } = useTranslation();
  return (
    <Link to={`/${area}/messages`} className={css.bell} aria-label={t("console.messages", { count: unread })}>
      <BellOutlined aria-hidden />
      {unread > 0 && <span className={css.unread} aria-hidden="true">{unread > 99 ? "99+" : unread}</span>}
    </Link>
  );
}
