import { loadTexts } from "../../../i18n";

/** Route loader of the pages about products, which stand in two areas and share one file of texts. */
export const catalogueTexts = async (): Promise<null> => {
  await loadTexts("catalogue", "sellers", "template");
  return null;
};
