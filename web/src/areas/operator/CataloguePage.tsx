import { useTranslation } from "react-i18next";
import { CopyText } from "../../ui/CopyText";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { inLang, productStates, type ProductRow } from "../seller/products/product";

/** Products of all sellers. */
export function CataloguePage() {
  const { t, i18n } = useTranslation("catalogue");
  return (
    <Page title={t("review.all_products")} intro={t("review.all_products_intro")}>
      <ResourceTable<ProductRow>
        id="operator.products" path="/api/v1/operator/products" label={t("review.all_products")} rowKey={(row) => row.id} rowLink={(row) => `/operator/catalogue/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("products.search") },
          { key: "state", type: "select", label: t("field.state"), options: productStates.map((value) => ({ value, label: t(`state.product.${value}`) })) },
        ]}
        columns={[
          { key: "name", title: t("field.name"), main: true, render: (row) => inLang(row.name, i18n.language) || t("products.unnamed") },
          { key: "sellerName", title: t("field.seller"), render: (row) => inLang(row.sellerName, i18n.language) },
          { key: "state", title: t("field.state"), render: (row) => <StateTag kind="product" state={row.state} {...(row.suspendedUntil ? { by: row.suspendedUntil } : {})} /> },
          { key: "specs", title: t("field.specs"), align: "right" },
          { key: "updatedAt", title: t("field.updated"), render: (row) => <Time at={row.updatedAt} /> },
          { key: "id", title: t("field.id"), hidden: true, render: (row) => <CopyText text={row.id} /> },
        ]}
        empty={{ title: t("review.no_products") }}
      />
    </Page>
  );
}
