import { FileOutlined, UploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { send, type StoredFile } from "../../api/client";
import { asProblem, type ApiProblem } from "../../api/problem";
import { ProblemText } from "../../ui/ProblemText";
import { fileUrl } from "./application";
import css from "./seller.module.css";

interface Props {
  /** The file's key, as the API keeps it. Given by Form.Item. */
  value?: string;
  onChange?: (key: string) => void;
  id?: string;
  label: string;
  hint: string;
  /** What the server checks the file as: "logo", "licence". */
  purpose: string;
  accept: string[];
  /** Public pictures are shown; private papers are only named. */
  picture?: boolean;
  disabled?: boolean;
}

/** One uploaded file of an application. The server finds out what it is by looking into it. */
export function FileField({ value = "", onChange, id, label, hint, purpose, accept, picture = false, disabled = false }: Props) {
  const { t } = useTranslation("sellers");
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    try {
      const form = new FormData();
      form.append("purpose", purpose);
      form.append("file", file);
      const stored = await send<StoredFile>("POST", "/api/v1/files", form);
      setName(file.name);
      onChange?.(stored.key);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={css.file}>
      {picture && value && <img src={fileUrl(value)} alt={label} className={css.logo} />}
      {!picture && value && <span><FileOutlined aria-hidden /> {name || t("form.uploaded")}</span>}
      <input ref={input} id={id} type="file" className="visually-hidden" accept={accept.join(",")} aria-label={label} disabled={disabled || busy}
        onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
      <Button icon={<UploadOutlined />} loading={busy} disabled={disabled} onClick={() => input.current?.click()}>{t(value ? "form.replace_file" : "form.choose_file")}</Button>
      <span className="faint">{hint}</span>
      {problem?.fields.map((field) => <span key={field.field} role="alert" className={css.fault}>{field.message}</span>)}
      {problem && problem.fields.length === 0 && <ProblemText error={problem} />}
    </div>
  );
}
