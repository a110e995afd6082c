import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get, type Page } from "../../api/client";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { Time } from "../../ui/Time";
import { isOpen, type ServiceCall } from "./call";
import { CallTag } from "./CallTag";
import { PlainTable } from "./PlainTable";
import { callsPath } from "./side";

const shown = 20;

/** The newest calls to the seller about one purchased service, for operators. `onEnd` hears when one of them has ended. */
export function InstanceCalls({ instanceId, onEnd }: { instanceId: string; onEnd: () => unknown }) {
  const { t } = useTranslation("trade");
  const { t: life } = useTranslation("lifecycle");
  const { data, error, refetch } = useQuery({
    queryKey: ["instance-calls", instanceId], queryFn: ({ signal }) => get<Page<ServiceCall>>(callsPath.operator, { q: instanceId, limit: shown }, signal),
    refetchInterval: (query) => (query.state.data?.items.some((call) => isOpen(call.state)) ? 2000 : 10_000),
  });
  const open = data?.items.filter((call) => isOpen(call.state)).length ?? 0;
  const before = useRef(open);
  useEffect(() => {
    if (open < before.current) onEnd();
    before.current = open;
  }, [open, onEnd]);
  return (
    <Panel title={life("detail.calls")} extra={<Link to={`/operator/deliveries?q=${instanceId}`}>{life("detail.all_calls")}</Link>}>
      {error && !data && <PageError error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && <p className="faint">{life("detail.no_calls")}</p>}
      {data && data.items.length > 0 && (
        <PlainTable label={life("detail.calls")} rows={data.items} rowKey={(call) => call.id} columns={[
          { key: "activity", title: t("calls.activity"), render: (call) => <><Link to={`/operator/deliveries/${call.id}`} className="mono">{call.activity}</Link><div className="faint">{t(`purpose.${call.purpose}`)}</div></> },
          { key: "attempts", title: t("calls.attempts"), render: (call) => call.attempts },
          { key: "created", title: t("calls.created"), render: (call) => <Time at={call.createdAt} detail="second" /> },
          { key: "state", title: t("calls.state"), render: (call) => <><CallTag state={call.state} nextAt={call.nextAt} />{call.problem && <div className="faint">{call.problem.message}</div>}</> },
        ]} />
      )}
    </Panel>
  );
}
