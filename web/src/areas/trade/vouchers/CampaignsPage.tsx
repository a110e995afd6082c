import { useTranslation } from "react-i18next";
import { LinkButton } from "../../../ui/LinkButton";
import { Money } from "../../../ui/Money";
import { Page } from "../../../ui/Page";
import { ResourceTable, type Column } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import type { Campaign } from "../voucher";
import { campaignsPath, type Issuer } from "./side";

/** The voucher campaigns of a seller. */
export const SellerCampaignsPage = () => <Campaigns side="seller" />;

/** All voucher campaigns, and those of the marketplace. */
export const OperatorCampaignsPage = () => <Campaigns side="operator" />;

const states: Campaign["state"][] = ["DRAFT", "PUBLISHED", "ENDED", "VOIDED"];

function Campaigns({ side }: { side: Issuer }) {
  const { t } = useTranslation("voucher");
  const create = <LinkButton type="primary" to={`/${side}/vouchers/new`}>{t("campaigns.create")}</LinkButton>;
  const columns: Column<Campaign>[] = [
    { key: "name", title: t("campaigns.name"), main: true },
    ...(side === "operator" ? [{ key: "sellerName", title: t("campaigns.issuer"), render: (row: Campaign) => row.sellerName || t("mine.marketplace") }] : []),
    { key: "kind", title: t("campaigns.kind"), csv: (row) => row.kind, render: (row) => t(`kind.${row.kind}`) },
    { key: "face", title: t("campaigns.face"), align: "right", render: (row) => <Money amount={row.face} currency={row.currency} /> },
    { key: "claimed", title: t("campaigns.progress"), align: "right", render: (row) => t("campaigns.progress_value", { claimed: row.claimed, total: row.total }) },
    { key: "used", title: t("campaigns.used"), align: "right", render: (row) => <Money amount={row.used} currency={row.currency} /> },
    { key: "state", title: t("campaigns.state"), csv: (row) => row.state, render: (row) => <StateTag kind="voucher_campaign" state={row.state} /> },
    { key: "createdAt", title: t("campaigns.created"), render: (row) => <Time at={row.createdAt} /> },
  ];
  return (
    <Page title={t("campaigns.title")} intro={t(side === "seller" ? "campaigns.intro_short" : "campaigns.intro_operator")}>
      <ResourceTable<Campaign>
        id={`${side}.vouchers`} path={campaignsPath[side]} label={t("campaigns.title")} rowKey={(row) => row.id} rowLink={(row) => `/${side}/vouchers/${row.id}`} columns={columns} actions={create}
        filters={[
          { key: "q", type: "text", label: t("campaigns.search") },
          { key: "state", type: "select", label: t("campaigns.state"), options: states.map((state) => ({ value: state, label: t(`common:state.voucher_campaign.${state.toLowerCase()}`) })) },
          { key: "kind", type: "select", label: t("campaigns.kind"), options: (["activity", "directed"] as const).map((kind) => ({ value: kind, label: t(`kind.${kind}`) })) },
          ...(side === "operator" ? [{ key: "own", type: "select" as const, label: t("campaigns.issuer"), options: [{ value: "true", label: t("campaigns.own") }] }] : []),
        ]}
        empty={{ title: t("campaigns.none"), hint: t("campaigns.none_hint"), action: create }}
      />
    </Page>
  );
}
