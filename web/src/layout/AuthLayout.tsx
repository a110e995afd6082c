import { useTranslation } from "react-i18next";
import { Outlet } from "react-router";
import css from "./AuthLayout.module.css";
import { Brand } from "./Brand";
import { LangSwitch, SchemeSwitch } from "./switches";

/** The frame of sign-in, sign-up and password pages: one card, nothing that leads away. */
export function AuthLayout() {
  const { t } = useTranslation();
  return (
    <div className={css.frame}>
      <a href="#content" className="skip-link">{t("skip")}</a>
      <header className={css.header}><Brand /><span><LangSwitch /><SchemeSwitch /></span></header>
      <main id="content" className={css.card} tabIndex={-1}><Outlet /></main>
    </div>
  );
}
