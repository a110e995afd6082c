import { Button } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { signInPath, useSession } from "../../api/session";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { PageError } from "../../ui/PageError";
import { AddToCart } from "./AddToCart";
import { Choices } from "./Choices";
import { unitOf, usePrice, type Plan } from "./offer";
import { PriceFacts } from "./PriceFacts";
import { ProductVouchers } from "./ProductVouchers";
import type { Product, Spec } from "./product";
import css from "./PurchaseCard.module.css";
import { QuantityField } from "./QuantityField";
import { picksOf, type Choice } from "./useChoice";

/** Picks specification and term and says what will be paid and when the next payment is due. */
export function PurchaseCard({ product, choice }: { product: Product; choice: Choice }) {
  const { t } = useTranslation(["storefront", "pricing", "discount"]);
  const { spec, plan, periods, wish } = choice;
  const link = useSearchParams()[0].get("link");
  const price = usePrice(wish && link ? { ...wish, link } : wish);
  const buy = useBuy(product, choice);
  if (!spec || !plan) return <p className={css.blocker}>{product.reason?.message ?? t("buy.no_spec")}</p>;

  const blocker = product.buyable ? price.data?.blocker?.message : product.reason?.message;
  const hintOf = (one: Plan) => {
    const text = t(`price.short_${unitOf(one)}`, { price: formatMoney(one.price, product.currency) });
    return spec.quantity ? t("pricing:from", { price: text }) : text;
  };
  const limits = [product.purchaseLimit, spec.limit].flatMap((one) => (one ? [t(`pricing:limit.${one.kind}`, { count: one.count ?? 1 })] : []));
  return (
    <div className={css.card}>
      {product.specs.length > 1
        ? <Choices legend={t("buy.spec")} value={spec.id} onChange={choice.chooseSpec} options={product.specs.map((one) => ({ value: one.id, label: one.name }))} />
        : <p className={css.only}><span>{t("buy.spec")}</span>{spec.name}</p>}
      {spec.attributes?.map((one) => (
        <Choices key={one.code} legend={one.name} value={choice.picks[one.code] ?? ""} onChange={(value) => choice.pick(one.code, value)}
          options={one.values.map((value) => ({ value: value.code, label: value.name }))} />
      ))}
      {spec.quantity && <QuantityField key={spec.id} quantity={spec.quantity} value={choice.quantity} onChange={choice.chooseQuantity} />}
      <Choices legend={t("buy.mode")} value={plan.id} onChange={choice.choosePlan}
        options={choice.plans.map((one) => ({ value: one.id, label: t(`mode.${unitOf(one)}`), hint: hintOf(one) }))} />
      {plan.mode === "PERIOD" && <Periods plan={plan} periods={periods} onChange={choice.choosePeriods} />}
      <div className={css.price} aria-busy={price.outdated || price.isPending}>
        {price.isError && !price.data ? <PageError error={price.error} onRetry={() => void price.refetch()} /> : (
          <>
            <div className={css.due} aria-live="polite">
              <span>{t("buy.due")}</span>
              {price.data ? <span className={css.amounts}>{price.data.discount && <del><span className="visually-hidden">{t("discount:list")} </span>{formatMoney(price.data.listAmount, price.data.currency)}</del>}<Money amount={price.data.amount} currency={price.data.currency} size="large" /></span> : <span className={css.bone} />}
            </div>
            {price.data ? <PriceFacts price={price.data} /> : <span className={css.bones} aria-hidden="true" />}
          </>
        )}
      </div>
      <ProductVouchers productId={product.id} specId={spec.id} />
      {blocker && <p role="status" className={css.blocker}>{blocker}</p>}
      {buy.refusal && <p className={css.blocker}>{buy.refusal}</p>}
      <Button type="primary" size="large" block className="buy" disabled={!product.buyable || Boolean(blocker) || Boolean(buy.refusal) || price.isPending || !wish} onClick={buy.start}>{t("buy.now")}</Button>
      <AddToCart wish={wish} disabled={!product.buyable || Boolean(blocker) || price.isPending} />
      {spec.trial && <Trial product={product} spec={spec} />}
      {limits.map((text) => <p key={text} className={css.note}>{text}</p>)}
      <p className={css.note}>{t("buy.refund_failed")}</p>
    </div>
  );
}

/** Leads to the checkout; visitors sign in first and come back there. */
export function useBuy(product: Product | undefined, choice: Choice) {
  const { t } = useTranslation("storefront");
  const { session, signedIn, can } = useSession();
  const navigate = useNavigate();
  const link = useSearchParams()[0].get("link");
  const target = `/checkout?${link ? `link=${encodeURIComponent(link)}&` : ""}plan=${choice.plan?.id ?? ""}&periods=${choice.periods}${choice.wish?.quantity ? `&quantity=${choice.wish.quantity}` : ""}&product=${product?.id ?? ""}`;
  const refusal = !signedIn ? "" : session?.kind === "operator" ? t("buy.operator") : can("order:buy") ? "" : t("buy.not_allowed");
  return { refusal, start: () => void navigate(signedIn ? target : signInPath(target)) };
}

/** The way to the free trial, and what it is of. */
function Trial({ product, spec }: { product: Product; spec: Spec }) {
  const { t } = useTranslation("pricing");
  const { signedIn, can } = useSession();
  const navigate = useNavigate();
  const { trial, attributes = [] } = spec;
  if (!trial || (signedIn && !can("order:buy"))) return null;
  const target = `/checkout?plan=${trial.planId}&periods=${trial.days}&product=${product.id}`;
  const picks = picksOf(trial.choice ?? "");
  const choice = attributes.map((one) => one.values.find((value) => value.code === picks[one.code])?.name).filter(Boolean).join(" · ");
  return (
    <>
      <Button size="large" block disabled={!product.buyable} onClick={() => void navigate(signedIn ? target : signInPath(target))}>{t("try", { count: trial.days })}</Button>
      {choice && <p className={css.note}>{t("try_of", { choice })}</p>}
    </>
  );
}

const mostButtons = 12;

function Periods({ plan, periods, onChange }: { plan: Plan; periods: number; onChange: (count: number) => void }) {
  const { t } = useTranslation("storefront");
  const id = useId();
  const counts = Array.from({ length: plan.maxPeriods - plan.minPeriods + 1 }, (_, index) => plan.minPeriods + index);
  const label = (count: number) => t(`term.${unitOf(plan)}`, { count });
  if (counts.length <= mostButtons) {
    return <Choices legend={t("buy.term")} value={String(periods)} onChange={(value) => onChange(Number(value))} options={counts.map((count) => ({ value: String(count), label: label(count) }))} />;
  }
  return (
    <div className={css.select}>
      <label htmlFor={id}>{t("buy.term")}</label>
      <select id={id} value={periods} onChange={(event) => onChange(Number(event.target.value))}>{counts.map((count) => <option key={count} value={count}>{label(count)}</option>)}</select>
    </div>
  );
}
