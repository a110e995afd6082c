import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { CallFigures } from "../trade/CallFigures";
import { CallsTable } from "../trade/CallsTable";

/** The calls to all sellers' servers. */
export function DeliveriesPage() {
  const { t } = useTranslation("trade");
  return <Page title={t("calls.title")} intro={t("calls.intro_operator")}><CallFigures side="operator" /><CallsTable side="operator" /></Page>;
}
