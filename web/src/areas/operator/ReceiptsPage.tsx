import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { ImportDialog } from "./ImportDialog";
import { receiptsPath, receiptStates, type Receipt } from "./receipt";

/** Money that arrived at the bank: import statements, and find out whose it is. */
export function ReceiptsPage() {
  const { t } = useTranslation("online");
  const client = useQueryClient();
  const [open, setOpen] = useState<"import" | "enter" | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: listKey(receiptsPath) });
  const required = { required: true, whitespace: true, message: t("form.required") };
  return (
    <Page title={t("receipts.title")} intro={t("receipts.intro")} actions={<><Button onClick={() => setOpen("enter")}>{t("receipts.enter")}</Button><Button type="primary" onClick={() => setOpen("import")}>{t("receipts.import")}</Button></>}>
      <ResourceTable<Receipt>
        id="operator.receipts" path={receiptsPath} label={t("receipts.title")} rowKey={(row) => row.id} rowLink={(row) => `/operator/receipts/${row.id}`}
        filters={[
          { key: "q", type: "text", label: t("receipts.search") },
          { key: "state", type: "select", label: t("attempts.state"), options: receiptStates.map((state) => ({ value: state, label: t(`state.receipt.${state}`) })) },
        ]}
        columns={[
          { key: "bankReference", title: t("receipts.reference"), main: true, render: (row) => <span className="mono">{row.bankReference}</span> },
          { key: "bookedOn", title: t("receipts.booked") },
          { key: "payer", title: t("receipts.payer") },
          { key: "remark", title: t("receipts.remark") },
          { key: "amount", title: t("amount"), align: "right", render: (row) => <Money amount={row.amount} currency={row.currency} /> },
          { key: "accountName", title: t("items.account") },
          { key: "state", title: t("attempts.state"), render: (row) => <StateTag kind="receipt" state={row.state} {...(row.thirdParty ? { next: t("receipts.third_party") } : {})} /> },
        ]}
        empty={{ title: t("receipts.none"), hint: t("receipts.none_hint") }}
      />
      {open === "import" && <ImportDialog onClose={() => setOpen(null)} onDone={changed} />}
      {open === "enter" && (
        <Modal open title={t("receipts.enter")} footer={null} destroyOnHidden onCancel={() => setOpen(null)}>
          <ResourceForm<Record<string, string>> guard={false} submitLabel={t("receipts.enter")} onCancel={() => setOpen(null)}
            submit={(values, key) => send("POST", receiptsPath, values, key)} onDone={async () => { setOpen(null); await changed(); }}>
            <Form.Item name="bankReference" label={t("receipts.reference")} rules={[required]}><Input maxLength={64} /></Form.Item>
            <Form.Item name="bookedOn" label={t("receipts.booked")} rules={[required]}><Input placeholder="YYYY-MM-DD" maxLength={10} /></Form.Item>
            <Form.Item name="amount" label={t("amount")} rules={[required]}><Input inputMode="decimal" /></Form.Item>
            <Form.Item name="payer" label={t("receipts.payer")} rules={[required]}><Input maxLength={100} /></Form.Item>
            <Form.Item name="remark" label={t("receipts.remark")}><Input maxLength={300} /></Form.Item>
          </ResourceForm>
        </Modal>
      )}
    </Page>
  );
}
