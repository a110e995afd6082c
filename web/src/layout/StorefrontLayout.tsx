import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { useSession } from "../api/session";
import { AccountMenu } from "./AccountMenu";
import { Brand } from "./Brand";
import { CartLink } from "./CartLink";
import { CategoryMenu } from "./CategoryMenu";
import { SearchBox } from "./SearchBox";
import css from "./StorefrontLayout.module.css";
import { LangSwitch, SchemeSwitch } from "./switches";

/** The shop's frame: search in the middle of the header, a quiet category menu, legal links at the foot. */
export function StorefrontLayout() {
  const { t } = useTranslation();
  // The home page has the search in its middle.
  const home = useLocation().pathname === "/";
  return (
    <div className={css.frame}>
      <a href="#content" className="skip-link">{t("skip")}</a>
      <header className={`${css.header} no-print`}>
        <div className={css.bar}>
          <Brand />
          <div className={css.search}>{!home && <SearchBox />}</div>
          <span className={css.tools}><LangSwitch /><SchemeSwitch /><CartLink /><AccountMenu /></span>
        </div>
        <CategoryMenu />
      </header>
      <main id="content" className={css.main} tabIndex={-1}><Outlet /></main>
      <Footer />
    </div>
  );
}

function Footer() {
  const { t } = useTranslation();
  const { site } = useSession();
  return (
    <footer className={`${css.footer} no-print`}>
      <nav aria-label={t("footer.label")}>
        <Link to="/legal/terms">{t("footer.terms")}</Link>
        <Link to="/legal/privacy">{t("footer.privacy")}</Link>
        <Link to="/legal/purchase">{t("footer.purchase")}</Link>
        <Link to="/seller">{t("footer.sell")}</Link>
        <a href="/docs/api">{t("footer.api")}</a>
      </nav>
      <span className="faint">{site.name || t("brand")} · {t("footer.currency", { currency: site.currency })} · {t("footer.zone", { zone: site.timeZone })}</span>
    </footer>
  );
}
