import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { LinkButton } from "../../ui/LinkButton";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { ApplicationFacts } from "../seller/ApplicationFacts";
import type { ProductionAddress } from "../seller/address";
import type { SellerProfile } from "../seller/application";
import css from "../seller/seller.module.css";
import { SellerCases } from "./SellerCases";

interface Overseen {
  seller: SellerProfile;
  addresses: ProductionAddress[];
}

/** One seller with its information in force and its production addresses. */
export function SellerPage() {
  const { t, i18n } = useTranslation("sellers");
  const { id = "" } = useParams();
  const { t: debugging } = useTranslation("integration");
  const { can } = useSession();
  const path = `/api/v1/operator/sellers/${id}`;
  const { data, error, refetch } = useQuery({ queryKey: ["overseen-seller", id, i18n.language], queryFn: ({ signal }) => get<Overseen>(path, undefined, signal) });
  const seller = data?.seller;
  const done = async () => { await refetch(); };

  return (
    <DetailPage title={seller && (seller.form.name[i18n.language === "en" ? "en" : "zh"] || seller.form.name.zh || seller.form.name.en)} error={error} onRetry={() => void refetch()}
      back={{ to: "/operator/sellers", label: t("sellers.title") }} subtitle={seller && <CopyText text={seller.id} />}
      state={seller && <StateTag kind="seller" state={seller.state} />}
      actions={seller && <>
        {seller.state === "active" && <LinkButton to={`/shops/${seller.id}`}>{t("shop.open")}</LinkButton>}
        {can("account:suspend") && seller.state === "active" && (
          <ConfirmAction label={t("sellers.suspend")} title={t("sellers.suspend_title")} cost={t("sellers.suspend_cost")} danger reason={{ label: t("review.reason_to_seller"), required: true }}
            run={({ reason, key }) => send("POST", `${path}/suspend`, { reason }, key)} onDone={done} doneText={t("sellers.suspended")} />
        )}
        {can("account:suspend") && seller.state === "suspended" && (
          <ConfirmAction label={t("sellers.reactivate")} title={t("sellers.reactivate_title")} cost={t("sellers.reactivate_cost")} reason={{ label: t("review.reason_to_seller"), required: true }}
            run={({ reason, key }) => send("POST", `${path}/reactivate`, { reason }, key)} onDone={done} doneText={t("sellers.reactivated")} />
        )}
      </>}>
      {data && seller && (
        <div className={css.panels}>
          {seller.state === "suspended" && <Alert type="error" showIcon title={t("profile.suspended")} description={seller.stateReason} />}
          <Panel title={t("profile.in_force")}><ApplicationFacts application={seller} /></Panel>
          <Panel title={t("address.title")}>
            {data.addresses.length === 0 ? <p className="soft">{t("address.none")}</p> : (
              <ul className={css.progress}>
                {data.addresses.map((address) => <li key={address.id}><CopyText text={address.origin} /><StateTag kind="address" state={address.state} next={address.checkText || undefined} /></li>)}
              </ul>
            )}
          </Panel>
          {can("call:oversee") && <><h2 className={css.heading}>{debugging("cases.operator_intro")}</h2><SellerCases sellerId={seller.id} /></>}
        </div>
      )}
    </DetailPage>
  );
}
