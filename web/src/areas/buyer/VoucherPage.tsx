import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get } from "../../api/client";
import { DetailPage } from "../../ui/DetailPage";
import { Money } from "../../ui/Money";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { PlainTable } from "../trade/PlainTable";
import type { Scope, Voucher, VoucherUse } from "../trade/voucher";

interface Detail extends Voucher {
  scope: Scope[];
  uses: VoucherUse[];
}

/** One voucher: what is left of it, what it is for, and on which orders it was used. */
export function VoucherPage() {
  const { t } = useTranslation("voucher");
  const { id = "" } = useParams();
  const { data, error, refetch } = useQuery({ queryKey: ["voucher", id], queryFn: ({ signal }) => get<Detail>(`/api/v1/vouchers/${encodeURIComponent(id)}`, undefined, signal) });
  const money = (amount: string) => <Money amount={amount} currency={data?.currency ?? ""} />;
  return (
    <DetailPage title={data?.name} error={error} onRetry={() => void refetch()} back={{ to: "/buyer/vouchers", label: t("mine.title") }} state={data && <StateTag kind="voucher" state={data.state} />}
      {...(data ? { facts: [
        { label: t("mine.balance"), value: money(data.balance) },
        { label: t("mine.locked"), value: money(data.locked) },
        { label: t("mine.used"), value: money(data.used) },
        { label: t("mine.face"), value: money(data.face) },
        { label: t("mine.validity"), value: <><Time at={data.validFrom} /> – <Time at={data.validUntil} /></> },
        { label: t("mine.claimed_at"), value: <Time at={data.claimedAt} /> },
        { label: t("form.threshold"), value: Number(data.threshold) > 0 ? money(data.threshold) : t("terms.no_threshold") },
        { label: t("form.modes"), value: data.modes.map((mode) => t(`mode.${mode}`)).join(" / ") },
        ...(data.noPromotion || data.noSpecial ? [{ label: t("campaigns.terms"), value: [data.noPromotion && t("terms.no_promotion"), data.noSpecial && t("terms.no_special")].filter(Boolean).join(" · ") }] : []),
      ] } : {})}>
      {data && (
        <>
          <Panel title={t("mine.for")}>
            {data.allProducts ? <p>{t("terms.all")}</p> : <ul>{data.scope.map((one) => <li key={`${one.productId}/${one.specId ?? ""}`}><Link to={`/products/${one.productId}`}>{one.productName}</Link> · {one.specName || t("terms.spec_all")}</li>)}</ul>}
          </Panel>
          <Panel title={t("mine.record")}>
            {data.uses.length === 0 ? <p className="faint">{t("mine.no_record")}</p> : (
              <PlainTable label={t("mine.record")} rows={data.uses} rowKey={(use) => use.id} columns={[
                { key: "at", title: t("mine.at"), render: (use) => <Time at={use.lockedAt} detail="second" /> },
                { key: "order", title: t("mine.order"), render: (use) => <Link to={`/buyer/orders/${use.orderId}`} className="mono">{use.orderId}</Link> },
                { key: "state", title: t("mine.state"), render: (use) => t(`mine.use.${use.state}`) },
                { key: "amount", title: t("mine.amount"), align: "right", render: (use) => money(use.amount) },
                { key: "restored", title: t("mine.restored"), align: "right", render: (use) => money(use.restored) },
              ]} />
            )}
          </Panel>
        </>
      )}
    </DetailPage>
  );
}
