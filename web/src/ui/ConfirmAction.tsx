import { Alert, Button, Form, Input, Modal, type ButtonProps } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, fieldPath } from "../api/problem";
import { useSubmitKey } from "../api/idempotency";
import { toast } from "./feedback";
import { useProblemText } from "./ProblemText";
import { RequestId } from "./RequestId";

interface Props<R> {
  /** The button's and the dialog's verb: "Take down". */
  label: string;
  /** Asks in one sentence: "Take down Lumen CRM?" */
  title: string;
  /** What it costs: money, time, work. */
  cost?: ReactNode;
  /** What cannot be undone. */
  irreversible?: ReactNode;
  /** A reason is asked for and sent; its label. */
  reason?: { label: string; required: boolean; maxLength?: number };
  /** Further fields between text and reason. */
  children?: ReactNode;
  danger?: boolean;
  button?: Omit<ButtonProps, "onClick" | "danger">;
  /** Does it. `reason` is empty when none is asked for; `key` is the Idempotency-Key. */
  run: (input: { reason: string; key: string }) => Promise<R>;
  onDone?: (result: R) => void | Promise<void>;
  doneText?: string;
}

/** A button for a destructive or costly action: its dialog says what it costs and what cannot be undone. */
export function ConfirmAction<R = unknown>({ label, title, cost, irreversible, reason, children, danger = false, button, run, onDone, doneText }: Props<R>) {
  const { t } = useTranslation();
  const text = useProblemText();
  const key = useSubmitKey();
  const [form] = Form.useForm<{ reason?: string }>();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const close = () => { setOpen(false); setFailure(null); form.resetFields(); };

  const confirm = async () => {
    const values = await form.validateFields().catch(() => null);
    if (!values || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      const result = await run({ reason: values.reason?.trim() ?? "", key: key.keyFor(values) });
      key.done();
      close();
      if (doneText) toast.success(doneText);
      await onDone?.(result);
    } catch (error) {
      const problem = asProblem(error);
      const own = problem.fields.find((field) => fieldPath(field.field).at(-1) === "reason");
      if (own && reason) form.setFields([{ name: "reason", errors: [own.message] }]);
      else setFailure(problem);
    } finally {
      setBusy(false);
    }
  };

  const problem = failure === null ? null : asProblem(failure);
  return (
    <>
      <Button {...button} danger={danger} onClick={() => setOpen(true)}>{label}</Button>
      <Modal open={open} title={title} okText={label} cancelText={t("action.cancel")} confirmLoading={busy} onOk={() => void confirm()} onCancel={close}
        okButtonProps={{ danger }} cancelButtonProps={{ disabled: busy }} mask={{ closable: !busy }} destroyOnHidden>
        <div style={{ display: "grid", gap: 16 }}>
          {cost && <div>{cost}</div>}
          {irreversible && <Alert type="warning" showIcon title={t("confirm.irreversible")} description={irreversible} />}
          {problem && (
            <Alert type="error" showIcon role="alert" title={text(problem)}
              description={<>{problem.fields.map((field) => <div key={field.field}>{field.message}</div>)}<RequestId id={problem.requestId} /></>} />
          )}
          <Form form={form} layout="vertical" disabled={busy}>
            {children}
            {reason && (
              <Form.Item name="reason" label={reason.label} rules={reason.required ? [{ required: true, whitespace: true, message: t("form.required") }] : []}>
                <Input.TextArea rows={3} maxLength={reason.maxLength ?? 500} showCount />
              </Form.Item>
            )}
          </Form>
        </div>
      </Modal>
    </>
  );
}
