import { useTranslation } from "react-i18next";
import { Page } from "../../../ui/Page";
import { ResourceTable } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { CopyText } from "../../../ui/CopyText";
import { applicationsPath, inLang, kinds, reviewDue, type ApplicationRow } from "./product";

/** My applications: every review record of my products. */
export function ApplicationsPage() {
  const { t, i18n } = useTranslation("catalogue");
  return (
    <Page title={t("applications.title")} intro={t("applications.intro")}>
      <ResourceTable<ApplicationRow>
        id="seller.product-applications" path={applicationsPath} label={t("applications.title")} rowKey={(row) => row.id} rowLink={(row) => `/seller/applications/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("products.search") },
          { key: "state", type: "select", label: t("field.state"), options: ["reviewing", "approved", "rejected", "withdrawn"].map((value) => ({ value, label: t(`state.application.${value}`) })) },
          { key: "kind", type: "select", label: t("field.kind"), options: kinds.map((value) => ({ value, label: t(`kind.${value}`) })) },
        ]}
        columns={[
          { key: "productName", title: t("field.product"), main: true, render: (row) => inLang(row.productName, i18n.language) },
          { key: "kind", title: t("field.kind"), render: (row) => t(`kind.${row.kind}`) },
          { key: "submittedAt", title: t("field.submitted"), render: (row) => <Time at={row.submittedAt} /> },
          { key: "state", title: t("field.state"), render: (row) => <StateTag kind="application" state={row.state} {...(row.state === "reviewing" ? { next: t(row.note ? "applications.longer" : "product.waits"), by: reviewDue(row.submittedAt) } : {})} /> },
          { key: "comment", title: t("field.comment") },
          { key: "id", title: t("field.application"), hidden: true, render: (row) => <CopyText text={row.id} /> },
        ]}
        empty={{ title: t("applications.none"), hint: t("applications.none_hint") }}
      />
    </Page>
  );
}
