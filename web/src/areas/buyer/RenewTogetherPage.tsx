import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { asProblem, type ApiProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { currentLang } from "../../i18n";
import { EmptyState } from "../../ui/EmptyState";
import { LinkButton } from "../../ui/LinkButton";
import { Money } from "../../ui/Money";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ProblemText } from "../../ui/ProblemText";
import { listKey } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import { formatTime } from "../../ui/time";
import type { Price } from "../storefront/offer";
import { Explanation } from "../trade/Explanation";
import css from "./Renewals.module.css";
import { DaySelect, useRenewalSettings } from "./UnifiedDay";

interface Service {
  instanceId: string;
  productName: string;
  specName: string;
  state: string;
  expiresAt?: string;
  problem?: { code: string; message: string };
  quoteId?: string;
  price?: Price;
}

interface Common {
  months: number[];
  proposed: number;
  services: Service[];
}

interface Quotes {
  services: Service[];
  total: string;
  currency: string;
}

/** Renews several services at once: a common length, perhaps a common day, one price each and one payment. */
export function RenewTogetherPage() {
  const { t } = useTranslation("life");
  const [params] = useSearchParams();
  const ids = (params.get("services") ?? "").split(",").filter(Boolean);
  const { data, error, refetch } = useQuery({
    queryKey: ["renewal-lengths", ids, currentLang()], enabled: ids.length > 0, staleTime: 0,
    queryFn: () => send<Common>("POST", "/api/v1/renewals/lengths", { instances: ids }),
  });
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} back={{ to: "/buyer/renewals", label: t("together.back") }} />;
  return (
    <Page title={t("together.title")} intro={t("together.intro")}>
      {ids.length === 0 ? <EmptyState title={t("together.nothing")} action={<LinkButton to="/buyer/renewals">{t("together.back")}</LinkButton>} />
        : !data ? <Panel><p role="status" className="faint">{t("together.loading")}</p></Panel>
          : <Choice ids={ids} common={data} />}
    </Page>
  );
}

function Choice({ ids, common }: { ids: string[]; common: Common }) {
  const { t } = useTranslation("life");
  const settings = useRenewalSettings();
  const [months, setMonths] = useState(common.proposed);
  const [unified, setUnified] = useState(common.proposed === 0);
  const [chosenDay, setDay] = useState<number | null>(null);
  const day = unified ? (chosenDay ?? settings.data?.unifiedDay ?? 1) : 0;
  const body = { instances: ids, months, unifiedDay: day };
  const ready = months > 0 || day !== 0;
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["renewal-quotes", body, currentLang()], enabled: ready && settings.data !== undefined, staleTime: 20 * 60_000, gcTime: 0, placeholderData: keepPreviousData,
    queryFn: () => send<Quotes>("POST", "/api/v1/renewals/quotes", body),
  });
  return (
    <>
      <Panel title={t("together.how")}>
        <div className={css.choice}>
          <label>
            <span>{t("together.length")}</span>
            <Select aria-label={t("together.length")} value={months} onChange={setMonths} style={{ minWidth: 176 }}
              options={[...common.months.map((count) => ({ value: count, label: lengthText(count, t) })), ...(unified ? [{ value: 0, label: t("together.only_days") }] : [])]} />
          </label>
          <div className={css.day}>
            <Checkbox checked={unified} onChange={(event) => { setUnified(event.target.checked); if (!event.target.checked && months === 0) setMonths(common.proposed); }}>{t("unified.use")}</Checkbox>
            {unified && <DaySelect value={day} label={t("unified.title")} onChange={setDay} />}
          </div>
        </div>
        <p className="faint">{t(common.months.length === 0 ? "together.no_common" : "together.hint")}</p>
      </Panel>
      {error && !data ? <PageError error={error} onRetry={() => void refetch()} /> : data && <Offer quotes={data} busy={isFetching} again={async () => { await refetch(); }} />}
    </>
  );
}

const lengthText = (months: number, t: (key: string, values: { count: number }) => string) => (months % 12 === 0 ? t("together.years", { count: months / 12 }) : t("together.months", { count: months }));

function Offer({ quotes, busy, again }: { quotes: Quotes; busy: boolean; again: () => Promise<void> }) {
  const { t } = useTranslation("life");
  const { site } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const key = useSubmitKey();
  const [accepted, setAccepted] = useState(false);
  const [purchase, setPurchase] = useState("");
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const good = quotes.services.filter((one) => one.quoteId);
  const order = async () => {
    const body = { quotes: good.map((one) => one.quoteId), agreementAccepted: accepted, purchaseNumber: purchase.trim() };
    setSending(true);
    setProblem(null);
    try {
      const { orders } = await send<{ orders: { id: string; state: string }[] }>("POST", "/api/v1/renewals/orders", body, key.keyFor(body));
      key.done();
      await client.invalidateQueries({ queryKey: listKey("/api/v1/renewals") });
      const payable = orders.filter((one) => one.state === "PENDING_PAYMENT");
      await navigate(payable.length > 0 ? `/pay?orders=${payable.map((one) => one.id).join(",")}` : "/buyer/orders", { replace: true });
    } catch (error) {
      setProblem(asProblem(error));
      setSending(false);
    }
  };
  return (
    <Panel title={t("together.prices")}>
      <ul className={css.services} aria-busy={busy}>
        {quotes.services.map((one) => (
          <li key={one.instanceId}>
            <span>
              <strong>{one.productName} <span className="faint">{one.specName}</span></strong>
              {one.price
                ? <span className="soft">{one.expiresAt && <Time at={one.expiresAt} />} → {one.price.expiresAt && <strong className="tabular">{formatTime(one.price.expiresAt, site.timeZone, "date")}</strong>} · {one.price.periods > 0 ? t(`together.${one.price.periodType}s`, { count: one.price.periods }) : t("together.only_days")} · <Link to={`/products/${one.price.productId}`} target="_blank">{t("together.agreement")}</Link></span>
                : <span className={css.problem}>{one.problem?.message}</span>}
            </span>
            <span className={css.sum}>
              {one.price ? <><Money amount={one.price.amount} currency={quotes.currency} /><Explanation components={one.price.explanation} unit={one.price.periodType} amount={one.price.listAmount} currency={quotes.currency} /></> : <span className="faint">{t("together.left_out")}</span>}
            </span>
          </li>
        ))}
      </ul>
      <div className={css.total} aria-live="polite"><span>{t("together.total", { count: good.length })}</span><Money amount={quotes.total} currency={quotes.currency} size="large" /></div>
      <div className={css.form}>
        <label className={css.day}><span>{t("cart:purchase")}</span><Input value={purchase} maxLength={64} onChange={(event) => setPurchase(event.target.value)} style={{ width: 240 }} /></label>
        <Checkbox checked={accepted} onChange={(event) => setAccepted(event.target.checked)}>{t("together.accept")}</Checkbox>
        {problem && <div role="alert"><ProblemText error={problem} />{problem.fields.map((one) => <p key={one.field}>{one.message}</p>)}<Button size="small" onClick={() => { setProblem(null); void again(); }}>{t("together.again")}</Button></div>}
        <Button type="primary" size="large" className="buy" loading={sending} disabled={good.length === 0 || busy || !accepted} onClick={() => void order()}>{t("together.order", { count: good.length })}</Button>
        <p className="faint">{t("together.one_payment")}</p>
      </div>
    </Panel>
  );
}
