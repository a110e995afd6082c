package catalog

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
)

// Category is a node of the tree (类目). Products stand in leaves only. Version is sent
// back with a change.
type Category struct {
	ID        string    `db:"id" json:"id"`
	ParentID  string    `db:"parent_id" json:"parentId"`
	Name      i18n.Text `db:"name" json:"name"`
	Position  int       `db:"position" json:"position"`
	Version   int64     `db:"version" json:"version"`
	CreatedAt time.Time `db:"created_at" json:"-"`
	UpdatedAt time.Time `db:"updated_at" json:"-"`
}

// CategoryInput is what an editor sends. ParentID is empty for a top category.
type CategoryInput struct {
	ParentID string
	Name     i18n.Text
	Position int
}

// maxCategories and maxDepth bound the tree, which is read as a whole.
const (
	maxCategories = 500
	maxDepth      = 3
)

const categoryColumns = `id, parent_id, name, position, version, created_at, updated_at`

const sqlCategories = `select ` + categoryColumns + ` from categories order by parent_id, position, id limit 500`

// Categories is the whole tree in one query, parents in any order, siblings by position.
func (*Store) Categories(ctx context.Context, q db.Querier) ([]Category, error) {
	return db.List[Category](ctx, q, sqlCategories)
}

const sqlCategoryUse = `select count(*) from products where category_id = $1 and state <> 'delisted'`

// CreateCategory adds a node. A parent that holds products is "catalog.category_in_use"
// (Conflict): they would no longer stand in a leaf.
func (s *Store) CreateCategory(ctx context.Context, tx *db.Tx, in CategoryInput) (Category, error) {
	c := Category{ID: id.New("cat"), ParentID: in.ParentID, Name: in.Name.Trim(), Position: in.Position, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	if err := s.checkCategory(ctx, tx, c); err != nil {
		return c, err
	}
	if err := s.takesChildren(ctx, tx, c.ParentID); err != nil {
		return c, err
	}
	if err := db.Insert(ctx, tx, "categories", c); err != nil {
		return c, err
	}
	return c, s.categoryDone(ctx, tx, "create", c)
}

func (s *Store) checkCategory(ctx context.Context, tx *db.Tx, c Category) error {
	all, err := s.Categories(ctx, tx)
	if err != nil {
		return err
	}
	var k errs.Check
	checkText(&k, "name", c.Name, 1, 40)
	byID, height, known := map[string]Category{}, 1, false
	for _, o := range all {
		byID[o.ID] = o
		known = known || o.ID == c.ID
		if o.ID != c.ID && o.ParentID == c.ParentID && (o.Name.ZH != "" && o.Name.ZH == c.Name.ZH || o.Name.EN != "" && o.Name.EN == c.Name.EN) {
			k.Add("name", "catalog.category_twice")
		}
	}
	byID[c.ID] = c
	for _, o := range all { // how deep does the moved branch reach below c
		if d := stepsUp(byID, o.ID, c.ID); d > 0 {
			height = max(height, d+1)
		}
	}
	if c.ParentID != "" {
		parent, ok := byID[c.ParentID]
		switch {
		case !ok:
			k.Add("parentId", "catalog.category_unknown")
		case parent.ID == c.ID || stepsUp(byID, parent.ID, c.ID) > 0:
			k.Add("parentId", "catalog.category_cycle")
		case stepsUp(byID, parent.ID, "")+height > maxDepth:
			k.Add("parentId", "catalog.category_depth", "max", maxDepth)
		}
	}
	if !known && len(all) >= maxCategories {
		k.Add("name", "catalog.too_many", "max", maxCategories)
	}
	return k.Err()
}

// takesChildren proves that no product stands in the node that becomes a parent.
func (s *Store) takesChildren(ctx context.Context, q db.Querier, parentID string) error {
	if parentID == "" {
		return nil
	}
	n, err := db.One[int](ctx, q, sqlCategoryUse, parentID)
	if err == nil && n > 0 {
		err = errs.Conflictf("catalog.category_in_use", "count", n)
	}
	return err
}

// stepsUp is how many parents lie between a node and its ancestor; the root is "". It is
// 0 when it is no ancestor.
func stepsUp(byID map[string]Category, from, ancestor string) int {
	for n := 1; n <= maxCategories; n++ {
		c, ok := byID[from]
		if !ok {
			return 0
		}
		if c.ParentID == ancestor {
			return n
		}
		from = c.ParentID
	}
	return 0
}

const sqlSetCategory = `update categories set parent_id = $1, name = $2, position = $3, version = version + 1, updated_at = $4 where id = $5 and version = $6`
const sqlCategory = `select ` + categoryColumns + ` from categories where id = $1`

// UpdateCategory renames or moves a node; an older version is "catalog.changed_meanwhile".
func (s *Store) UpdateCategory(ctx context.Context, tx *db.Tx, categoryID string, version int64, in CategoryInput) (Category, error) {
	c, err := s.category(ctx, tx, categoryID)
	if err != nil {
		return c, err
	}
	moved := c.ParentID != in.ParentID
	c.ParentID, c.Name, c.Position, c.UpdatedAt = in.ParentID, in.Name.Trim(), in.Position, tx.Now
	if err := s.checkCategory(ctx, tx, c); err != nil {
		return c, err
	}
	if moved {
		if err := s.takesChildren(ctx, tx, c.ParentID); err != nil {
			return c, err
		}
	}
	n, err := db.Exec(ctx, tx, sqlSetCategory, c.ParentID, c.Name, c.Position, c.UpdatedAt, c.ID, version)
	if err != nil {
		return c, err
	}
	if n == 0 {
		return c, errs.Conflictf("catalog.changed_meanwhile")
	}
	c.Version = version + 1
	return c, s.categoryDone(ctx, tx, "update", c)
}

const sqlCategoryChildren = `select count(*) from categories where parent_id = $1`
const sqlDropCategory = `delete from categories where id = $1`

// DeleteCategory removes an unused leaf. "catalog.category_in_use" and
// "catalog.category_has_children" are conflicts.
func (s *Store) DeleteCategory(ctx context.Context, tx *db.Tx, categoryID string) error {
	c, err := s.category(ctx, tx, categoryID)
	if err != nil {
		return err
	}
	if n, err := db.One[int](ctx, tx, sqlCategoryChildren, c.ID); err != nil || n > 0 {
		if err == nil {
			err = errs.Conflictf("catalog.category_has_children", "count", n)
		}
		return err
	}
	if n, err := db.One[int](ctx, tx, sqlCategoryUse, c.ID); err != nil || n > 0 {
		if err == nil {
			err = errs.Conflictf("catalog.category_in_use", "count", n)
		}
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlDropCategory, c.ID); err != nil {
		return err
	}
	return s.categoryDone(ctx, tx, "delete", c)
}

func (s *Store) category(ctx context.Context, q db.Querier, categoryID string) (Category, error) {
	c, ok, err := db.Maybe[Category](ctx, q, sqlCategory, categoryID)
	if err == nil && !ok {
		err = errs.NotFoundf("catalog.category_not_found")
	}
	return c, err
}

func (s *Store) categoryDone(ctx context.Context, tx *db.Tx, what string, c Category) error {
	if err := s.changed(ctx, tx, ""); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "category." + what, Object: "category", ObjectID: c.ID, Detail: c.Name})
}

type seed struct {
	zh, en string
	leaves [][2]string
}

var defaultTree = []seed{
	{"企业办公", "Office and collaboration", [][2]string{{"协同与即时通讯", "Collaboration and messaging"}, {"文档与知识管理", "Documents and knowledge"}, {"会议与日程", "Meetings and calendars"}, {"电子签约", "Electronic signature"}}},
	{"财务与税务", "Finance and tax", [][2]string{{"会计核算", "Accounting"}, {"费用报销", "Expenses"}, {"发票管理", "Invoicing"}}},
	{"人力资源", "Human resources", [][2]string{{"招聘", "Recruiting"}, {"考勤与薪酬", "Attendance and payroll"}, {"培训学习", "Learning"}}},
	{"客户与营销", "Customers and marketing", [][2]string{{"客户关系管理", "Customer relations"}, {"营销自动化", "Marketing automation"}, {"在线客服", "Customer service"}}},
	{"供应链与生产", "Supply chain and production", [][2]string{{"进销存", "Inventory"}, {"采购管理", "Procurement"}, {"生产执行", "Manufacturing execution"}, {"设备运维", "Equipment maintenance"}}},
	{"电商与零售", "Commerce and retail", [][2]string{{"网店管理", "Online shops"}, {"门店收银", "Point of sale"}, {"会员运营", "Loyalty"}}},
	{"数据与智能", "Data and intelligence", [][2]string{{"数据分析", "Analytics"}, {"人工智能应用", "AI applications"}, {"数据集成", "Data integration"}}},
	{"安全与合规", "Security and compliance", [][2]string{{"身份与访问", "Identity and access"}, {"安全防护", "Protection"}, {"审计合规", "Audit and compliance"}}},
	{"开发与运维", "Development and operations", [][2]string{{"研发管理", "Development management"}, {"监控与日志", "Monitoring and logs"}, {"测试工具", "Testing"}}},
	{"行业应用", "Industry applications", [][2]string{{"教育", "Education"}, {"医疗健康", "Health"}, {"建筑工程", "Construction"}, {"餐饮酒店", "Hospitality"}, {"物流", "Logistics"}}},
}

const sqlAnyCategory = `select count(*) from (select 1 from categories limit 1) as n`

// SeedCategories writes the default tree where there is none; the first start calls it.
// It is idempotent.
func (s *Store) SeedCategories(ctx context.Context, tx *db.Tx) error {
	n, err := db.One[int](ctx, tx, sqlAnyCategory)
	if err != nil || n > 0 {
		return err
	}
	put := func(parent string, position int, zh, en string) (string, error) {
		c := Category{ID: id.New("cat"), ParentID: parent, Name: i18n.Text{ZH: zh, EN: en}, Position: position, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		return c.ID, db.Insert(ctx, tx, "categories", c)
	}
	for i, top := range defaultTree {
		parent, err := put("", i+1, top.zh, top.en)
		if err != nil {
			return err
		}
		for j, leaf := range top.leaves {
			if _, err := put(parent, j+1, leaf[0], leaf[1]); err != nil {
				return err
			}
		}
	}
	return s.changed(ctx, tx, "")
}
