import { useTranslation } from "react-i18next";
import { CopyButton } from "../../../ui/CopyText";
import type { Generation, WireRequest } from "./integration";
import css from "./integration.module.css";

/** The signed request as text: a link for V1, a command for V2. */
export function GeneratedRequest({ request, generation }: { request: WireRequest; generation: Generation }) {
  const { t } = useTranslation("integration");
  const link = generation === "v1";
  const text = link ? request.url : request.command;
  const title = t(link ? "generated.link" : "generated.command");
  return (
    <section className={css.generated} aria-label={title}>
      <div className={css.generatedHead}><h3>{title}</h3><CopyButton text={text} label={t(link ? "generated.copy_link" : "generated.copy_command")} /></div>
      <pre tabIndex={0} role="group" aria-label={title}>{text}</pre>
      <p className="faint">{t(`generated.hint_${generation}`)}</p>
    </section>
  );
}
