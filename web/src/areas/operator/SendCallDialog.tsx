import { Alert, Checkbox, DatePicker, Form, Input, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { toast } from "../../ui/feedback";
import { ResourceForm } from "../../ui/ResourceForm";
import { dayEnd } from "../trade/day";
import { termText } from "../trade/term";
import { asks, instancesPath, takesAmount, takesPlan, wantsExpiry, wantsPlan, type Asked, type OverseenDetail, type SendValues } from "./instances";

interface Props {
  instance: OverseenDetail;
  onClose: () => void;
  onSent: () => Promise<void>;
}

/** Chooses a call that the service's interface has, asks for what it needs, and sends it. */
export function SendCallDialog({ instance, onClose, onSent }: Props) {
  const { t } = useTranslation("lifecycle");
  const { site } = useSession();
  const [call, setCall] = useState<string>();
  const [answer, setAnswer] = useState<Asked>();
  const path = `${instancesPath}/${encodeURIComponent(instance.id)}`;

  const submit = async (values: SendValues, key: string) => {
    setAnswer(undefined);
    const target = { call: values.call, ...(values.planId ? { planId: values.planId } : {}), ...(values.amount ? { amount: values.amount } : {}) };
    if (asks(values.call)) return setAnswer(await send<Asked>("POST", `${path}/ask`, target));
    await send("POST", `${path}/calls`, {
      ...target, reason: values.reason?.trim() ?? "", confirmed: values.confirmed ?? false,
      ...(values.expiresAt ? { expiresAt: dayEnd(values.expiresAt.format("YYYY-MM-DD"), site.timeZone) } : {}),
    }, key);
    toast.success(t("send.sent"));
    onClose();
  };

  return (
    <Modal open title={t("send.title")} onCancel={onClose} footer={null} width={640} destroyOnHidden>
      <p className="soft" style={{ marginBottom: 16 }}>{t("send.intro")}</p>
      {answer && <Answered answer={answer} />}
      <ResourceForm<SendValues, void> guard={false} submit={submit} onDone={onSent} onCancel={onClose} submitLabel={t(asks(call) ? "send.ask" : "send.submit")}
        onValuesChange={(changed) => { if (changed.call) { setCall(changed.call); setAnswer(undefined); } }}>
        <Form.Item name="call" label={t("send.call")} rules={[{ required: true, message: t("form.required") }]} extra={call && t(`hint.${call}`)}>
          <Select placeholder={t("send.choose")} listHeight={400} options={instance.possible.map((one) => ({
            value: one.call, disabled: Boolean(one.refused),
            label: <>{t(`trade:purpose.${one.call}`)} <span className="mono faint">{one.activity}</span>{one.refused && <div className="faint" style={{ whiteSpace: "normal" }}>{t("send.not_now", { reason: one.refused.message })}</div>}</>,
          }))} />
        </Form.Item>
        {wantsExpiry(call) && (
          <Form.Item name="expiresAt" label={t("send.expires")} extra={t("send.expires_hint")} rules={[{ required: true, message: t("form.required") }]}><DatePicker /></Form.Item>
        )}
        {(wantsPlan(call) || takesPlan(call)) && <PlanField instance={instance} call={call!} />}
        {takesAmount(call) && <Form.Item name="amount" label={t("send.amount")}><InputNumber min={1} max={9_999_999} precision={0} style={{ width: 200 }} /></Form.Item>}
        {call && !asks(call) && (
          <Form.Item name="reason" label={t(call === "freeze" ? "send.reason_freeze" : "send.reason")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
            <Input.TextArea rows={2} maxLength={500} showCount />
          </Form.Item>
        )}
        {call === "release" && (
          <Form.Item name="confirmed" valuePropName="checked" rules={[{ validator: (_, value) => (value ? Promise.resolve() : Promise.reject(new Error(t("form.required")))) }]}>
            <Checkbox>{t("send.confirm")}</Checkbox>
          </Form.Item>
        )}
      </ResourceForm>
    </Modal>
  );
}

function PlanField({ instance, call }: { instance: OverseenDetail; call: string }) {
  const { t } = useTranslation("lifecycle");
  const { t: trade } = useTranslation("trade");
  const needed = wantsPlan(call);
  const plans = instance.plans.filter((plan) => needed || (plan.skuCode === instance.skuCode && plan.planId !== instance.planId));
  if (!needed && plans.length === 0) return null;
  return (
    <Form.Item name="planId" label={t(needed ? "send.plan" : "send.plan_optional")} rules={needed ? [{ required: true, message: t("form.required") }] : []}>
      <Select allowClear={!needed} options={plans.map((plan) => ({
        value: plan.planId,
        label: [plan.specName, termText({ chargingMode: instance.chargingMode, periodType: plan.periodType, periodNumber: 1 }, trade), ...(plan.planId === instance.planId ? [t("send.plan_present")] : [])].join(" · "),
      }))} />
    </Form.Item>
  );
}

function Answered({ answer }: { answer: Asked }) {
  const { t } = useTranslation("lifecycle");
  return (
    <Alert type={answer.ok ? "success" : "error"} showIcon role="status" style={{ marginBottom: 16 }} title={t(answer.ok ? "send.yes" : "send.no")}
      description={<>{answer.resultMsg || answer.problem?.message} {answer.resultCode && <span className="mono">{answer.resultCode}</span>} <Link to={`/operator/deliveries/${answer.callId}`}>{t("send.see_call")}</Link></>} />
  );
}
