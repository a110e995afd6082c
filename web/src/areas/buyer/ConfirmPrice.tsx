import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { formatMoney } from "../../ui/money";
import type { Order } from "../trade/order";

/** The answer to a price that the marketplace has adjusted. */
export function ConfirmPrice({ order }: { order: Order }) {
  const { t } = useTranslation("online");
  const client = useQueryClient();
  const answer = (accepted: boolean) => ({ key }: { key: string }) => send<Order>("POST", `/api/v1/orders/${order.id}/confirm-price`, { accepted }, key);
  const changed = () => client.invalidateQueries();
  return (
    <>
      <ConfirmAction label={t("adjust.confirm")} title={t("adjust.confirm_title", { amount: formatMoney(order.dueAmount, order.currency) })} cost={t("adjust.confirm_cost")} button={{ type: "primary" }} doneText={t("adjust.confirmed")} run={answer(true)} onDone={changed} />
      <ConfirmAction label={t("adjust.refuse")} title={t("adjust.refuse_title", { id: order.id })} cost={t("adjust.refuse_cost")} irreversible={t("adjust.refuse_irreversible")} danger doneText={t("adjust.refused")} run={answer(false)} onDone={changed} />
    </>
  );
}
