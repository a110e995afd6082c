import { Form, Input } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { creates, isOpen, type CallDetail } from "../trade/call";
import { CallDetailView } from "../trade/CallDetailView";

/** One call to a seller's server; operators may end it by hand. */
export function DeliveryPage() {
  return <CallDetailView side="operator" actions={(call, onDone) => <MarkDone call={call} onDone={onDone} />} />;
}

function MarkDone({ call, onDone }: { call: CallDetail; onDone: (call: CallDetail) => Promise<void> }) {
  const { t } = useTranslation("trade");
  const { can } = useSession();
  const instanceId = useRef("");
  if (!isOpen(call.state) || !can("call:restart")) return null;
  const needsId = creates(call);
  return (
    <ConfirmAction<CallDetail>
      label={t("call.by_hand")} title={t("call.by_hand_title", { activity: call.activity })} cost={t(needsId ? "call.by_hand_cost_create" : "call.by_hand_cost")} irreversible={t("call.by_hand_irreversible")}
      reason={{ label: t("call.by_hand_comment"), required: true }} doneText={t("call.by_hand_done")} onDone={onDone}
      run={({ reason, key }) => send<CallDetail>("POST", `/api/v1/operator/calls/${call.id}/done`, { comment: reason, ...(needsId ? { instanceId: instanceId.current.trim() } : {}) }, key)}>
      {needsId && (
        <Form.Item name="instanceId" label={t("call.by_hand_instance")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}>
          <Input maxLength={64} autoComplete="off" onChange={(event) => { instanceId.current = event.target.value; }} />
        </Form.Item>
      )}
    </ConfirmAction>
  );
}
