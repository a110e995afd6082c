import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { get, send, type Page } from "../../../api/client";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { CopyText } from "../../../ui/CopyText";
import { DetailPage } from "../../../ui/DetailPage";
import { LinkButton } from "../../../ui/LinkButton";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { ContentView } from "./ContentView";
import { historyEntries } from "./history";
import { applicationsPath, inLang, productsPath, reviewDue, type ApplicationRow, type ProductView } from "./product";
import css from "./products.module.css";
import { SpecsTable } from "./SpecsTable";

/** One of my products: what is sold, what is being changed, its specifications, versions and history. */
export function ProductPage() {
  const { t, i18n } = useTranslation("catalogue");
  const { id = "" } = useParams();
  const { can } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = `${productsPath}/${id}`;
  const { data: view, error, refetch } = useQuery({ queryKey: ["seller-product", id], queryFn: ({ signal }) => get<ProductView>(path, undefined, signal) });
  const { data: pending } = useQuery({ queryKey: ["list", applicationsPath, id], queryFn: ({ signal }) => get<Page<ApplicationRow>>(applicationsPath, { q: id, state: "reviewing" }, signal) });
  const product = view?.product;
  const released = Boolean(product?.releasedAt);
  const shown = view?.open ?? view?.live;
  const done = () => client.invalidateQueries();
  const editable = can("product:write") && product?.state !== "delisted" && view?.open?.state !== "reviewing";
  const submitted = pending?.items.find((one) => one.kind === "release" || one.kind === "modify");

  return (
    <DetailPage title={product && (inLang(product.name, i18n.language) || t("products.unnamed"))} error={error} onRetry={() => void refetch()} back={{ to: "/seller/products", label: t("products.title") }}
      subtitle={product && <CopyText text={product.id} />}
      state={product && <StateTag kind="product" state={product.state} {...(submitted ? { next: t("product.waits"), by: reviewDue(submitted.submittedAt) } : {})} />}
      facts={product && [
        { label: t("field.type"), value: t(`type.${product.deliveryType}`) },
        { label: t("field.released"), value: product.releasedAt ? <Time at={product.releasedAt} /> : "–" },
        { label: t("field.updated"), value: <Time at={product.updatedAt} /> },
        { label: t("field.change"), value: view?.open ? t(`products.open_${view.open.state}`) : t("product.no_change") },
      ]}
      timeline={view && historyEntries(view.history, t)}
      tabs={view && [
        { key: "content", label: t("product.content"), children: shown ? <ContentView content={shown.content} files={view.files} /> : null },
        { key: "specs", label: t("product.specs"), children: <SpecsTable productId={id} specs={view.specs} actions={released && product?.state !== "delisted"} /> },
        { key: "versions", label: t("product.versions"), children: <Versions view={view} /> },
      ]}
      actions={product && <>
        <LinkButton to={`/seller/products/${id}/preview`}>{t("wizard.preview")}</LinkButton>
        {editable && <LinkButton type="primary" to={`/seller/products/${id}/edit`}>{t(view?.open ? "product.continue" : product.state === "rejected" || !released ? "product.edit" : "product.modify")}</LinkButton>}
        {submitted && can("product:write") && <ConfirmAction label={t("product.withdraw")} title={t("product.withdraw_title")} cost={t("product.withdraw_cost")}
          run={({ key }) => send("POST", `${applicationsPath}/${submitted.id}/withdraw`, undefined, key)} onDone={done} doneText={t("product.withdrawn")} />}
        {editable && (view?.open || !released) && <ConfirmAction label={t("product.delete_draft")} title={t("product.delete_draft_title")} danger irreversible={t(released ? "product.delete_change_cost" : "product.delete_product_cost")}
          run={({ key }) => send("DELETE", `${path}/draft`, undefined, key)} onDone={async () => { if (!released) await navigate("/seller/products"); await done(); }} doneText={t("product.draft_deleted")} />}
        {released && product.state !== "delisted" && can("product:retire") && <ConfirmAction label={t("request.take_down")} title={t("request.take_down_title", { name: inLang(product.name, i18n.language) })} danger
          cost={t("request.take_down_cost")} irreversible={t("request.final")} reason={{ label: t("request.reason"), required: true }}
          run={({ reason, key }) => send("POST", `${path}/requests`, { kind: "take_down", reason }, key)} onDone={done} doneText={t("request.sent")} />}
      </>}>
      {product?.stateReason && <Alert type="warning" showIcon title={t("product.reason")} description={<>{product.stateReason}{product.suspendedUntil && <> · {t("product.until")} <Time at={product.suspendedUntil} /></>}</>} style={{ marginBottom: 16 }} />}
      {product?.state === "rejected" && !view?.open && <Alert type="error" showIcon title={t("product.rejected")} description={t("product.rejected_hint")} action={<LinkButton size="small" to={`/seller/applications?q=${id}`}>{t("product.see_reasons")}</LinkButton>} style={{ marginBottom: 16 }} />}
      {pending && pending.items.filter((one) => one !== submitted).map((one) => <Alert key={one.id} type="info" showIcon title={t("product.pending", { kind: t(`kind.${one.kind}`), name: inLang(one.productName, i18n.language) })} style={{ marginBottom: 16 }} />)}
    </DetailPage>
  );
}

function Versions({ view }: { view: ProductView }) {
  const { t } = useTranslation("catalogue");
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead><tr><th scope="col">{t("field.version")}</th><th scope="col">{t("field.state")}</th><th scope="col">{t("field.submitted")}</th><th scope="col">{t("field.decided")}</th><th scope="col">{t("field.updated")}</th></tr></thead>
        <tbody>
          {view.versions.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.number}</th>
              <td><StateTag kind="application" state={one.state} {...(one.live ? { next: t("product.live") } : {})} /></td>
              <td>{one.submittedAt ? <Time at={one.submittedAt} /> : "–"}</td>
              <td>{one.decidedAt ? <Time at={one.decidedAt} /> : "–"}</td>
              <td><Time at={one.updatedAt} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
