import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link as RouterLink, useNavigate, useParams } from "react-router";
import { get, send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { asProblem, type ApiProblem } from "../../api/problem";
import { signInPath, useSession } from "../../api/session";
import { currentLang } from "../../i18n";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ProblemText } from "../../ui/ProblemText";
import { formatTime } from "../../ui/time";
import { givenText } from "../trade/discount";
import { ChosenText } from "../trade/Explanation";
import type { Quote } from "./buying";
import css from "./LinkPage.module.css";
import { unitOf, type Price } from "./offer";
import { productQuery } from "./product";
import { AgreementDialog } from "./CheckoutForm";
import { PriceFacts } from "./PriceFacts";
import { QuantityField } from "./QuantityField";
import { SignedIn } from "./SignedIn";
import { StoreNotFound } from "./StoreNotFound";
import { usePageMeta } from "./usePageMeta";

interface Shown {
  id: string;
  kind: "promotion" | "offer";
  name: string;
  sellerId: string;
  sellerName: string;
  /** It holds now. */
  open: boolean;
  /** Quantity and length are fixed. */
  configured: boolean;
  startsAt: string;
  endsAt: string;
  plans: Price[];
}

const linkQuery = (path: string) => ({
  queryKey: ["discount-link", path, currentLang()],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Shown>(path, undefined, signal),
  retry: false,
});

/** What a promotion's own link leads to. */
export function PromotionPage() {
  const { token = "" } = useParams();
  return <Link token={token} path={`/api/v1/storefront/promotions/${encodeURIComponent(token)}`} />;
}

/** An exclusive offer, for somebody of an account that it is made to. */
export function OfferPage() {
  const { token = "" } = useParams();
  return <SignedIn><Link token={token} path={`/api/v1/offers/${encodeURIComponent(token)}`} /></SignedIn>;
}

function Link({ token, path }: { token: string; path: string }) {
  const { t } = useTranslation("discount");
  const { site } = useSession();
  const { data, error, refetch } = useQuery(linkQuery(path));
  usePageMeta(data?.name ?? t("page"));
  if (error && asProblem(error).status === 404) return <StoreNotFound title={t("gone")} hint={t("gone_hint")} />;
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  if (!data) return <div className={css.bone} role="status" aria-label={t("loading", { what: t("page") })} />;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <p className={css.kind}>{t(`kind.${data.kind}`)}{data.sellerName && ` · ${data.sellerName}`}</p>
        <h1>{data.name}</h1>
        <p className="soft">{t(data.open ? "until" : "over", { time: formatTime(data.endsAt, site.timeZone) })}</p>
      </header>
      {data.plans.length === 0 && <Panel><p>{t("everything")}</p><LinkButton type="primary" to={data.sellerId ? `/shops/${data.sellerId}` : "/search"}>{t("browse")}</LinkButton></Panel>}
      {data.plans.map((price) => (data.configured
        ? <Configured key={price.planId} price={price} rule={data} token={token} />
        : <Choosable key={price.planId} price={price} rule={data} token={token} />))}
    </div>
  );
}

function What({ price, to }: { price: Price; to?: string }) {
  const { t } = useTranslation("storefront");
  return (
    <div className={css.what}>
      {to ? <RouterLink to={to}><strong>{price.productName}</strong></RouterLink> : <strong>{price.productName}</strong>}
      <span className="soft">{price.specName}</span>
      <ChosenText chosen={price.chosen} />
      <span className="soft">{t(`term.${unitOf(price)}`, { count: price.periods })}</span>
    </div>
  );
}

function Sum({ price }: { price: Price }) {
  const { t } = useTranslation("discount");
  return (
    <div className={css.sum}>
      {price.discount && <del><span className="visually-hidden">{t("list")} </span>{formatMoney(price.listAmount, price.currency)}</del>}
      <Money amount={price.amount} currency={price.currency} size="large" />
      {price.discount && <small>{givenText(price.discount, price.currency, t)}</small>}
    </div>
  );
}

/** A plan that quantity and length are picked of. */
function Choosable({ price, rule, token }: { price: Price; rule: Shown; token: string }) {
  const { t } = useTranslation(["discount", "storefront"]);
  const { signedIn } = useSession();
  const navigate = useNavigate();
  const product = useQuery(productQuery(price.productId));
  const spec = product.data?.specs.find((one) => one.plans.some((plan) => plan.id === price.planId));
  const plan = spec?.plans.find((one) => one.id === price.planId);
  const [periods, setPeriods] = useState(price.periods);
  const [quantity, setQuantity] = useState<number>();
  const wanted = spec?.quantity ? quantity ?? spec.quantity.min : 0;
  const target = `/checkout?plan=${price.planId}&periods=${periods}${wanted ? `&quantity=${wanted}` : ""}&product=${price.productId}&link=${token}&discount=${rule.id}`;
  const lengths = plan ? Array.from({ length: plan.maxPeriods - plan.minPeriods + 1 }, (_, index) => plan.minPeriods + index) : [];
  return (
    <Panel>
      <div className={css.plan}><What price={price} to={`/products/${price.productId}?link=${token}`} /><Sum price={price} /></div>
      {price.blocker && <p role="status" className={css.blocker}>{price.blocker.message}</p>}
      <div className={css.fields}>
        {lengths.length > 1 && (
          <label className={css.length}><span>{t("storefront:buy.term")}</span>
            <select value={periods} onChange={(event) => setPeriods(Number(event.target.value))}>{lengths.map((count) => <option key={count} value={count}>{t(`storefront:term.${unitOf(price)}`, { count })}</option>)}</select>
          </label>
        )}
        {spec?.quantity && <QuantityField quantity={spec.quantity} value={wanted} onChange={setQuantity} />}
        <Button type="primary" className="buy" disabled={!rule.open || Boolean(price.blocker) || Number.isNaN(wanted)} onClick={() => void navigate(signedIn ? target : signInPath(target))}>{t("order")}</Button>
      </div>
    </Panel>
  );
}

/** A quote of fixed quantity and length: one click orders it. */
function Configured({ price, rule, token }: { price: Price; rule: Shown; token: string }) {
  const { t } = useTranslation(["discount", "storefront"]);
  const navigate = useNavigate();
  const key = useSubmitKey();
  const sending = useRef(false);
  const [busy, setBusy] = useState(false);
  const [accepted, setAccepted] = useState(false);
  const [reading, setReading] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const { data: product } = useQuery(productQuery(price.productId));
  const count = price.chosen.find((one) => one.quantity)?.quantity;
  const order = async () => {
    if (sending.current) return;
    sending.current = true;
    setBusy(true);
    setProblem(null);
    try {
      const quote = await send<Quote>("POST", "/api/v1/quotes", { planId: price.planId, periods: price.periods, ...(count ? { quantity: count } : {}), link: token, discount: rule.id });
      const body = { quoteId: quote.id, agreementAccepted: accepted };
      const placed = await send<{ id: string }>("POST", "/api/v1/orders", body, key.keyFor(body));
      key.done();
      await navigate(`/pay/${placed.id}`);
    } catch (error) {
      setProblem(asProblem(error));
      sending.current = false;
      setBusy(false);
    }
  };
  return (
    <Panel>
      <div className={css.plan}><What price={price} /><Sum price={price} /></div>
      <PriceFacts price={price} />
      {price.blocker && <p role="status" className={css.blocker}>{price.blocker.message}</p>}
      <label className={css.tick}><input type="checkbox" checked={accepted} disabled={busy} onChange={(event) => setAccepted(event.target.checked)} /><span>{t("storefront:checkout.accept")}</span></label>
      {product && <button type="button" className={css.read} onClick={() => setReading(true)}>{t("storefront:checkout.read", { name: product.name })}</button>}
      {problem && <div role="alert" className={css.blocker}>{problem.fields[0]?.message ?? <ProblemText error={problem} />}</div>}
      <Button type="primary" size="large" className="buy" loading={busy} disabled={!rule.open || Boolean(price.blocker) || !accepted} onClick={() => void order()}>{t("order_once")}</Button>
      {product && <AgreementDialog product={product} open={reading} onClose={() => setReading(false)} onAccept={() => { setAccepted(true); setReading(false); }} />}
    </Panel>
  );
}
