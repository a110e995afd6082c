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

/** The scenarios of a generation by interface, each with its state; on phones the phone's own choice field. */
export function ScenarioList({ scenarios, current, onChoose }: Props) {
  const { t } = useTranslation("integration");
  const narrow = useNarrow();
  const groups = groupScenarios(scenarios);
  if (narrow) {
    return (
      <div className={css.scenarioSelect}>
        <label htmlFor="scenario">{t("scenarios.title")}</label>
        <select id="scenario" value={current} onChange={(event) => onChoose(event.target.value)}>
          {groups.map((group) => (
            <optgroup key={group.activity} label={group.activity}>
              {group.scenarios.map((one) => <option key={one.key} value={one.key}>{one.title} · {t(`state.case.${caseState(one.case)}`)}</option>)}
            </optgroup>
          ))}
        </select>
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
