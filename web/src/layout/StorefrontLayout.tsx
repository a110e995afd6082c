import { SearchOutlined } from "@ant-design/icons";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useNavigate, useSearchParams } from "react-router";
import { useSession } from "../api/session";
import { AccountMenu } from "./AccountMenu";
import { Brand } from "./Brand";
import { CategoryMenu } from "./CategoryMenu";
import css from "./StorefrontLayout.module.css";
import { LangSwitch, SchemeSwitch } from "./switches";

/** The shop's frame: search in the middle of the header, a quiet category menu, legal links at the foot. */
export function StorefrontLayout() {
  const { t } = useTranslation();
  return (
    <div className={css.frame}>
      <a href="#content" className="skip-link">{t("skip")}</a>
      <header className={`${css.header} no-print`}>
        <div className={css.bar}>
          <Brand />
          <SearchBox />
          <span className={css.tools}><LangSwitch /><SchemeSwitch /><AccountMenu /></span>
        </div>
        <CategoryMenu />
      </header>
      <main id="content" className={css.main} tabIndex={-1}><Outlet /></main>
      <Footer />
    </div>
  );
}

/** Searches on Enter; the words stand in the URL as `q`. */
function SearchBox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const shown = params.get("q") ?? "";
  const [words, setWords] = useState(shown);
  useEffect(() => setWords(shown), [shown]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = words.trim();
    if (wanted) void navigate(`/search?q=${encodeURIComponent(wanted)}`);
  };
  return (
    <form role="search" className={css.search} onSubmit={submit}>
      <input type="search" name="q" value={words} maxLength={100} onChange={(event) => setWords(event.target.value)}
        placeholder={t("search.placeholder")} aria-label={t("search.label")} autoComplete="off" enterKeyHint="search" />
      <button type="submit" aria-label={t("search.submit")}><SearchOutlined aria-hidden /></button>
    </form>
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
        <Link to="/seller">{t("footer.sell")}</Link>
      </nav>
      <span className="faint">{site.name || t("brand")} · {t("footer.currency", { currency: site.currency })} · {t("footer.zone", { zone: site.timeZone })}</span>
    </footer>
  );
}
