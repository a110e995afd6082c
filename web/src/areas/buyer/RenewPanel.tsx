import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Form, InputNumber, Radio, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { get, send } from "../../api/client";
import { asProblem } from "../../api/problem";
import { toast } from "../../ui/feedback";
import { formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { useProblemText } from "../../ui/ProblemText";
import { Time } from "../../ui/Time";
import type { InstanceDetail, Policy } from "./instance";
import css from "./RenewPanel.module.css";
import { DaySelect, useRenewalSettings } from "./UnifiedDay";
import { instanceKey } from "./useAccessRefresh";

interface Plan {
  planId: string;
  periodType: string;
  price: string;
  minPeriods: number;
  maxPeriods: number;
  present: boolean;
}

/** Going on with a service: by hand through the checkout, or by itself. A trial becomes a paid subscription. */
export function RenewPanel({ instance, currency }: { instance: InstanceDetail; currency: string }) {
  const { t } = useTranslation("money");
  const path = `/api/v1/instances/${encodeURIComponent(instance.id)}`;
  const { data } = useQuery({ queryKey: ["renewal-plans", instance.id], queryFn: ({ signal }) => get<{ plans: Plan[] }>(`${path}/renewal-plans`, undefined, signal) });
  if (!data) return null;
  return (
    <Panel title={t(instance.trial ? "renew.convert" : "renew.title")}>
      {data.plans.length === 0 ? <p className="faint">{t("renew.off_sale")}</p> : <Choose instance={instance} plans={data.plans} currency={currency} />}
      {!instance.trial && <PolicyForm key={JSON.stringify(instance.policy)} id={instance.id} policy={instance.policy} periodType={instance.periodType} />}
    </Panel>
  );
}

function Choose({ instance, plans, currency }: { instance: InstanceDetail; plans: Plan[]; currency: string }) {
  const { t } = useTranslation("money");
  const navigate = useNavigate();
  const [planId, setPlan] = useState(plans.find((plan) => plan.present)?.planId ?? plans[0]!.planId);
  const plan = plans.find((one) => one.planId === planId) ?? plans[0]!;
  const [periods, setPeriods] = useState(plan.minPeriods);
  const settings = useRenewalSettings();
  const [unified, setUnified] = useState(false);
  const [chosenDay, setDay] = useState<number | null>(null);
  const day = chosenDay ?? settings.data?.unifiedDay ?? 1;
  const movable = !instance.trial && (instance.state === "ACTIVE" || instance.state === "GRACE");
  const least = unified && plan.present ? 0 : plan.minPeriods; // none: only the days up to the unified one
  const length = periods === 0 && least === 0 ? 0 : Math.min(Math.max(periods, plan.minPeriods), plan.maxPeriods);
  const go = () => void navigate(`/checkout?instance=${instance.id}&plan=${plan.planId}&periods=${length}&product=${instance.productId}${unified ? `&unified=${day}` : ""}`);
  return (
    <div className={css.choose}>
      {plans.length > 1 && (
        <Radio.Group value={plan.planId} onChange={(event) => setPlan(event.target.value as string)} aria-label={t("renew.by")}
          options={plans.map((one) => ({ value: one.planId, label: `${t(`renew.plan_${one.periodType}`)} ${formatMoney(one.price, currency)}` }))} />
      )}
      <label className={css.periods}>
        <span>{t("renew.periods")}</span>
        <InputNumber min={least} max={plan.maxPeriods} precision={0} value={length} onChange={(value) => setPeriods(value ?? plan.minPeriods)} suffix={t(`renew.unit_${plan.periodType}`)} />
      </label>
      {movable && (
        <div className={css.unified}>
          <Checkbox checked={unified} onChange={(event) => setUnified(event.target.checked)}>{t("life:unified.title")}</Checkbox>
          {unified && <DaySelect value={day} label={t("life:unified.title")} onChange={setDay} />}
          {unified && <span className="faint">{t("life:unified.hint")}</span>}
        </div>
      )}
      <Button type="primary" onClick={go}>{t(instance.trial ? "renew.convert" : "renew.go")}</Button>
      <p className="faint">{t(instance.trial ? "renew.convert_hint" : "renew.hint")}</p>
    </div>
  );
}

/** What happens at the expiry: by hand, by itself, or nothing. */
function PolicyForm({ id, policy, periodType }: { id: string; policy: Policy; periodType: string }) {
  const { t } = useTranslation("money");
  const client = useQueryClient();
  const text = useProblemText();
  const [busy, setBusy] = useState(false);
  const [draft, setDraft] = useState(policy);
  const save = async (next: Policy) => {
    setDraft(next);
    setBusy(true);
    try {
      await send("PUT", `/api/v1/instances/${encodeURIComponent(id)}/policy`, { atExpiry: next.atExpiry, days: next.days, periods: next.periods, times: next.times });
      await client.invalidateQueries({ queryKey: instanceKey(id) });
      toast.success(t("renew.policy_saved"));
    } catch (error) {
      setDraft(policy);
      toast.error(text(asProblem(error)));
    } finally {
      setBusy(false);
    }
  };
  const auto = draft.atExpiry === "auto";
  return (
    <Form layout="vertical" className={css.policy} disabled={busy}>
      <div className={css.switch}>
        <Switch id={`auto-${id}`} checked={auto} loading={busy} onChange={(on) => void save({ ...draft, atExpiry: on ? "auto" : "manual" })} aria-label={t("renew.auto")} />
        <label htmlFor={`auto-${id}`}>{t("renew.auto")}</label>
      </div>
      {auto ? (
        <div className={css.fields}>
          <Form.Item label={t("renew.days")}><Select aria-label={t("renew.days")} value={draft.days} onChange={(days: number) => void save({ ...draft, days })} options={[2, 3, 4, 5, 6, 7].map((days) => ({ value: days, label: t("renew.days_value", { count: days }) }))} /></Form.Item>
          {periodType === "month" && <Form.Item label={t("renew.auto_periods")}><InputNumber aria-label={t("renew.auto_periods")} min={1} max={9} precision={0} value={draft.periods || 1} onChange={(value) => { if (value) void save({ ...draft, periods: value }); }} suffix={t("renew.unit_month")} /></Form.Item>}
          <p className="faint">{policy.nextAt ? <>{t("renew.next")} <Time at={policy.nextAt} /></> : t("renew.no_next")}</p>
        </div>
      ) : <p className="faint">{t(draft.atExpiry === "none" ? "renew.none_hint" : "renew.manual_hint")} <Button type="link" size="small" style={{ padding: 0 }} onClick={() => void save({ ...draft, atExpiry: draft.atExpiry === "none" ? "manual" : "none" })}>{t(draft.atExpiry === "none" ? "renew.remind_again" : "renew.let_end")}</Button></p>}
    </Form>
  );
}
