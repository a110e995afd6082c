import { ArrowLeftOutlined, ArrowRightOutlined, DeleteOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { send, type StoredFile } from "../../../api/client";
import { asProblem } from "../../../api/problem";
import { useProblemText } from "../../../ui/ProblemText";
import { fileUrl } from "./product";
import css from "./products.module.css";

interface Props {
  /** Keys in their order. Given by Form.Item. */
  value?: string[];
  onChange?: (keys: string[]) => void;
  id?: string;
  max: number;
}

/** The main pictures of a product in their order; the first stands on its card. */
export function PicturesField({ value = [], onChange, id, max }: Props) {
  const { t } = useTranslation("catalogue");
  const text = useProblemText();
  const input = useRef<HTMLInputElement>(null);
  const upload = useMutation({
    mutationFn: async (files: File[]) => {
      const keys = [...value];
      for (const file of files.slice(0, max - value.length)) {
        const form = new FormData();
        form.append("purpose", "picture");
        form.append("file", file);
        keys.push((await send<StoredFile>("POST", "/api/v1/files", form)).key);
        onChange?.([...keys]);
      }
    },
  });
  const move = (from: number, to: number) => {
    const keys = [...value];
    keys.splice(to, 0, ...keys.splice(from, 1));
    onChange?.(keys);
  };
  const problem = upload.error ? asProblem(upload.error) : null;
  return (
    <div className={css.stack}>
      <div className={css.pictures}>
        {value.map((key, index) => (
          <figure key={key} className={css.picture}>
            <img src={fileUrl(key)} alt={t("pictures.number", { number: index + 1 })} />
            <figcaption>
              <Button size="small" type="text" icon={<ArrowLeftOutlined />} disabled={index === 0} aria-label={t("pictures.forward", { number: index + 1 })} onClick={() => move(index, index - 1)} />
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("pictures.remove", { number: index + 1 })} onClick={() => onChange?.(value.filter((one) => one !== key))} />
              <Button size="small" type="text" icon={<ArrowRightOutlined />} disabled={index === value.length - 1} aria-label={t("pictures.backward", { number: index + 1 })} onClick={() => move(index, index + 1)} />
            </figcaption>
          </figure>
        ))}
      </div>
      <div>
        <input ref={input} id={id} type="file" multiple className="visually-hidden" accept="image/png,image/jpeg,image/gif" aria-label={t("field.pictures")}
          onChange={(event) => { upload.mutate([...(event.target.files ?? [])]); event.target.value = ""; }} />
        <Button loading={upload.isPending} disabled={value.length >= max} onClick={() => input.current?.click()}>{t("pictures.add")}</Button>
      </div>
      {problem && <span role="alert" className={css.fault}>{problem.fields[0]?.message ?? text(problem)}</span>}
    </div>
  );
}
