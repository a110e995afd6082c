import { DeleteOutlined, PictureOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { upload, type StoredFile } from "../api/client";
import css from "./ImageUpload.module.css";
import { ProblemText } from "./ProblemText";

/** What a form keeps of an uploaded picture: the key goes to the server, the URL is for showing. */
export type Picture = Pick<StoredFile, "key" | "url">;

interface Props {
  /** Given by Form.Item. */
  value?: Picture | null;
  onChange?: (value: Picture | null) => void;
  id?: string;
  disabled?: boolean;
  /** MIME types; PNG and JPEG when left out. */
  accept?: string[];
  /** Bytes; 5 MB when left out. */
  maxBytes?: number;
  /** Said under the box: "120×120, PNG". */
  hint?: string;
  label: string;
  /** width / height of the preview box. */
  ratio?: number;
}

/** Uploads one picture at once and keeps its key as the form's value. The server checks kind and size again. */
export function ImageUpload({ value, onChange, id, disabled = false, accept = ["image/png", "image/jpeg"], maxBytes = 5 << 20, hint, label, ratio = 1 }: Props) {
  const { t } = useTranslation();
  const own = useId();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [refusal, setRefusal] = useState("");
  const inputId = id ?? own;

  const take = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    setRefusal("");
    if (!accept.includes(file.type)) return setRefusal(t("upload.wrong_type"));
    if (file.size > maxBytes) return setRefusal(t("upload.too_big", { limit: Math.floor(maxBytes / (1 << 20)) }));
    setBusy(true);
    try {
      const stored = await upload(file);
      onChange?.({ key: stored.key, url: stored.url });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={css.upload}>
      <div className={css.box} style={{ aspectRatio: String(ratio) }} data-busy={busy}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => { event.preventDefault(); if (!disabled) void take(event.dataTransfer.files[0]); }}>
        {value ? <img src={value.url} alt={label} /> : <PictureOutlined aria-hidden />}
      </div>
      <div className={css.side}>
        <input ref={input} id={inputId} type="file" accept={accept.join(",")} className="visually-hidden" disabled={disabled || busy} aria-label={label}
          onChange={(event) => { void take(event.target.files?.[0]); event.target.value = ""; }} />
        <span className={css.buttons}>
          <Button loading={busy} disabled={disabled} onClick={() => input.current?.click()}>{value ? t("upload.replace") : t("upload.choose")}</Button>
          {value && <Button type="text" disabled={disabled || busy} icon={<DeleteOutlined />} aria-label={t("upload.remove", { label })} onClick={() => onChange?.(null)} />}
        </span>
        {hint && <span className="faint">{hint}</span>}
        {refusal && <span role="alert" className={css.refusal}>{refusal}</span>}
        {problem !== null && <ProblemText error={problem} />}
      </div>
    </div>
  );
}
