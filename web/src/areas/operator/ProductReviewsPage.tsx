import { useTranslation } from "react-i18next";
import { CopyText } from "../../ui/CopyText";
import { LinkButton } from "../../ui/LinkButton";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { inLang, kinds, reviewDue, reviewsPath, type ApplicationRow } from "../seller/products/product";

/** The reviewers' work-list about products. With the state "reviewing" the longest waiting stand first. */
export function ProductReviewsPage() {
  const { t, i18n } = useTranslation("catalogue");
  return (
    <Page title={t("review.title")} intro={t("review.intro")} actions={<LinkButton to="/operator/catalogue">{t("review.all_products")}</LinkButton>}>
      <ResourceTable<ApplicationRow>
        id="operator.product-reviews" path={reviewsPath} label={t("review.title")} rowKey={(row) => row.id} rowLink={(row) => `/operator/products/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("products.search") },
          { key: "state", type: "select", label: t("field.state"), options: ["reviewing", "approved", "rejected", "withdrawn"].map((value) => ({ value, label: t(`state.application.${value}`) })) },
          { key: "kind", type: "select", label: t("field.kind"), options: kinds.map((value) => ({ value, label: t(`kind.${value}`) })) },
          { key: "days", type: "select", label: t("review.age"), options: ["1", "3", "7"].map((value) => ({ value, label: t("review.days", { count: Number(value) }) })) },
          { key: "mine", type: "select", label: t("review.assignee"), options: [{ value: "true", label: t("review.mine") }] },
        ]}
        columns={[
          { key: "productName", title: t("field.product"), main: true, render: (row) => inLang(row.productName, i18n.language) },
          { key: "sellerName", title: t("field.seller"), render: (row) => inLang(row.sellerName, i18n.language) },
          { key: "kind", title: t("field.kind"), render: (row) => t(`kind.${row.kind}`) },
          { key: "submittedAt", title: t("field.submitted"), render: (row) => <Time at={row.submittedAt} /> },
          { key: "state", title: t("field.state"), render: (row) => <StateTag kind="application" state={row.state} {...(row.state === "reviewing" ? { next: t("review.waits"), by: reviewDue(row.submittedAt) } : {})} /> },
          { key: "assignee", title: t("review.assignee"), render: (row) => row.assignee || "–" },
          { key: "id", title: t("field.application"), hidden: true, render: (row) => <CopyText text={row.id} /> },
        ]}
        empty={{ title: t("review.none"), hint: t("review.none_hint") }}
      />
    </Page>
  );
}
