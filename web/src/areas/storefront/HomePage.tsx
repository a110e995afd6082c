import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";

export function HomePage() {
  const { t } = useTranslation("storefront");
  return <Page title={t("home.title")} intro={t("home.intro")}>{null}</Page>;
}
