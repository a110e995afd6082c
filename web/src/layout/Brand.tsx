import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../api/session";
import { Mark } from "../theme/Mark";
import css from "./Brand.module.css";

/** The marketplace's mark and name, the way home; beside it the sign of a demo. */
export function Brand() {
  const { t } = useTranslation();
  const { site } = useSession();
  const name = site.name || t("brand");
  return (
    <span className={css.brand}>
      <Link to="/" className={css.home} aria-label={name}>
        {site.logoUrl ? <img src={site.logoUrl} alt="" height={28} /> : <Mark size={28} />}
        <span className={css.name}>{name}</span>
      </Link>
      {site.demo && <Link to="/demo" className={css.demo} title={t("demo.hint")}>{t("demo.mark")}</Link>}
    </span>
  );
}
