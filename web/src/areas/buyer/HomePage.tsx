import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useSession } from "../../api/session";
import { Money } from "../../ui/Money";
import { NeedsMe, type NeedsMeItem } from "../../ui/NeedsMe";
import { Page } from "../../ui/Page";
import { StatCard, StatRow } from "../../ui/StatCard";
import { GettingStarted } from "./GettingStarted";
import { LatestOrders } from "./LatestOrders";

/** GET /api/v1/buyer/home. */
export interface BuyerHome {
  realNameState: string;
  unpaidOrders: number;
  unpaidAmount: string;
  /** Deadline of the first unpaid order. */
  unpaidUntil?: string;
  /** Orders that wait for an approver of the company. */
  reviews: number;
  pricesToConfirm: number;
  deliveringOrders: number;
  activeInstances: number;
  expiringInstances: number;
  pendingTopUps: number;
  balance: string;
  currency: string;
}

/** What needs the buyer now, and where the account stands. */
export function HomePage() {
  const { t } = useTranslation("trade");
  const { t: own } = useTranslation("buyer");
  const { can } = useSession();
  const { data: home, error, refetch } = useQuery({ queryKey: ["buyer-home"], queryFn: ({ signal }) => get<BuyerHome>("/api/v1/buyer/home", undefined, signal) });
  const count = (value: number | undefined) => (home ? value : undefined);
  const beginning = home && home.activeInstances + home.unpaidOrders + home.deliveringOrders === 0;
  return (
    <Page title={own("home.title")}>
      <NeedsMe items={home && needs(home, t, can("order:approve"))} error={home ? undefined : error} onRetry={() => void refetch()} />
      <StatRow>
        {can("balance:read") && <StatCard label={t("buyer_home.balance")} value={home && <Money amount={home.balance} currency={home.currency} />} to="/buyer/balance" />}
        <StatCard label={t("buyer_home.active")} value={count(home?.activeInstances)} to="/buyer/instances?state=ACTIVE" />
        <StatCard label={t("buyer_home.delivering")} value={count(home?.deliveringOrders)} to="/buyer/orders?state=PROCESSING" />
        <StatCard label={t("buyer_home.unpaid_amount")} value={home && <Money amount={home.unpaidAmount} currency={home.currency} />} to="/buyer/orders?state=PENDING_PAYMENT" />
      </StatRow>
      {beginning ? <GettingStarted home={home} /> : can("order:read") && <LatestOrders />}
    </Page>
  );
}

function needs(home: BuyerHome, t: (key: string, options?: { count: number }) => string, approves: boolean): NeedsMeItem[] {
  return [
    { key: "reviews", count: approves ? home.reviews : 0, text: t("cart:home_reviews", { count: home.reviews }), to: "/buyer/approvals", urgent: true },
    { key: "confirm", count: home.pricesToConfirm, text: t("buyer_home.confirm", { count: home.pricesToConfirm }), to: "/buyer/orders?state=PENDING_CONFIRM", urgent: true },
    { key: "unpaid", count: home.unpaidOrders, text: t("buyer_home.unpaid", { count: home.unpaidOrders }), to: "/buyer/orders?state=PENDING_PAYMENT", due: home.unpaidUntil ?? null, urgent: true },
    {
      key: "real_name", count: home.realNameState === "none" || home.realNameState === "rejected" ? 1 : 0,
      text: t(home.realNameState === "rejected" ? "buyer_home.real_name_rejected" : "buyer_home.real_name"), to: "/buyer/account",
    },
    { key: "delivering", count: home.deliveringOrders, text: t("buyer_home.delivering", { count: home.deliveringOrders }), to: "/buyer/orders?state=PROCESSING" },
    { key: "expiring", count: home.expiringInstances, text: t("buyer_home.expiring", { count: home.expiringInstances }), to: "/buyer/instances?state=ACTIVE" },
    { key: "topups", count: home.pendingTopUps, text: t("buyer_home.topups", { count: home.pendingTopUps }), to: "/buyer/topups?state=pending" },
  ];
}
