import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { get, type Page as Listed } from "../../api/client";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { addMoney } from "../../ui/money";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { Time } from "../../ui/Time";
import css from "../storefront/cart.module.css";
import type { Order } from "../trade/order";

const most = 30;

/** Chooses among the unpaid orders those to be paid together. */
export function PayTogetherPage() {
  const { t } = useTranslation("cart");
  const navigate = useNavigate();
  const [left, setLeft] = useState<string[]>([]);
  const { data, error, refetch } = useQuery({ queryKey: ["unpaid"], queryFn: ({ signal }) => get<Listed<Order>>("/api/v1/orders", { state: "PENDING_PAYMENT", limit: 100 }, signal), staleTime: 0 });
  const orders = data?.items ?? [];
  const chosen = orders.filter((order) => !left.includes(order.id)).slice(0, most);
  const choose = (id: string, on: boolean) => setLeft((now) => (on ? now.filter((one) => one !== id) : [...now, id]));
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  return (
    <Page title={t("together_title")} intro={t("together_intro", { most })}>
      {!data ? <div className={css.bone} role="status" aria-label={t("loading", { what: t("together_title") })} />
        : orders.length === 0 ? <EmptyState title={t("together_none")} action={<LinkButton to="/buyer/orders">{t("storefront:checkout.to_orders")}</LinkButton>} /> : (
          <Panel>
            <ul className={css.orders}>
              {orders.map((order) => (
                <li key={order.id}>
                  <label className={css.choice}>
                    <input type="checkbox" className={css.tick} checked={chosen.includes(order)} disabled={!chosen.includes(order) && chosen.length >= most} onChange={(event) => choose(order.id, event.target.checked)} />
                    <span className={css.what}><span>{order.productName} · {order.specName}</span><span className="soft"><span className="mono">{order.id}</span>{order.deadline && <> · {t("until")} <Time at={order.deadline} /></>}</span></span>
                  </label>
                  <span><Money amount={order.dueAmount} currency={order.currency} /> <Link to={`/buyer/orders/${order.id}`} aria-label={t("show_order", { id: order.id })}>{t("show")}</Link></span>
                </li>
              ))}
            </ul>
            <div className={css.total} aria-live="polite" style={{ marginTop: 16 }}><span>{t("pay_total", { count: chosen.length })}</span><Money amount={addMoney(...chosen.map((order) => order.dueAmount))} currency={orders[0]!.currency} size="large" /></div>
            <Button type="primary" size="large" className="buy" disabled={chosen.length === 0} onClick={() => void navigate(`/pay?orders=${chosen.map((order) => order.id).join(",")}`)}>{t("together", { count: chosen.length })}</Button>
          </Panel>
        )}
    </Page>
  );
}
