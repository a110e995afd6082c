import { Alert, Button, Form, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { ResourceForm } from "../../ui/ResourceForm";
import { headsOf, receiptsPath } from "./receipt";

interface Imported {
  taken: number;
  credited: number;
  known: number;
  outgoing: number;
  faults: { line: number; message: string }[];
}

const columns = ["date", "amount", "payer", "reference", "remark"] as const;
type Columns = Record<(typeof columns)[number], string>;

/** Banks write UTF-8 or, in China, GB 18030. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Imports a bank's statement: choose the file, name its columns, read what came of it. */
export function ImportDialog({ onClose, onDone }: { onClose: () => void; onDone: () => Promise<void> }) {
  const { t } = useTranslation("online");
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [result, setResult] = useState<Imported | null>(null);
  const heads = file ? headsOf(file.text) : [];
  return (
    <Modal open title={t("receipts.import")} footer={null} width={640} destroyOnHidden onCancel={onClose}>
      <p className="soft">{t("receipts.import_hint")}</p>
      <p style={{ margin: "16px 0" }}>
        <label>{t("receipts.file")} <input type="file" accept=".csv,.txt,text/csv" onChange={async (event) => {
          const chosen = event.target.files?.[0];
          setResult(null);
          setFile(chosen ? { name: chosen.name, text: await textOf(chosen) } : null);
        }} /></label>
      </p>
      {file && heads.length === 0 && <Alert type="error" showIcon title={t("receipts.no_heads")} />}
      {file && heads.length > 0 && !result && (
        <ResourceForm<Columns, Imported> guard={false} submitLabel={t("receipts.import")} onCancel={onClose}
          submit={(values, key) => send<Imported>("POST", `${receiptsPath}/import`, { name: file.name, text: file.text, columns: { ...values, remark: values.remark ?? "" } }, key)}
          onDone={async (done) => { setResult(done); await onDone(); }}>
          {columns.map((one) => (
            <Form.Item key={one} name={one} label={t(`receipts.column_${one}`)} rules={one === "remark" ? [] : [{ required: true, message: t("form.required") }]}>
              <Select allowClear={one === "remark"} options={heads.map((head) => ({ value: head, label: head }))} />
            </Form.Item>
          ))}
        </ResourceForm>
      )}
      {result && (
        <div role="status">
          <Alert type={result.faults.length > 0 ? "warning" : "success"} showIcon title={t("receipts.imported", { taken: result.taken, credited: result.credited, known: result.known, outgoing: result.outgoing })} />
          {result.faults.length > 0 && (
            <>
              <p style={{ marginTop: 16 }}>{t("receipts.faults")}</p>
              <ul style={{ maxHeight: 240, overflow: "auto" }} tabIndex={0}>{result.faults.map((one) => <li key={one.line}>{t("receipts.line", { line: one.line })} {one.message}</li>)}</ul>
            </>
          )}
          <Button style={{ marginTop: 16 }} onClick={onClose}>{t("action.close")}</Button>
        </div>
      )}
    </Modal>
  );
}
