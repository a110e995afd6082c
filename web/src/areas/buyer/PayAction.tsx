import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { toast } from "../../ui/feedback";
import { LinkButton } from "../../ui/LinkButton";
import { addMoney, formatMoney } from "../../ui/money";
import type { Order } from "../trade/order";
import { instrumentsQuery } from "../online/online";
import type { Balance } from "./balance";

/** Pays an order from the balance; leads to the top-up when it does not suffice. */
export function PayAction({ order, onDone }: { order: Order; onDone: () => Promise<void> }) {
  const { t } = useTranslation("trade");
  const { can } = useSession();
  const { data } = useQuery({ queryKey: ["balance"], queryFn: ({ signal }) => get<Balance>("/api/v1/balance", undefined, signal), enabled: can("balance:read") });
  const { data: instruments } = useQuery(instrumentsQuery());
  const online = instruments && instruments.gateways.length > 0 && <LinkButton to={`/pay/${order.id}`}>{t("online:pay.other")}</LinkButton>;
  const money = (amount: string) => formatMoney(amount, order.currency);
  const rest = data && addMoney(data.balance, `-${order.dueAmount}`);
  if (data && rest?.startsWith("-")) {
    return (
      <>
        <span className="faint" style={{ alignSelf: "center" }}>{t("pay.short", { balance: money(data.balance), missing: money(rest.slice(1)) })}</span>
        {can("balance:topup") && <LinkButton to={`/buyer/topups?amount=${rest.slice(1)}&next=${encodeURIComponent(`/pay/${order.id}`)}`} type={online ? "default" : "primary"}>{t("pay.topup")}</LinkButton>}
        {online}
      </>
    );
  }
  return (
    <>
    <ConfirmAction<Order> label={t("pay.action")} title={t("pay.title", { amount: money(order.dueAmount) })} button={{ type: "primary", className: "buy" }}
      cost={data && rest ? t("pay.cost", { balance: money(data.balance), rest: money(rest) }) : t("pay.cost_plain")}
      run={({ key }) => send<Order>("POST", `/api/v1/orders/${order.id}/pay`, undefined, key)}
      onDone={(paid) => {
        if (paid.state === "EXPIRED") toast.warning(t("pay.expired"));
        else toast.success(t("pay.done"));
        return onDone();
      }} />
    {online}
    </>
  );
}
