package orders

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/subscription"
)

// InstanceView is a purchased service in a list.
type InstanceView struct {
	ID           string     `json:"id"`
	OrderID      string     `json:"orderId"`
	ProductID    string     `json:"productId"`
	ProductName  string     `json:"productName"`
	SpecName     string     `json:"specName"`
	SellerID     string     `json:"sellerId"`
	DeliveryType string     `json:"deliveryType"`
	ChargingMode string     `json:"chargingMode"`
	PeriodType   string     `json:"periodType"`
	PeriodNumber int        `json:"periodNumber"`
	State        string     `json:"state"`
	ExternalID   string     `json:"externalId" doc:"The seller's instance id"`
	AccessState  string     `json:"accessState" doc:"none, ready, partly (user name or password unreadable), by_seller (delivered by the seller himself)"`
	StartedAt    *time.Time `json:"startedAt,omitempty"`
	ExpiresAt    *time.Time `json:"expiresAt,omitempty"`
	CreatedAt    time.Time  `json:"createdAt"`
	Trial        bool       `json:"trial"`

	Chosen []chosenView `json:"chosen" doc:"Attributes and quantity that it has now"`

	EndedAt      *time.Time `json:"endedAt,omitempty" doc:"When it was released or unsubscribed"`
	Frozen       bool       `json:"frozen" doc:"By an operator, for a violation"`
	FrozenAt     *time.Time `json:"frozenAt,omitempty"`
	FrozenReason string     `json:"frozenReason"`
}

func instanceOf(l i18n.Lang, in subscription.Instance) InstanceView {
	return InstanceView{ID: in.ID, OrderID: in.OrderID, ProductID: in.ProductID, ProductName: in.ProductName.In(l), SpecName: in.SpecName.In(l),
		SellerID: in.SellerID, DeliveryType: "saas", ChargingMode: in.ChargingMode, PeriodType: in.PeriodType, PeriodNumber: in.PeriodNumber,
		State: string(in.State), ExternalID: in.ExternalID, AccessState: string(in.AccessState), StartedAt: at(in.StartedAt),
		ExpiresAt: at(in.ExpiresAt), CreatedAt: in.CreatedAt, EndedAt: at(in.EndedAt), Frozen: in.Frozen, FrozenAt: at(in.FrozenAt), FrozenReason: in.FrozenReason,
		Trial: in.Trial, Chosen: chosenOf(l, in.Chosen)}
}

type instanceDetail struct {
	InstanceView
	Access     *accessView         `json:"access,omitempty" doc:"Access data with user name and password masked"`
	AccessAt   *time.Time          `json:"accessAt,omitempty" doc:"When the seller last gave the access data"`
	Steps      []subscription.Step `json:"steps"`
	SellerName string              `json:"sellerName"`
	Policy     policyView          `json:"policy" doc:"What happens at the expiry"`
	Contact    contactView         `json:"contact" doc:"The seller's customer service"`
}

type contactView struct {
	Phone string `json:"phone"`
	Email string `json:"email"`
}

type accessView struct {
	FrontEndURL string `json:"frontEndUrl"`
	AdminURL    string `json:"adminUrl"`
	UserName    string `json:"userName"`
	Password    string `json:"password"`
	Memo        string `json:"memo"`
}

const mask = "••••••••"

func masked(d subscription.AccessData) *accessView {
	if d == (subscription.AccessData{}) {
		return nil
	}
	v := accessView{FrontEndURL: safeURL(d.FrontEndURL), AdminURL: safeURL(d.AdminURL), Memo: d.Memo}
	if d.UserName != "" {
		_, size := utf8.DecodeRuneInString(d.UserName)
		v.UserName = d.UserName[:size] + mask
	}
	if d.Password != "" {
		v.Password = mask
	}
	return &v
}

// safeURL keeps a seller's link from being anything but a website.
func safeURL(u string) string {
	if low := strings.ToLower(u); strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://") {
		return u
	}
	return ""
}

type sellerCard struct {
	Name  i18n.Text `db:"name"`
	Phone string    `db:"service_phone"`
	Email string    `db:"service_email"`
}

const sqlSellerCard = `select name, service_phone, service_email from sellers where id = $1`

type instanceID struct {
	ID string `path:"id"`
}

type refreshedInstance struct {
	Asked    bool           `json:"asked" doc:"The seller was asked now; false within a minute of the last time"`
	Fresh    bool           `json:"fresh" doc:"The seller answered now"`
	Instance instanceDetail `json:"instance"`
}

func registerInstances(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/instances", ID: "list-instances", Tag: "Buying", Need: access.InstanceRead, Summary: "List purchased services"},
		func(ctx context.Context, in *struct {
			console.ListInput
			State string `query:"state" required:"false"`
			Q     string `query:"q" required:"false" doc:"Order number, instance id, or a part of the product's name"`
		}) (page.Page[InstanceView], error) {
			p, err := d.Subscriptions.List(ctx, c.DB, subscription.Filter{AccountID: console.CallerFrom(ctx).AccountID,
				State: subscription.State(in.State), Text: strings.TrimSpace(in.Q)}, in.Page())
			return page.Map(p, func(x subscription.Instance) InstanceView { return instanceOf(console.LangFrom(ctx), x) }), err
		})
	console.Read(c, console.Op{Path: "/instances/{id}", ID: "get-instance", Tag: "Buying", Need: access.InstanceRead, Summary: "Show a purchased service"},
		func(ctx context.Context, in *instanceID) (out instanceDetail, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = d.instance(ctx, q, in.ID)
				return err
			})
			return out, err
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/instances/{id}/refresh", ID: "refresh-instance", Tag: "Buying", Need: access.InstanceRead,
		Summary: "Ask the seller's server for the access data, at most once a minute"},
		func(ctx context.Context, in *instanceID) (out refreshedInstance, err error) {
			if out.Asked, out.Fresh, err = d.Trade.RefreshAccess(ctx, console.CallerFrom(ctx).AccountID, in.ID); err != nil {
				return out, err
			}
			err = c.DB.View(ctx, func(q db.Querier) error {
				out.Instance, err = d.instance(ctx, q, in.ID)
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/instances/{id}/reveal", ID: "reveal-credentials", Tag: "Buying",
		Need: access.InstanceCredentials, Recent: true, Secret: true, Summary: "Show user name and password; written to the audit log"},
		func(ctx context.Context, tx *db.Tx, in *instanceID) (accessView, error) {
			x, err := d.Subscriptions.Find(ctx, tx, in.ID, console.CallerFrom(ctx).AccountID)
			if err != nil {
				return accessView{}, err
			}
			data, err := d.Subscriptions.Access(x)
			if err != nil {
				return accessView{}, err
			}
			return accessView{FrontEndURL: safeURL(data.FrontEndURL), AdminURL: safeURL(data.AdminURL), UserName: data.UserName, Password: data.Password, Memo: data.Memo},
				audit.Record(ctx, tx, audit.Entry{Action: "instance.reveal", Object: "instance", ObjectID: x.ID, AccountID: x.AccountID})
		})
}

func (d Deps) instance(ctx context.Context, q db.Querier, id string) (instanceDetail, error) {
	l := console.LangFrom(ctx)
	x, err := d.Subscriptions.Find(ctx, q, id, console.CallerFrom(ctx).AccountID)
	if err != nil {
		return instanceDetail{}, err
	}
	out := instanceDetail{InstanceView: instanceOf(l, x), Policy: policyOf(x), AccessAt: at(x.AccessAt)}
	data, err := d.Subscriptions.Access(x)
	if err != nil {
		return out, err
	}
	out.Access = masked(data)
	if out.Steps, err = d.Subscriptions.Steps(ctx, q, id); err != nil {
		return out, err
	}
	s, err := db.One[sellerCard](ctx, q, sqlSellerCard, x.SellerID)
	out.SellerName, out.Contact = s.Name.In(l), contactView{Phone: s.Phone, Email: s.Email}
	return out, err
}
