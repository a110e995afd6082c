package seller_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/secret"
	"jishi/internal/market/seller"
)

var today = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)

// bundle is a store on a fresh database with one verified account that has uploaded its files.
type bundle struct {
	t           *testing.T
	d           *db.DB
	s           *seller.Store
	ctx         context.Context
	account     string
	development bool
	uses        map[string]int // products per address
	notices     []seller.Notice
}

func newBundle(t *testing.T, d *db.DB) *bundle {
	t.Helper()
	d.SetClock(clock.NewManual(today))
	box, err := secret.NewBox(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{t: t, d: d, account: "acc_1", uses: map[string]int{}}
	b.ctx = audit.WithActor(context.Background(), audit.Actor{Kind: "user", ID: "usr_1", AccountID: b.account, Name: "owner"})
	b.s = &seller.Store{
		Box:         box,
		Development: func(context.Context) (bool, error) { return b.development, nil },
		Uses:        func(_ context.Context, _ db.Querier, addressID string) (int, error) { return b.uses[addressID], nil },
		Notify: func(_ context.Context, _ *db.Tx, n seller.Notice) error {
			b.notices = append(b.notices, n)
			return nil
		},
	}
	b.addAccount(b.account, "verified")
	return b
}

type accountRow struct {
	ID        string    `db:"id"`
	Kind      string    `db:"kind"`
	Name      string    `db:"name"`
	State     string    `db:"real_name_state"`
	RealName  string    `db:"real_name"`
	Hint      string    `db:"real_name_hint"`
	CreatedAt time.Time `db:"created_at"`
}

type fileRow struct {
	Key       string    `db:"key"`
	AccountID string    `db:"account_id"`
	Purpose   string    `db:"purpose"`
	Private   bool      `db:"private"`
	Name      string    `db:"name"`
	Type      string    `db:"content_type"`
	Size      int64     `db:"size"`
	SHA256    string    `db:"sha256"`
	CreatedAt time.Time `db:"created_at"`
}

func (b *bundle) addAccount(id, realName string) {
	b.t.Helper()
	b.update(func(tx *db.Tx) error {
		return db.Insert(b.ctx, tx, "accounts", accountRow{id, "company", "云杉软件", realName, "云杉软件有限公司", "904X", today})
	})
	b.addFile(fileRow{Key: id + "-logo.png", AccountID: id, Purpose: "logo", Type: "image/png", Size: 1000})
	b.addFile(fileRow{Key: id + "-licence.pdf", AccountID: id, Purpose: "licence", Private: true, Type: "application/pdf", Size: 1000})
}

func (b *bundle) addFile(f fileRow) {
	b.t.Helper()
	f.Name, f.SHA256, f.CreatedAt = f.Key, "00", today
	b.update(func(tx *db.Tx) error { return db.Insert(b.ctx, tx, "files", f) })
}

func (b *bundle) update(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.d.Update(b.ctx, fn); err != nil {
		b.t.Fatal(err)
	}
}

// in runs fn in a transaction and hands out its error.
func in[T any](b *bundle, fn func(tx *db.Tx) (T, error)) (T, error) {
	var out T
	err := b.d.Update(b.ctx, func(tx *db.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	return out, err
}

func must[T any](b *bundle, fn func(tx *db.Tx) (T, error)) T {
	b.t.Helper()
	out, err := in(b, fn)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func form(account string) seller.Form {
	return seller.Form{
		Name: i18n.Text{ZH: "云杉软件", EN: "Spruce Software"}, Website: "https://www.spruce.example",
		LogoKey: account + "-logo.png", Founded: "2019-03-01", Years: "5_10", Staff: "50_199",
		Capital:      seller.Capital{Amount: "1000000", Currency: "CNY"},
		Contact:      seller.Contact{Name: "商务联系人", Phone: "+86 10 5555 0100", Email: "business@spruce.example"},
		Address:      seller.Address{Country: "CN", Province: "浙江省", City: "杭州市", Detail: "文三路 100 号 3 楼", Postcode: "310000"},
		ServicePhone: "400-555-0100", ServiceEmail: "service@spruce.example", LicenceKey: account + "-licence.pdf",
		Introduction: i18n.Text{
			ZH: strings.Repeat("专注企业协同与客户管理软件。", 5),
			EN: "We build collaboration and customer management software for companies of every size.",
		},
	}
}

var agreements = []string{"cooperation", "management"}
var allChecks = []string{"lawful", "age", "capital", "staff", "service_hours", "website", "address"}

func (b *bundle) draft(account string, f seller.Form) seller.Application {
	b.t.Helper()
	return must(b, func(tx *db.Tx) (seller.Application, error) { return b.s.SaveDraft(b.ctx, tx, account, f) })
}

func (b *bundle) submit(a seller.Application) (seller.Application, error) {
	return in(b, func(tx *db.Tx) (seller.Application, error) {
		return b.s.Submit(b.ctx, tx, seller.SubmitInput{AccountID: a.AccountID, ApplicationID: a.ID, Agreements: agreements})
	})
}

func (b *bundle) approve(a seller.Application) (seller.Application, error) {
	return in(b, func(tx *db.Tx) (seller.Application, error) {
		return b.s.Approve(b.ctx, tx, seller.Decision{ApplicationID: a.ID, Reviewer: "opr_1", Checks: allChecks})
	})
}

// admitted makes the account a seller and returns the seller's id.
func (b *bundle) admitted(account string) string {
	b.t.Helper()
	a, err := b.submit(b.draft(account, form(account)))
	if err == nil {
		a, err = b.approve(a)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return a.SellerID
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if !errs.Is(err, code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

// fieldCodes are the faults of an "invalid" error by path.
func fieldCodes(err error) map[string]string {
	out := map[string]string{}
	if e, ok := errs.As(err); ok {
		for _, f := range e.Fields {
			out[f.Path] = f.Code
		}
	}
	return out
}
