import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";

interface Row {
  id: string;
  kind: string;
  state: string;
  name: string;
  companyName: string;
  submittedAt: string;
  decidedAt?: string;
  dueAt?: string;
}

/** The reviewers' work-list: applications for admission and changes, the longest waiting first. */
export function SellerReviewsPage() {
  const { t } = useTranslation("sellers");
  const option = (value: string, label: string) => ({ value, label });
  return (
    <Page title={t("review.title")} intro={t("review.intro")}>
      <ResourceTable<Row>
        id="operator.seller-applications" path="/api/v1/operator/seller-applications" label={t("review.title")} rowKey={(row) => row.id}
        rowLink={(row) => `/operator/seller-applications/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("review.search") },
          { key: "state", type: "select", label: t("review.state"), options: ["reviewing", "approved", "rejected", "withdrawn"].map((state) => option(state, t(`state.application.${state}`))) },
          { key: "kind", type: "select", label: t("review.kind"), options: ["join", "change"].map((kind) => option(kind, t(`review.kind_${kind}`))) },
          { key: "age", type: "select", label: t("review.age"), options: ["1", "3", "7"].map((days) => option(days, t("review.age_days", { count: Number(days) }))) },
        ]}
        columns={[
          { key: "name", title: t("field.shop_name"), main: true },
          { key: "companyName", title: t("field.company") },
          { key: "kind", title: t("review.kind"), render: (row) => t(`review.kind_${row.kind}`) },
          { key: "submittedAt", title: t("review.submitted"), render: (row) => <Time at={row.submittedAt} /> },
          { key: "state", title: t("review.state"), render: (row) => <StateTag kind="application" state={row.state} {...(row.dueAt ? { next: t("review.waits"), by: row.dueAt } : {})} /> },
          { key: "decidedAt", title: t("review.decided"), hidden: true, render: (row) => (row.decidedAt ? <Time at={row.decidedAt} /> : "–") },
        ]}
        empty={{ title: t("review.none"), hint: t("review.none_hint") }}
      />
    </Page>
  );
}
