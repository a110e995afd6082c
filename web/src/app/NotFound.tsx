import { useTranslation } from "react-i18next";
import { EmptyState } from "../ui/EmptyState";
import { LinkButton } from "../ui/LinkButton";
import { usePageTitle } from "./title";

/** The page of an address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  usePageTitle(t("not_found.title"));
  return (
    <>
      <h1 className="visually-hidden">{t("not_found.title")}</h1>
      <EmptyState title={t("not_found.title")} hint={t("not_found.hint")} action={<LinkButton type="primary" to="/">{t("action.home")}</LinkButton>} />
    </>
  );
}
