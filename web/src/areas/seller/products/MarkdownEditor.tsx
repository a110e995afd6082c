import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { send, type StoredFile } from "../../../api/client";
import { MarkdownView } from "../../../ui/MarkdownView";
import { ProblemText, useProblemText } from "../../../ui/ProblemText";
import { asProblem } from "../../../api/problem";
import css from "./products.module.css";

interface Props {
  /** Given by Form.Item. */
  value?: string;
  onChange?: (value: string) => void;
  id?: string;
  label: string;
  lang: "zh" | "en";
  /** Pictures may be uploaded and put in. */
  pictures?: boolean;
  maxLength?: number;
}

/** A Markdown text with the server's own preview, and pictures put in where the cursor stands. */
export function MarkdownEditor({ value = "", onChange, id, label, lang, pictures = false, maxLength }: Props) {
  const { t } = useTranslation("catalogue");
  const text = useProblemText();
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLTextAreaElement | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const preview = useMutation({
    mutationFn: () => send<{ html: string }>("POST", "/api/v1/seller/markdown", { text: value }),
    onSuccess: (answer) => setShown(answer.html),
  });
  const insert = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.append("purpose", "description");
      form.append("file", file);
      return send<StoredFile>("POST", "/api/v1/files", form);
    },
    onSuccess: (file) => {
      const at = box.current?.selectionStart ?? value.length;
      onChange?.(`${value.slice(0, at)}\n\n![](${file.url})\n\n${value.slice(at)}`);
    },
  });
  const refusal = insert.error ? asProblem(insert.error) : null;
  return (
    <div>
      <div className={css.markdownTools}>
        <Button size="small" loading={preview.isPending} onClick={() => (shown === null ? preview.mutate() : setShown(null))}>{t(shown === null ? "markdown.preview" : "markdown.edit")}</Button>
        {pictures && <>
          <input ref={input} type="file" className="visually-hidden" accept="image/png,image/jpeg" aria-label={t("markdown.picture")} tabIndex={-1}
            onChange={(event) => { const file = event.target.files?.[0]; if (file) insert.mutate(file); event.target.value = ""; }} />
          <Button size="small" loading={insert.isPending} onClick={() => input.current?.click()}>{t("markdown.picture")}</Button>
        </>}
      </div>
      {shown === null
        ? <Input.TextArea id={id} aria-label={label} lang={lang === "zh" ? "zh-CN" : "en"} rows={14} value={value} showCount {...(maxLength ? { maxLength } : {})}
            ref={(area) => { box.current = area?.resizableTextArea?.textArea ?? null; }} onChange={(event) => onChange?.(event.target.value)} />
        : <div className={css.previewBox}><MarkdownView html={shown} lang={lang} /></div>}
      {preview.error && <ProblemText error={preview.error} />}
      {refusal && <span role="alert" className={css.fault}>{refusal.fields[0]?.message ?? text(refusal)}</span>}
    </div>
  );
}
