import { Alert, AutoComplete, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../../api/client";
import { CallView } from "../../../ui/CallView";
import { ResourceForm } from "../../../ui/ResourceForm";
import css from "./integration.module.css";
import { debugOrders, firstLine, notificationPath, type Notification, type NotificationRun } from "./notification";

interface Values { orderId: string; orderLineId: string }

/** Sends a test notice of a debug order; one that succeeds is saved. */
export function NotificationTest({ onChanged }: { onChanged: (settings: Notification) => void }) {
  const { t } = useTranslation("integration");
  const [form] = Form.useForm<Values>();
  const [run, setRun] = useState<NotificationRun | null>(null);
  const attempt = run?.attempt;
  return (
    <>
      <p className={`soft ${css.gap}`}>{t("notice.test_hint")}</p>
      <ResourceForm<Values, NotificationRun> guard={false} form={form} submitLabel={t("notice.send")} initialValues={{ orderId: debugOrders[0]!, orderLineId: firstLine(debugOrders[0]!) }}
        submit={(values) => { setRun(null); return send<NotificationRun>("POST", `${notificationPath}/debug`, values); }}
        onDone={(result) => { setRun(result); onChanged(result.settings); }}
        onValuesChange={(changed) => { if (changed.orderId !== undefined) form.setFieldValue("orderLineId", firstLine(changed.orderId)); }}>
        <div className={css.parameters}>
          <Form.Item name="orderId" label={<span className="mono">orderId</span>} rules={[{ required: true, message: t("form.required") }]}><AutoComplete className="mono" options={debugOrders.map((value) => ({ value }))} /></Form.Item>
          <Form.Item name="orderLineId" label={<span className="mono">orderLineId</span>} rules={[{ required: true, message: t("form.required") }]}><Input className="mono" autoComplete="off" spellCheck={false} /></Form.Item>
        </div>
      </ResourceForm>
      {run && attempt && (
        <div className={css.result} style={{ marginTop: 16 }}>
          <Alert showIcon role="status" type={run.succeeded ? "success" : "error"} title={t(run.saved ? "notice.passed" : run.succeeded ? "verdict.passed" : "notice.failed")} description={attempt.problem?.message} />
          <CallView call={{
            method: attempt.method, url: attempt.url, requestHeaders: attempt.requestHead ?? {}, requestBody: attempt.requestBody, status: attempt.status, responseHeaders: attempt.responseHead ?? {},
            responseBody: attempt.responseBody, startedAt: attempt.at, durationMs: Math.round(attempt.durationUs / 1000), ...(attempt.status === 0 && attempt.problem ? { error: attempt.problem.message } : {}),
          }} />
        </div>
      )}
    </>
  );
}
