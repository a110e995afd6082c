import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { formatMoney } from "../../ui/money";
import { ResourceForm } from "../../ui/ResourceForm";
import type { OrderDetail } from "../trade/order";
import { orderKey } from "../trade/OrderView";

interface Values {
  total: string;
  reason: string;
}

const adjustable = ["NEW", "RENEW", "TRIAL_TO_FORMAL"];

/** Sets another price on an unpaid order; its buyer confirms or refuses it. */
export function AdjustAction({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("online");
  const { can } = useSession();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  if (!can("order:adjust") || !adjustable.includes(order.kind) || (order.state !== "PENDING_PAYMENT" && order.state !== "PENDING_CONFIRM")) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("adjust.action")}</Button>
      {open && (
        <Modal open title={t("adjust.title", { id: order.id })} footer={null} destroyOnHidden onCancel={() => setOpen(false)}>
          <p className="soft" style={{ marginBottom: 16 }}>{t("adjust.hint", { list: formatMoney(order.listAmount, order.currency), due: formatMoney(order.dueAmount, order.currency) })}</p>
          <ResourceForm<Values, OrderDetail> guard={false} submitLabel={t("adjust.submit")} doneText={t("adjust.done")} onCancel={() => setOpen(false)}
            submit={(values, key) => send<OrderDetail>("POST", `/api/v1/operator/orders/${order.id}/adjust`, values, key)}
            onDone={async (now) => { client.setQueryData(orderKey("operator", order.id), now); setOpen(false); await client.invalidateQueries(); }}>
            <Form.Item name="total" label={t("adjust.total")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input inputMode="decimal" autoComplete="off" suffix={order.currency} /></Form.Item>
            <Form.Item name="reason" label={t("adjust.reason")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input.TextArea rows={2} maxLength={500} showCount /></Form.Item>
          </ResourceForm>
        </Modal>
      )}
    </>
  );
}
