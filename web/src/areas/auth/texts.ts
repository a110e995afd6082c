import { loadTexts } from "../../i18n";

/** Route loader of the pages about people, which stand in all areas and share their texts. */
export const peopleTexts = async (): Promise<null> => {
  await loadTexts("people", "factor");
  return null;
};
