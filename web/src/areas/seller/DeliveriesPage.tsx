import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { CallFigures } from "../trade/CallFigures";
import { CallsTable } from "../trade/CallsTable";

/** The seller's Service Interface Messages (生产接口消息). */
export function DeliveriesPage() {
  const { t } = useTranslation("trade");
  return <Page title={t("calls.title")} intro={t("calls.intro_seller")}><CallFigures side="seller" /><CallsTable side="seller" /></Page>;
}
