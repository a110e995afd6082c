import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";

export function HomePage() {
  const { t } = useTranslation("buyer");
  return <Page title={t("home.title")}>{null}</Page>;
}
