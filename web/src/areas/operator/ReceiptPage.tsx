import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { get, send, type Page as Listed } from "../../api/client";
import { CopyText } from "../../ui/CopyText";
import { DetailPage } from "../../ui/DetailPage";
import { Money } from "../../ui/Money";
import { Panel } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { PlainTable } from "../trade/PlainTable";
import { receiptsPath, type Candidate, type Receipt } from "./receipt";

interface Detail extends Receipt {
  candidates: Candidate[];
}

type Deed = { kind: "credit"; candidate?: Candidate } | { kind: "link"; candidate: Candidate } | { kind: "return" };

/** One incoming transfer: whose it may be, and what is decided about it. */
export function ReceiptPage() {
  const { t } = useTranslation("online");
  const { id = "" } = useParams();
  const client = useQueryClient();
  const [deed, setDeed] = useState<Deed | null>(null);
  const { data: one, error, refetch } = useQuery({ queryKey: ["receipt", id], queryFn: ({ signal }) => get<Detail>(`${receiptsPath}/${encodeURIComponent(id)}`, undefined, signal) });
  const open = one?.state === "unmatched";
  return (
    <DetailPage title={one && t("receipts.one", { reference: one.bankReference })} error={error} onRetry={() => void refetch()} back={{ to: "/operator/receipts", label: t("receipts.title") }}
      state={one && <StateTag kind="receipt" state={one.state} />}
      facts={one && [
        { label: t("amount"), value: <Money amount={one.amount} currency={one.currency} /> },
        { label: t("receipts.booked"), value: one.bookedOn },
        { label: t("receipts.payer"), value: one.payer },
        { label: t("receipts.reference"), value: <CopyText text={one.bankReference} /> },
        { label: t("receipts.remark"), value: one.remark || "–", wide: true },
        ...(one.accountId ? [{ label: t("items.account"), value: <Link to={`/operator/accounts/${one.accountId}`}>{one.accountName}</Link> }] : []),
        ...(one.topUpNumber ? [{ label: t("receipts.topup"), value: <Link to={`/operator/topups?q=${one.topUpNumber}`} className="mono">{one.topUpNumber}</Link> }] : []),
        ...(one.rule ? [{ label: t("receipts.rule"), value: t(`receipts.rule_${one.rule}`) }] : []),
        ...(one.decidedAt ? [{ label: t("receipts.decided"), value: <Time at={one.decidedAt} detail="second" /> }] : []),
        ...(one.reason ? [{ label: t("attempts.reason"), value: one.reason, wide: true }] : []),
      ]}
      actions={open && <><Button type="primary" onClick={() => setDeed({ kind: "credit" })}>{t("receipts.credit")}</Button><Button danger onClick={() => setDeed({ kind: "return" })}>{t("receipts.return")}</Button></>}>
      {one && open && (
        <Panel title={t("receipts.candidates")}>
          {one.candidates.length === 0 ? <p className="faint">{t("receipts.no_candidates")}</p> : (
            <PlainTable label={t("receipts.candidates")} rows={one.candidates} rowKey={(row) => row.accountId + row.topUpId} columns={[
              { key: "account", title: t("items.account"), render: (row) => <Link to={`/operator/accounts/${row.accountId}`}>{row.accountName}</Link> },
              { key: "topup", title: t("receipts.topup"), render: (row) => <span className="mono">{row.topUpNumber || "–"}</span> },
              { key: "rule", title: t("receipts.rule"), render: (row) => <>{t(`receipts.rule_${row.rule}`)}{row.thirdParty && <><br /><strong>{t("receipts.third_party")}</strong></>}</> },
              { key: "act", title: "", align: "right", render: (row) => (row.rule === "already"
                ? <Button size="small" onClick={() => setDeed({ kind: "link", candidate: row })}>{t("receipts.link")}</Button>
                : <Button size="small" type="primary" onClick={() => setDeed({ kind: "credit", candidate: row })}>{t("receipts.credit")}</Button>) },
            ]} />
          )}
        </Panel>
      )}
      {one && deed && <DeedDialog receipt={one} deed={deed} onClose={() => setDeed(null)} onDone={(now) => { client.setQueryData(["receipt", id], now); setDeed(null); }} />}
    </DetailPage>
  );
}

function DeedDialog({ receipt, deed, onClose, onDone }: { receipt: Receipt; deed: Deed; onClose: () => void; onDone: (now: Detail) => void }) {
  const { t } = useTranslation("online");
  const candidate = deed.kind === "return" ? undefined : deed.candidate;
  const required = { required: true, whitespace: true, message: t("form.required") };
  const third = deed.kind === "credit" && (!candidate || candidate.thirdParty);
  return (
    <Modal open title={t(`receipts.${deed.kind}`)} footer={null} destroyOnHidden onCancel={onClose}>
      <p className="soft" style={{ marginBottom: 16 }}>{t(`receipts.${deed.kind}_hint`, { payer: receipt.payer })}</p>
      {third && <Alert type="warning" showIcon style={{ marginBottom: 16 }} title={t("receipts.third_party_hint", { payer: receipt.payer })} />}
      <ResourceForm<Record<string, unknown>, Detail> guard={false} submitLabel={t(`receipts.${deed.kind}`)} onCancel={onClose}
        submit={(values, key) => send<Detail>("POST", `${receiptsPath}/${receipt.id}/${deed.kind}`, { ...(candidate ? { accountId: candidate.accountId, topUpId: candidate.topUpId } : {}), ...values, ...(deed.kind === "link" ? { accountId: undefined } : {}) }, key)}
        onDone={onDone}>
        {deed.kind === "credit" && !candidate && <Form.Item name="accountId" label={t("items.account")} rules={[{ required: true, message: t("form.required") }]}><AccountSelect /></Form.Item>}
        {deed.kind === "return" && <Form.Item name="reference" label={t("receipts.return_reference")} rules={[required]}><Input maxLength={64} /></Form.Item>}
        <Form.Item name="reason" label={t("attempts.reason")} rules={[required]}><Input.TextArea rows={2} maxLength={400} /></Form.Item>
        {third && <Form.Item name="agreement" valuePropName="checked"><Checkbox>{t("receipts.agreement")}</Checkbox></Form.Item>}
      </ResourceForm>
    </Modal>
  );
}

/** Finds an account by its name. */
function AccountSelect({ value, onChange }: { value?: string; onChange?: (id: string) => void }) {
  const { t } = useTranslation("online");
  const [q, setQ] = useState("");
  const { data } = useQuery({ queryKey: ["accounts-named", q], queryFn: ({ signal }) => get<Listed<{ id: string; name: string }>>("/api/v1/operator/accounts", { q, limit: 20 }, signal) });
  return <Select showSearch={{ filterOption: false, onSearch: setQ }} value={value} onChange={onChange} placeholder={t("receipts.find_account")} options={(data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))} />;
}
