import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { LinkButton } from "../../ui/LinkButton";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { ContentView } from "../seller/products/ContentView";
import { historyEntries } from "../seller/products/history";
import { inLang, type ProductView } from "../seller/products/product";
import { SpecsTable } from "../seller/products/SpecsTable";

/** What can be done to a released product in each state, and whether a reason must be given. */
const penalties: Record<string, { name: string; danger: boolean; reason: boolean }[]> = {
  on_sale: [{ name: "hide", danger: false, reason: true }, { name: "suspend", danger: true, reason: true }, { name: "delist", danger: true, reason: true }],
  hidden: [{ name: "show", danger: false, reason: false }, { name: "suspend", danger: true, reason: true }, { name: "delist", danger: true, reason: true }],
  suspended: [{ name: "lift", danger: false, reason: false }, { name: "delist", danger: true, reason: true }],
};

/** Any product as the operator sees it, with penalties. */
export function CatalogueProductPage() {
  const { t, i18n } = useTranslation("catalogue");
  const { id = "" } = useParams();
  const { can } = useSession();
  const client = useQueryClient();
  const path = `/api/v1/operator/products/${id}`;
  const { data: view, error, refetch } = useQuery({ queryKey: ["operator-product", id], queryFn: ({ signal }) => get<ProductView>(path, undefined, signal) });
  const product = view?.product;
  const shown = view?.live ?? view?.open;
  return (
    <DetailPage title={product && (inLang(product.name, i18n.language) || t("products.unnamed"))} error={error} onRetry={() => void refetch()} back={{ to: "/operator/catalogue", label: t("review.all_products") }}
      subtitle={product && <CopyText text={product.id} />} state={product && <StateTag kind="product" state={product.state} {...(product.suspendedUntil ? { by: product.suspendedUntil } : {})} />}
      facts={product && [
        { label: t("field.seller"), value: <LinkButton type="link" size="small" to={`/operator/sellers/${product.sellerId}`}>{product.sellerId}</LinkButton> },
        { label: t("field.released"), value: product.releasedAt ? <Time at={product.releasedAt} /> : "–" },
        { label: t("field.updated"), value: <Time at={product.updatedAt} /> },
      ]}
      timeline={view && historyEntries(view.history, t)}
      tabs={view && [
        { key: "content", label: t("product.content"), children: shown ? <ContentView content={shown.content} files={view.files} /> : null },
        { key: "specs", label: t("product.specs"), children: <SpecsTable productId={id} specs={view.specs} /> },
      ]}
      actions={product && <>
        <LinkButton to={`/operator/products?q=${id}`}>{t("review.applications")}</LinkButton>
        {can("product:penalty") && (penalties[product.state] ?? []).map((one) => (
          <ConfirmAction key={one.name} label={t(`penalty.${one.name}`)} title={t(`penalty.${one.name}_title`)} cost={t(`penalty.${one.name}_cost`)} danger={one.danger}
            {...(one.name === "delist" ? { irreversible: t("request.final") } : {})} reason={{ label: t("review.reason_to_seller"), required: one.reason }}
            run={({ reason, key }) => send("POST", `${path}/${one.name}`, { reason }, key)} onDone={() => client.invalidateQueries()} doneText={t("penalty.done")} />
        ))}
      </>}>
      {product?.stateReason && <Alert type="warning" showIcon title={t("product.reason")} description={product.stateReason} style={{ marginBottom: 16 }} />}
    </DetailPage>
  );
}
