import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { addMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { bySeller, cartQuery, grouped, useCartChanged, type Cart, type CartLine } from "./cart";
import css from "./cart.module.css";
import { CartLineRow } from "./CartLineRow";
import { ClearCart } from "./ClearCart";
import { SignedIn } from "./SignedIn";
import { usePageMeta } from "./usePageMeta";

/** What the account means to buy, at today's prices. */
export function CartPage() {
  const { t } = useTranslation("cart");
  usePageMeta(t("title"));
  return <SignedIn><Shown /></SignedIn>;
}

function Shown() {
  const { t } = useTranslation("cart");
  const { data: cart, error, refetch } = useQuery(cartQuery());
  if (error && !cart) return <PageError error={error} onRetry={() => void refetch()} />;
  if (!cart) return <div className={css.bone} role="status" aria-label={t("loading", { what: t("title") })} />;
  if (cart.lines.length === 0) return <><h1>{t("title")}</h1><EmptyState title={t("empty")} hint={t("empty_hint")} action={<LinkButton to="/search" type="primary">{t("browse")}</LinkButton>} /></>;
  return <Filled cart={cart} />;
}

function Filled({ cart }: { cart: Cart }) {
  const { t } = useTranslation("cart");
  const navigate = useNavigate();
  const changed = useCartChanged();
  // What is left out is remembered, so that a line that comes from another window is chosen.
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [moving, setMoving] = useState<ReadonlySet<string>>(new Set());
  const possible = cart.lines.filter((line) => !line.problem);
  const chosen = possible.filter((line) => !left.has(line.id));
  const products = new Set(chosen.map((line) => line.price.productId)).size;
  const choose = (lines: CartLine[], on: boolean) => setLeft((now) => {
    const next = new Set(now);
    for (const line of lines) { if (on) next.delete(line.id); else next.add(line.id); }
    return next;
  });
  const busy = (id: string, on: boolean) => setMoving((now) => { const next = new Set(now); if (on) next.add(id); else next.delete(id); return next; });
  const total = addMoney(...chosen.map((line) => line.price.amount));
  return (
    <>
      <div className={css.head}>
        <h1>{t("title")}</h1>
        <ClearCart count={cart.lines.length} onDone={changed} />
      </div>
      {cart.blocker && (
        <div role="alert" className={css.notice}>
          <p>{cart.blocker.message}</p>
          {cart.blocker.code === "trade.real_name_needed" && <LinkButton to="/buyer/account">{t("storefront:checkout.real_name_fix")}</LinkButton>}
        </div>
      )}
      <div className={css.page}>
        <div className={css.main}>
          {grouped(cart.lines, bySeller).map((group) => {
            const open = group.lines.filter((line) => !line.problem);
            return (
              <Panel key={group.id} title={group.id ? <Link to={`/shops/${group.id}`}>{group.name}</Link> : t("unknown")}
                extra={open.length > 1 && <label className={css.all}><input type="checkbox" className={css.tick} checked={open.every((line) => !left.has(line.id))} onChange={(event) => choose(open, event.target.checked)} />{t("all_of", { seller: group.name })}</label>}>
                <ul className={css.lines}>{group.lines.map((line) => <CartLineRow key={line.id} line={line} currency={cart.currency} chosen={!left.has(line.id)} onChoose={(on) => choose([line], on)} onBusy={(on) => busy(line.id, on)} />)}</ul>
              </Panel>
            );
          })}
        </div>
        <div className={css.side}>
          <Panel>
            <div className={css.total} aria-live="polite" aria-busy={moving.size > 0}><span>{t("total", { count: chosen.length })}</span><Money amount={total} currency={cart.currency} size="large" /></div>
            <Button type="primary" size="large" block className="buy" disabled={chosen.length === 0 || moving.size > 0 || Boolean(cart.blocker)} onClick={() => void navigate(`/cart/checkout?lines=${chosen.map((line) => line.id).join(",")}`)}>{t("checkout", { count: chosen.length })}</Button>
            <p className={css.small}>{products > 0 ? t("orders_hint", { count: products }) : t("choose_hint")}</p>
            {possible.length < cart.lines.length && <p className={css.small}>{t("off_hint", { count: cart.lines.length - possible.length })}</p>}
          </Panel>
        </div>
      </div>
    </>
  );
}
