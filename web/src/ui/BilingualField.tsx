import { Form, Input } from "antd";
import type { Rule } from "antd/es/form";
import { useTranslation } from "react-i18next";
import css from "./form/ResourceForm.module.css";

interface Props {
  /** The form name of the {zh, en} object: `name` or `["specs", 0, "name"]`. */
  name: string | (string | number)[];
  label: string;
  /** Both languages, or the named one only. */
  required?: boolean | "zh" | "en";
  maxLength?: number;
  /** Above one: a text area. */
  rows?: number;
  hint?: string;
}

/** A text in Chinese and English side by side. Server errors of `name.zh` stand under the Chinese box. */
export function BilingualField({ name, label, required = false, maxLength, rows = 1, hint }: Props) {
  const { t } = useTranslation();
  const path = Array.isArray(name) ? name : [name];
  return (
    <div className={css.bilingual}>
      {(["zh", "en"] as const).map((lang) => {
        const needed = required === true || required === lang;
        const rules: Rule[] = needed ? [{ required: true, whitespace: true, message: t("form.required") }] : [];
        const common = { lang: lang === "zh" ? "zh-CN" : "en", ...(maxLength ? { maxLength, showCount: true } : {}) };
        return (
          <Form.Item key={lang} name={[...path, lang]} rules={rules} required={needed} extra={hint}
            label={<>{label}&nbsp;<span className={css.langTag}>{t(`lang.${lang}`)}</span></>}>
            {rows > 1 ? <Input.TextArea rows={rows} {...common} /> : <Input {...common} />}
          </Form.Item>
        );
      })}
    </div>
  );
}
