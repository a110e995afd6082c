import { DownOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, NavLink } from "react-router";
import { get } from "../api/client";
import { Disclosure } from "../ui/Disclosure";
import css from "./CategoryMenu.module.css";

/** A node of the category tree in the reader's language. */
export interface Category {
  id: string;
  name: string;
  productCount?: number;
  children?: Category[];
}

/** The category tree, kept for the whole visit; the storefront's pages share it. */
export function useCategories() {
  const { i18n } = useTranslation();
  return useQuery({
    queryKey: ["categories", i18n.language],
    queryFn: ({ signal }) => get<{ items: Category[] }>("/api/v1/storefront/categories", undefined, signal),
    staleTime: 300_000,
  });
}

/** The first level of categories in one quiet line, with the whole tree behind a button at its end. Without an answer the shop does without it. */
export function CategoryMenu() {
  const { t } = useTranslation();
  const { data, isError } = useCategories();
  if (isError) return null;
  return (
    <nav className={css.menu} aria-label={t("categories")}>
      <ul className={css.line}>
        {data?.items.map((category) => (
          <li key={category.id}><NavLink to={`/categories/${category.id}`} className={({ isActive }) => (isActive ? css.active : "")}>{category.name}</NavLink></li>
        ))}
      </ul>
      {data && data.items.length > 0 && (
        <Disclosure label={t("all_categories")} button={<span className={css.all}>{t("all")} <DownOutlined aria-hidden /></span>}>
          <ul className={css.tree}>
            {data.items.map((category) => (
              <li key={category.id}>
                <Link to={`/categories/${category.id}`}>{category.name}</Link>
                {(category.children ?? []).length > 0 && (
                  <ul>{category.children?.map((child) => <li key={child.id}><Link to={`/categories/${child.id}`}>{child.name}</Link></li>)}</ul>
                )}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </nav>
  );
}
