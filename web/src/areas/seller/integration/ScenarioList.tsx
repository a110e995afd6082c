import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { StateTag } from "../../../ui/StateTag";
import { useNarrow } from "../../../ui/useNarrow";
import { caseState, type Scenario } from "./integration";
import css from "./integration.module.css";
import { groupScenarios } from "./scenarios";

interface Props {
  scenarios: Scenario[];
  current: string;
  onChoose: (key: string) => void;
}

/** The scenarios of a generation by interface, each with its state; on phones a choice field. */
export function ScenarioList({ scenarios, current, onChoose }: Props) {
  const { t } = useTranslation("integration");
  const narrow = useNarrow();
  const groups = groupScenarios(scenarios);
  if (narrow) {
    return (
      <div className={css.scenarioSelect}>
        <label htmlFor="scenario">{t("scenarios.title")}</label>
        <Select id="scenario" value={current} onChange={onChoose} listHeight={400} virtual={false}
          options={groups.map((group) => ({ label: group.activity, title: group.activity, options: group.scenarios.map((one) => ({ value: one.key, label: `${one.title} · ${t(`state.case.${caseState(one.case)}`)}` })) }))} />
      </div>
    );
  }
  return (
    <nav aria-label={t("scenarios.title")} className={css.scenarios}>
      {groups.map((group) => (
        <section key={group.activity} aria-labelledby={`group-${group.activity}`}>
          <h3 id={`group-${group.activity}`} className="mono">{group.activity}</h3>
          <ul>
            {group.scenarios.map((one) => (
              <li key={one.key}>
                <button type="button" className={css.scenario} aria-current={one.key === current ? "true" : undefined} onClick={() => onChoose(one.key)}>
                  <span>{one.title}</span> <StateTag kind="case" state={caseState(one.case)} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
