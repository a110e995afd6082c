import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";

interface Row {
  id: string;
  name: string;
  companyName: string;
  state: string;
  serviceEmail: string;
  servicePhone: string;
  createdAt: string;
}

/** All admitted sellers. */
export function SellersPage() {
  const { t } = useTranslation("sellers");
  return (
    <Page title={t("sellers.title")}>
      <ResourceTable<Row>
        id="operator.sellers" path="/api/v1/operator/sellers" label={t("sellers.title")} rowKey={(row) => row.id} rowLink={(row) => `/operator/sellers/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("review.search") },
          { key: "state", type: "select", label: t("review.state"), options: ["active", "suspended", "exited"].map((value) => ({ value, label: t(`state.seller.${value}`) })) },
        ]}
        columns={[
          { key: "name", title: t("field.shop_name"), main: true },
          { key: "companyName", title: t("field.company") },
          { key: "serviceEmail", title: t("field.service_email") },
          { key: "servicePhone", title: t("field.service_phone") },
          { key: "state", title: t("review.state"), render: (row) => <StateTag kind="seller" state={row.state} /> },
          { key: "createdAt", title: t("sellers.since"), render: (row) => <Time at={row.createdAt} /> },
        ]}
        empty={{ title: t("sellers.none"), hint: t("sellers.none_hint") }}
      />
    </Page>
  );
}
