import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asCurl, hexDump, pretty, type Call, type SignaturePart } from "./call";
import css from "./CallView.module.css";
import { CopyButton } from "./CopyText";
import { Time } from "./Time";

type Form = "pretty" | "raw" | "bytes";

/** A protocol call: request and answer side by side, bodies readable, raw or as bytes, and what was signed. */
export function CallView({ call, signature }: { call: Call; signature?: SignaturePart[] }) {
  const { t } = useTranslation();
  const [form, setForm] = useState<Form>("pretty");
  const query = parametersOf(call.url);
  return (
    <div>
      <div className={css.bar}>
        <span className="faint"><Time at={call.startedAt} detail="second" /> · {t("call.duration", { ms: call.durationMs })}</span>
        <span className={css.tools}>
          <Segmented<Form> size="small" value={form} onChange={setForm} aria-label={t("call.form")}
            options={[{ value: "pretty", label: t("call.pretty") }, { value: "raw", label: t("call.raw") }, { value: "bytes", label: t("call.bytes") }]} />
          <CopyButton text={asCurl(call)} label={t("call.copy_curl")} />
        </span>
      </div>
      <div className={css.sides}>
        <section className={css.side} aria-label={t("call.request")}>
          <h3>{t("call.request")}</h3>
          <p className={css.line}><strong>{call.method}</strong> <span className="mono">{call.url}</span></p>
          {query.length > 0 && <Pairs title={t("call.parameters")} pairs={query} />}
          <Pairs title={t("call.headers")} pairs={Object.entries(call.requestHeaders)} />
          <Body body={call.requestBody} form={form} />
        </section>
        <section className={css.side} aria-label={t("call.answer")} data-failed={!!call.error || call.status >= 400}>
          <h3>{t("call.answer")}</h3>
          {call.status > 0 && <p className={css.line}><strong>HTTP {call.status}</strong></p>}
          {call.error && <p className={css.failure}>{call.error}</p>}
          {call.status === 0 && !call.error && <p className="faint">{t("call.no_answer")}</p>}
          {call.status > 0 && <Pairs title={t("call.headers")} pairs={Object.entries(call.responseHeaders)} />}
          {call.status > 0 && <Body body={call.responseBody} form={form} />}
        </section>
      </div>
      {signature && signature.length > 0 && (
        <section className={css.signature} aria-label={t("call.signature")}>
          <h3>{t("call.signature")}</h3>
          <ol>
            {signature.map((part) => <li key={part.name}><strong>{part.name}</strong> <code>{part.value}</code><p className="faint">{part.meaning}</p></li>)}
          </ol>
        </section>
      )}
    </div>
  );
}

function parametersOf(url: string): [string, string][] {
  try {
    return [...new URL(url).searchParams];
  } catch {
    return [];
  }
}

function Pairs({ title, pairs }: { title: string; pairs: [string, string][] }) {
  if (pairs.length === 0) return null;
  return (
    <details className={css.pairs} open={pairs.length <= 12}>
      <summary>{title} ({pairs.length})</summary>
      <dl>{pairs.map(([name, value], index) => <div key={`${name} ${index}`}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </details>
  );
}

function Body({ body, form }: { body: string; form: Form }) {
  const { t } = useTranslation();
  if (!body) return <p className="faint">{t("call.no_body")}</p>;
  const text = form === "pretty" ? pretty(body) : form === "raw" ? body : hexDump(body);
  return (
    <div className={css.body}>
      <span className={css.copy}><CopyButton text={body} /></span>
      <pre tabIndex={0} aria-label={t("call.body")} data-form={form}>{text}</pre>
    </div>
  );
}
