import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { send } from "../../../api/client";
import { useSession } from "../../../api/session";
import { toast } from "../../../ui/feedback";
import { Page } from "../../../ui/Page";
import { useProblemText } from "../../../ui/ProblemText";
import { ResourceTable } from "../../../ui/ResourceTable";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { CopyText } from "../../../ui/CopyText";
import { fileUrl, inLang, productsPath, productStates, type ProductRow, type ProductView } from "./product";
import css from "./products.module.css";

/** My products: what is sold, what is under review, what is still a draft. */
export function ProductsPage() {
  const { t, i18n } = useTranslation("catalogue");
  const { can } = useSession();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const create = useMutation({
    mutationFn: () => send<ProductView>("POST", productsPath, { deliveryType: "saas" }),
    onSuccess: (view) => navigate(`/seller/products/${view.product.id}/edit`),
    onError: (error) => { toast.error(problemText(error)); },
  });
  const release = can("product:write") && <Button type="primary" loading={create.isPending} onClick={() => create.mutate()}>{t("products.release")}</Button>;
  return (
    <Page title={t("products.title")} intro={t("products.intro")}>
      <ResourceTable<ProductRow>
        id="seller.products" path={productsPath} label={t("products.title")} rowKey={(row) => row.id} rowLink={(row) => `/seller/products/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("products.search") },
          { key: "state", type: "select", label: t("field.state"), options: productStates.map((value) => ({ value, label: t(`state.product.${value}`) })) },
          { key: "open", type: "select", label: t("products.open"), options: ["draft", "reviewing"].map((value) => ({ value, label: t(`products.open_${value}`) })) },
        ]}
        columns={[
          { key: "name", title: t("field.name"), main: true, render: (row) => <span className={css.named}>{row.logoKey ? <img src={fileUrl(row.logoKey)} alt="" className={css.smallLogo} /> : <span className={css.smallLogo} />}{inLang(row.name, i18n.language) || t("products.unnamed")}</span> },
          { key: "id", title: t("field.id"), hidden: true, render: (row) => <CopyText text={row.id} /> },
          { key: "deliveryType", title: t("field.type"), render: (row) => t(`type.${row.deliveryType}`) },
          { key: "state", title: t("field.state"), render: (row) => <StateTag kind="product" state={row.state} {...(row.openState && row.state !== row.openState ? { next: t(`products.open_${row.openState}`) } : {})} /> },
          { key: "specs", title: t("field.specs"), align: "right" },
          { key: "updatedAt", title: t("field.updated"), render: (row) => <Time at={row.updatedAt} /> },
        ]}
        actions={release}
        empty={{ title: t("products.none"), hint: t("products.none_hint"), action: release }}
      />
    </Page>
  );
}
