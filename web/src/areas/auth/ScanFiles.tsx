import { DeleteOutlined, FileOutlined, UploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { send, type StoredFile } from "../../api/client";
import { asProblem, type ApiProblem } from "../../api/problem";
import { ProblemText } from "../../ui/ProblemText";
import css from "./auth.module.css";

interface Props {
  /** Keys of uploaded files. Given by Form.Item. */
  value?: string[];
  onChange?: (keys: string[]) => void;
  id?: string;
  label: string;
}

const most = 5;

/** Scans of a certificate: private files that only the own account and the reviewers open. */
export function ScanFiles({ value = [], onChange, id, label }: Props) {
  const { t } = useTranslation("people");
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [names, setNames] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    try {
      const form = new FormData();
      form.append("purpose", "licence");
      form.append("file", file);
      const stored = await send<StoredFile>("POST", "/api/v1/files", form);
      setNames({ ...names, [stored.key]: file.name });
      onChange?.([...value, stored.key]);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={css.scans}>
      {value.map((key, index) => (
        <span key={key}>
          <FileOutlined aria-hidden /> {names[key] ?? t("real_name.scan", { number: index + 1 })}{" "}
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("real_name.remove_scan", { number: index + 1 })} onClick={() => onChange?.(value.filter((one) => one !== key))} />
        </span>
      ))}
      <input ref={input} id={id} type="file" className="visually-hidden" accept="image/png,image/jpeg,application/pdf" aria-label={label} disabled={busy}
        onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
      {value.length < most && <Button icon={<UploadOutlined />} loading={busy} onClick={() => input.current?.click()}>{t("real_name.add_scan")}</Button>}
      <span className="faint">{t("real_name.scan_hint")}</span>
      {problem?.fields.map((field) => <span key={field.field} role="alert" className={css.fault}>{field.message}</span>)}
      {problem && problem.fields.length === 0 && <ProblemText error={problem} />}
    </div>
  );
}
