import { Alert, Button, Progress } from "antd";
import { useTranslation } from "react-i18next";
import css from "./integration.module.css";
import type { RunAllProgress } from "./runAll";

/** The bar of a run over several scenarios, and what came of it. */
export function RunAllProgressView({ progress, busy, onStop, onClose }: { progress: RunAllProgress; busy: boolean; onStop: () => void; onClose: () => void }) {
  const { t } = useTranslation("integration");
  if (busy) {
    return (
      <div className={css.progress} role="status">
        <span>{t("all.running", { name: progress.current, done: progress.done, total: progress.total })}</span>
        <Progress percent={Math.round((progress.done / Math.max(1, progress.total)) * 100)} size="small" aria-label={t("all.progress")} {...(progress.failed.length > 0 ? { status: "exception" as const } : {})} />
        <Button size="small" onClick={onStop}>{t("all.stop")}</Button>
      </div>
    );
  }
  const clean = progress.failed.length === 0;
  return (
    <Alert className={css.gap!} showIcon role="status" type={!clean ? "error" : progress.stopped ? "info" : "success"} closable={{ onClose }}
      title={progress.stopped ? t("all.stopped", { done: progress.done, total: progress.total, passed: progress.passed }) : t("all.done", { total: progress.total, passed: progress.passed })}
      description={clean ? undefined : t("all.failed", { names: progress.failed.join(", ") })} />
  );
}
