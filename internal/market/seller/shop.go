package seller

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
)

// Shop is a seller as everybody sees it (店铺), in the reader's language.
type Shop struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	LogoKey      string         `json:"logoKey"`
	Introduction string         `json:"introduction"`
	Website      string         `json:"website"`
	CompanyName  string         `json:"companyName"`
	PreSales     PreSales       `json:"preSales"` // the registration contact's where none was set
	ServicePhone string         `json:"servicePhone"`
	ServiceEmail string         `json:"serviceEmail"`
	AfterSales   []ContactGroup `json:"afterSales"`
}

// Shop is the public page of an active seller; "seller.shop_not_found" for every other,
// so that a suspension cannot be told from a shop that never was.
func (s *Store) Shop(ctx context.Context, q db.Querier, sellerID string, l i18n.Lang) (Shop, error) {
	v, ok, err := db.Maybe[Seller](ctx, q, sqlSeller, sellerID)
	if err != nil {
		return Shop{}, err
	}
	if !ok || v.State != Active {
		return Shop{}, errs.NotFoundf("seller.shop_not_found")
	}
	groups, err := s.ContactGroups(ctx, q, sellerID)
	f := v.Form
	if f.PreSales.Phone == "" && f.PreSales.Email == "" {
		f.PreSales = PreSales{Phone: f.Contact.Phone, Email: f.Contact.Email}
	}
	return Shop{
		ID: v.ID, Name: v.Name.In(l), LogoKey: v.LogoKey, Introduction: f.Introduction.In(l), Website: f.Website,
		CompanyName: v.CompanyName, PreSales: f.PreSales, ServicePhone: v.ServicePhone, ServiceEmail: v.ServiceEmail, AfterSales: groups,
	}, err
}

// ContactGroup is an after-sales group (售后服务组), chosen per product at release.
type ContactGroup struct {
	ID       string `db:"id" json:"id" required:"false"`
	SellerID string `db:"seller_id" json:"-"`
	Position int    `db:"position" json:"-"`
	Name     string `db:"name" json:"name"`
	Phone    string `db:"phone" json:"phone"`
	Email    string `db:"email" json:"email"`
	Hours    string `db:"hours" json:"hours"`
}

// MaxContactGroups is how many after-sales groups a seller may have (B3).
const MaxContactGroups = 6

const sqlGroups = `select id, seller_id, position, name, phone, email, hours from seller_contact_groups where seller_id = $1 order by position, id`

// ContactGroups are the after-sales groups of a seller in their order.
func (s *Store) ContactGroups(ctx context.Context, q db.Querier, sellerID string) ([]ContactGroup, error) {
	return db.List[ContactGroup](ctx, q, sqlGroups, sellerID)
}

type groupRow struct {
	ContactGroup
	CreatedAt int64 `db:"created_at"`
}

const sqlGroupUpdate = `update seller_contact_groups set position = $1, name = $2, phone = $3, email = $4, hours = $5 where id = $6 and seller_id = $7`
const sqlGroupDelete = `delete from seller_contact_groups where id = $1 and seller_id = $2`

// SetContactGroups replaces the after-sales groups at once: an entry with an id keeps its
// group, one without makes a new one, a group not named goes. Errors: "invalid",
// "seller.not_found", "seller.group_not_found".
func (s *Store) SetContactGroups(ctx context.Context, tx *db.Tx, sellerID string, groups []ContactGroup) ([]ContactGroup, error) {
	v, err := s.Get(ctx, tx, sellerID)
	if err != nil {
		return nil, err
	}
	if err := checkGroups(groups); err != nil {
		return nil, err
	}
	present, err := s.ContactGroups(ctx, tx, sellerID)
	if err != nil {
		return nil, err
	}
	for _, old := range present {
		if slices.ContainsFunc(groups, func(g ContactGroup) bool { return g.ID == old.ID }) {
			continue
		}
		if _, err := db.Exec(ctx, tx, sqlGroupDelete, old.ID, sellerID); err != nil {
			return nil, err
		}
	}
	for i, g := range groups {
		g.SellerID, g.Position = sellerID, i
		if err := s.putGroup(ctx, tx, g); err != nil {
			return nil, err
		}
	}
	if err := audit.Record(ctx, tx, audit.Entry{Action: "seller.contact_groups", Object: "seller", ObjectID: sellerID, AccountID: v.AccountID}); err != nil {
		return nil, err
	}
	return s.ContactGroups(ctx, tx, sellerID)
}

func (s *Store) putGroup(ctx context.Context, tx *db.Tx, g ContactGroup) error {
	if g.ID == "" {
		g.ID = id.New("scg")
		return db.Insert(ctx, tx, "seller_contact_groups", groupRow{ContactGroup: g, CreatedAt: tx.Now.UnixMicro()})
	}
	n, err := db.Exec(ctx, tx, sqlGroupUpdate, g.Position, g.Name, g.Phone, g.Email, g.Hours, g.ID, g.SellerID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("seller.group_not_found")
	}
	return err
}

func checkGroups(groups []ContactGroup) error {
	var c errs.Check
	if len(groups) > MaxContactGroups {
		c.Add("groups", "seller.too_many_groups", "limit", MaxContactGroups)
	}
	for i := range groups {
		g, at := &groups[i], fmt.Sprintf("groups[%d].", i)
		g.Name, g.Phone, g.Email, g.Hours = strings.TrimSpace(g.Name), strings.TrimSpace(g.Phone), strings.TrimSpace(g.Email), strings.TrimSpace(g.Hours)
		c.Length(at+"name", g.Name, 2, 40)
		checkPhone(&c, at+"phone", g.Phone)
		checkEmail(&c, at+"email", g.Email)
		c.Length(at+"hours", g.Hours, 2, 80)
	}
	return c.Err()
}
