import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import { instanceStates } from "../buyer/instance";
import { InstanceTag } from "../trade/InstanceTag";
import { instancesPath, type OverseenInstance } from "./instances";

const modes = ["PERIOD", "ONE_TIME", "ON_DEMAND", "ON_DEMAND_PKG"];

/** Every buyer's purchased services. */
export function InstancesPage() {
  const { t } = useTranslation("lifecycle");
  return (
    <Page title={t("list.title")} intro={t("list.intro")}>
      <ResourceTable<OverseenInstance>
        id="operator.instances" path={instancesPath} label={t("list.title")} rowKey={(row) => row.id} rowLink={(row) => `/operator/instances/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("list.search") },
          { key: "state", type: "select", label: t("list.state"), options: instanceStates.map((value) => ({ value, label: t(`state.instance.${value.toLowerCase()}`) })) },
          { key: "generation", type: "select", label: t("list.generation"), options: ["V1", "V2"].map((value) => ({ value, label: value })) },
          { key: "chargingMode", type: "select", label: t("list.mode"), options: modes.map((value) => ({ value, label: t(`mode.${value}`) })) },
          { key: "frozen", type: "select", label: t("list.frozen"), options: [{ value: "true", label: t("list.frozen_only") }] },
        ]}
        columns={[
          { key: "productName", title: t("list.product"), main: true },
          { key: "specName", title: t("list.spec") },
          { key: "state", title: t("list.state"), csv: (row) => row.state, render: (row) => <InstanceTag instance={row} /> },
          { key: "buyerName", title: t("list.buyer"), render: (row) => <Link to={`/operator/accounts/${row.accountId}`}>{row.buyerName}</Link>, csv: (row) => row.buyerName },
          { key: "sellerName", title: t("list.seller"), render: (row) => <Link to={`/operator/sellers/${row.sellerId}`}>{row.sellerName}</Link>, csv: (row) => row.sellerName },
          { key: "generation", title: t("list.generation") },
          { key: "chargingMode", title: t("list.mode"), hidden: true, csv: (row) => row.chargingMode, render: (row) => t(`mode.${row.chargingMode}`) },
          { key: "startedAt", title: t("list.started"), hidden: true, render: (row) => <Time at={row.startedAt} detail="date" /> },
          { key: "expiresAt", title: t("list.expires"), render: (row) => (row.startedAt && !row.expiresAt ? <>{t("list.no_end")}</> : <Time at={row.expiresAt} detail="date" />) },
          { key: "orderId", title: t("list.order"), render: (row) => <Link to={`/operator/orders/${row.orderId}`} className="mono">{row.orderId}</Link>, csv: (row) => row.orderId },
          { key: "externalId", title: t("list.external"), hidden: true },
          { key: "id", title: t("instances.id", { ns: "trade" }), hidden: true },
        ]}
        empty={{ title: t("list.none"), hint: t("list.none_hint") }}
      />
    </Page>
  );
}
