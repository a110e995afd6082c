import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Alert, Button, Radio, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { get, send } from "../../api/client";
import { asProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { formatTime } from "../../ui/time";
import { ChangeText } from "../trade/ChangeText";
import { givenText } from "../trade/discount";
import { Explanation } from "../trade/Explanation";
import { chosenText } from "../trade/priced";
import { checkoutOf, type ChangeOptions, type ChangePrice, type ChangeTarget, type ChangeWish } from "./change";
import css from "./ChangePanel.module.css";
import type { InstanceDetail } from "./instance";
import { StepperField } from "./StepperField";

/** Another specification or quantity: for what is left of the term, or with the next period. */
export function ChangePanel({ instance }: { instance: InstanceDetail }) {
  const { t } = useTranslation("changes");
  const { data } = useQuery({
    queryKey: ["changes", instance.id, instance.expiresAt, instance.state],
    queryFn: ({ signal }) => get<ChangeOptions>(`/api/v1/instances/${encodeURIComponent(instance.id)}/changes`, undefined, signal),
  });
  if (!data || data.targets.length === 0) return null;
  return <Panel title={t("title")}><Choose instance={instance} options={data} /></Panel>;
}

function Choose({ instance, options }: { instance: InstanceDetail; options: ChangeOptions }) {
  const { t } = useTranslation("changes");
  const { site } = useSession();
  const [renewal, setRenewal] = useState(!options.running.possible && options.renewal.possible);
  const side = renewal ? options.renewal : options.running;
  const targets = options.targets.filter((one) => (renewal ? one.renewal : one.running));
  const asks = options.renewFrom !== undefined;
  return (
    <div className={css.stack}>
      {asks && (
        <Segmented className={css.when!} aria-label={t("when")} value={renewal ? "renewal" : "now"} onChange={(value) => setRenewal(value === "renewal")}
          options={[{ value: "now", label: t("now") }, { value: "renewal", label: t("with_renewal") }]} />
      )}
      <p className="faint">{t(renewal ? "with_renewal_hint" : "now_hint")}</p>
      {!side.possible ? <Alert type="info" showIcon title={renewal && options.renewFrom && side.blocker?.code === "instance.change_renewal_early"
        ? t("from", { date: formatTime(options.renewFrom, site.timeZone, "date") }) : side.blocker?.message} />
        : targets.length === 0 ? <p className="faint">{t("none")}</p>
          : <Target key={String(renewal)} instance={instance} options={options} targets={targets} renewal={renewal} />}
    </div>
  );
}

function Target({ instance, options, targets, renewal }: { instance: InstanceDetail; options: ChangeOptions; targets: ChangeTarget[]; renewal: boolean }) {
  const { t } = useTranslation(["changes", "pricing", "money"]);
  const navigate = useNavigate();
  const { site } = useSession();
  const { quantity } = options;
  const [sku, setSku] = useState((targets.find((one) => !one.present) ?? targets[0]!).skuCode);
  const target = targets.find((one) => one.skuCode === sku) ?? targets[0]!;
  const [count, setCount] = useState(quantity?.present ?? 0);
  const [planId, setPlan] = useState("");
  const plan = target.plans.find((one) => one.planId === planId) ?? target.plans.find((one) => one.periodType === instance.periodType) ?? target.plans[0]!;
  const [periods, setPeriods] = useState(plan.minPeriods);
  const length = Math.min(Math.max(periods, plan.minPeriods), plan.maxPeriods);
  const wish: ChangeWish = {
    target: target.skuCode, withRenewal: renewal, ...(quantity && count !== quantity.present ? { quantity: count } : {}),
    ...(renewal ? { planId: plan.planId, periods: length } : {}),
  };
  const values = (chosen: ChangeTarget["chosen"]) => chosenText(chosen.filter((one) => one.quantity === undefined), t);
  return (
    <>
      {targets.some((one) => one.chosen.some((value) => value.quantity === undefined)) && (
        <Radio.Group className={css.targets!} value={target.skuCode} onChange={(event) => setSku(event.target.value as string)} aria-label={t("target")}
          options={targets.map((one) => ({ value: one.skuCode, label: <span>{values(one.chosen)}{one.present && <span className="faint"> · {t("present")}</span>}</span> }))} />
      )}
      {quantity && <StepperField label={quantity.name} unit={quantity.unit} min={renewal ? quantity.min : quantity.present} max={quantity.max} step={quantity.step} value={count} onChange={setCount} />}
      {renewal && (
        <div className={css.row}>
          {target.plans.length > 1 && (
            <Radio.Group value={plan.planId} onChange={(event) => setPlan(event.target.value as string)} aria-label={t("money:renew.by")}
              options={target.plans.map((one) => ({ value: one.planId, label: t(`money:renew.plan_${one.periodType}`) }))} />
          )}
          <StepperField label={t("money:renew.periods")} unit={t(`money:renew.unit_${plan.periodType}`)} min={plan.minPeriods} max={plan.maxPeriods} step={1} value={length} onChange={setPeriods} />
        </div>
      )}
      <Price instance={instance} wish={wish} timeZone={site.timeZone} go={() => void navigate(checkoutOf(instance, wish))} />
    </>
  );
}

/** What the change costs, line by line, before anything is ordered. */
function Price({ instance, wish, timeZone, go }: { instance: InstanceDetail; wish: ChangeWish; timeZone: string; go: () => void }) {
  const { t } = useTranslation("changes");
  const { data: price, error, isPlaceholderData, isFetching } = useQuery({
    queryKey: ["change-price", instance.id, wish],
    queryFn: () => send<ChangePrice>("POST", `/api/v1/instances/${encodeURIComponent(instance.id)}/changes/price`, wish),
    placeholderData: keepPreviousData, retry: false, staleTime: 60_000,
  });
  if (error) {
    const problem = asProblem(error);
    const same = problem.fields.some((one) => one.code === "pricing.nothing_changes");
    return same ? <p className="faint">{t("choose")}</p> : <Alert type="warning" showIcon title={problem.fields[0]?.message ?? problem.message} />;
  }
  if (!price) return null;
  const shown = price.change ? <ChangeText change={price.change} chosen={price.chosen} /> : null;
  return (
    <div className={css.price} aria-live="polite" aria-busy={isFetching}>
      {shown}
      {price.discount && <p className="faint">{t("discount:list")} <del>{formatMoney(price.listAmount, price.currency)}</del> · {price.discount.name} · {givenText(price.discount, price.currency, t)}</p>}
      <p className={css.amount}><span>{t("due")}</span> <strong>{formatMoney(price.amount, price.currency)}</strong></p>
      {wish.withRenewal && price.expiresAt && <p className="faint">{t("renewed_until", { date: formatTime(price.expiresAt, timeZone, "date") })}</p>}
      {!wish.withRenewal && price.startsAt && <p className="faint">{t("counted", { from: formatTime(price.startsAt, timeZone), to: formatTime(price.expiresAt ?? "", timeZone, "date") })}</p>}
      <Explanation components={price.explanation} unit={wish.withRenewal ? price.periodType : "once"} amount={price.listAmount} currency={price.currency} open />
      {price.blocker ? <Alert type="warning" showIcon title={price.blocker.message} /> : <Button type="primary" disabled={isPlaceholderData} onClick={go}>{t("go")}</Button>}
      {wish.withRenewal && <p className="faint">{t("asks_seller")}</p>}
    </div>
  );
}
