import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ProbesTable } from "../trade/probing/ProbesTable";

/** How the seller's products on sale pass their probes (接口拨测). */
export function ProbingPage() {
  const { t } = useTranslation("quality");
  return <Page title={t("probing.title")} intro={t("probing.intro_seller")}><ProbesTable side="seller" /></Page>;
}
