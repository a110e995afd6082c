// Package testpay is a payment gateway for play: it behaves like an outside company and moves no
// money. The browser goes to a page of its own (/testpay/…), where a visitor says what is to
// happen: paid at once, paid with a late, a doubled or a lost notice, paid by somebody who closes
// the window, failed, or left. Notices are signed and go over HTTP to the marketplace's address.
//
// It exists in demos and sandboxes only: New refuses anything else, and nothing of it is served
// there. Its books (tables testpay_*) are those that the outside company would keep; the
// marketplace reads them through the calls of gateway.Gateway alone.
package testpay

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/base/outbound"
	"jishi/internal/base/secret"
	"jishi/internal/market/payment/gateway"
)

// Name is the gateway's name.
const Name = "testpay"

// Server is the gateway: what the marketplace calls, and the pages and notices of the company.
type Server struct {
	db     *db.DB
	box    *secret.Box
	client *outbound.Client
	post   Post
	log    *slog.Logger
	origin string
	path   string // the path of origin with Path
}

// Post hands a signed notice to the marketplace and gives its answer.
type Post func(ctx context.Context, to string, header http.Header, body []byte) (status int, answer []byte, err error)

// Config is what a Server is made of.
type Config struct {
	Play   bool // a demo or a sandbox
	DB     *db.DB
	Box    *secret.Box
	Client *outbound.Client
	// Post takes the notices on their way; nil sends them over the network. A sandbox, which lets in
	// nobody without a session, takes them without one.
	Post   Post
	Log    *slog.Logger
	Origin string // under which browsers reach /testpay/; it may end with a path
}

// ErrNoPlay is what New answers outside of demos and sandboxes.
var ErrNoPlay = errors.New("testpay: play money is for demos and sandboxes only")

// New makes the gateway; ErrNoPlay where real money moves.
func New(c Config) (*Server, error) {
	if !c.Play {
		return nil, ErrNoPlay
	}
	s := &Server{db: c.DB, box: c.Box, client: c.Client, post: c.Post, log: c.Log, origin: c.Origin, path: Path}
	if u, err := url.Parse(c.Origin); err == nil {
		s.path = u.Path + Path
	}
	if s.post == nil {
		s.post = s.overTheNetwork
	}
	return s, nil
}

// Name implements gateway.Gateway; so do all methods of this file.
func (s *Server) Name() string { return Name }

// Title is what buyers see.
func (s *Server) Title() i18n.Text {
	return i18n.Text{ZH: "测试支付（不产生真实付款）", EN: "Test payment (no real money)"}
}

// Play says that no money moves.
func (s *Server) Play() bool { return true }

type account struct {
	ID        string       `db:"id"`
	Number    string       `db:"number"`
	Amount    money.Amount `db:"amount"`
	Currency  string       `db:"currency"`
	Subject   string       `db:"subject"`
	State     string       `db:"state"` // waiting, succeeded, failed, closed
	ReturnURL string       `db:"return_url"`
	NotifyURL string       `db:"notify_url"`
	Refunded  money.Amount `db:"refunded"`
	CreatedAt time.Time    `db:"created_at"`
	ExpiresAt time.Time    `db:"expires_at"`
	ClosedAt  time.Time    `db:"closed_at"`
}

const columns = `id, number, amount, currency, subject, state, return_url, notify_url, refunded, created_at, expires_at, closed_at`
const sqlByNumber = `select ` + columns + ` from testpay_payments where number = $1`
const sqlByID = `select ` + columns + ` from testpay_payments where id = $1`

// Create opens a payment, once per number.
func (s *Server) Create(ctx context.Context, o gateway.Order) (gateway.Created, error) {
	a := account{ID: id.New("tp"), Number: o.Number, Amount: o.Amount, Currency: o.Currency, Subject: o.Subject, State: "waiting",
		ReturnURL: o.ReturnURL, NotifyURL: o.NotifyURL, CreatedAt: clock.Wall{}.Now(), ExpiresAt: o.ExpiresAt}
	err := s.db.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.makeKey(ctx, tx); err != nil {
			return err
		}
		if _, err := db.InsertIfAbsent(ctx, tx, "testpay_payments", a); err != nil {
			return err
		}
		var err error
		a, err = db.One[account](ctx, tx, sqlByNumber, o.Number)
		return err
	})
	return gateway.Created{Reference: a.ID, Redirect: s.origin + Path + a.ID}, err
}

// Query tells how a payment stands.
func (s *Server) Query(ctx context.Context, number string) (gateway.State, error) {
	a, found, err := db.Maybe[account](ctx, s.db, sqlByNumber, number)
	if err != nil || !found {
		return gateway.State{Number: number, Status: gateway.Unknown}, err
	}
	return a.report(""), nil
}

func (a account) report(event string) gateway.State {
	return gateway.State{Number: a.Number, Reference: a.ID, Status: gateway.Status(a.State), Amount: a.Amount, Currency: a.Currency, Event: event}
}

const sqlEnd = `update testpay_payments set state = $1, closed_at = $2 where id = $3 and state = 'waiting'`

// Close ends a payment that waits.
func (s *Server) Close(ctx context.Context, number string) error {
	return s.db.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, found, err := db.Maybe[account](ctx, tx, sqlByNumber, number)
		if err != nil || !found {
			return err
		}
		_, err = db.Exec(ctx, tx, sqlEnd, "closed", clock.Wall{}.Now(), a.ID)
		return err
	})
}

const sqlGiveBack = `update testpay_payments set refunded = refunded + $1 where number = $2 and state = 'succeeded' and refunded + $1 <= amount`

// Refund gives an amount back, once per number of the refund.
func (s *Server) Refund(ctx context.Context, r gateway.Refund) error {
	return s.db.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, found, err := db.Maybe[account](ctx, tx, sqlByNumber, r.Payment)
		if err != nil {
			return err
		}
		if !found || r.Amount <= 0 || r.Currency != a.Currency {
			return fmt.Errorf("%w: no such payment", gateway.ErrDeclined)
		}
		fresh, err := db.InsertIfAbsent(ctx, tx, "testpay_refunds", struct {
			Number    string       `db:"number"`
			PaymentID string       `db:"payment_id"`
			Amount    money.Amount `db:"amount"`
			At        time.Time    `db:"at"`
		}{r.Number, a.ID, r.Amount, clock.Wall{}.Now()})
		if err != nil || !fresh {
			return err
		}
		n, err := db.Exec(ctx, tx, sqlGiveBack, r.Amount, r.Payment)
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: more than was paid", gateway.ErrDeclined)
		}
		return err
	})
}

// message is the body of a notice.
type message struct {
	Event     string       `json:"event"`
	Number    string       `json:"number"`
	Reference string       `json:"reference"`
	Status    string       `json:"status"`
	Amount    money.Amount `json:"amount"`
	Currency  string       `json:"currency"`
}

// Headers of a notice. The signature is HMAC-SHA256 over timestamp, a dot and the body.
const (
	HeaderTimestamp = "Testpay-Timestamp"
	HeaderSignature = "Testpay-Signature"
)

// fresh is how far the clock of a notice may be off: a recorded one is refused afterwards.
const fresh = 10 * time.Minute

// Sign is the signature of a notice.
func Sign(key []byte, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// ReadNotice checks and reads a notice; gateway.ErrForged.
func (s *Server) ReadNotice(ctx context.Context, header http.Header, body []byte) (gateway.State, error) {
	key, err := s.Key(ctx)
	if err != nil {
		return gateway.State{}, err
	}
	stamp := header.Get(HeaderTimestamp)
	if !hmac.Equal([]byte(Sign(key, stamp, body)), []byte(header.Get(HeaderSignature))) {
		return gateway.State{}, gateway.ErrForged
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || (clock.Wall{}).Now().Sub(time.Unix(seconds, 0)).Abs() > fresh {
		return gateway.State{}, gateway.ErrForged
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		return gateway.State{}, gateway.ErrForged
	}
	return gateway.State{Number: m.Number, Reference: m.Reference, Status: gateway.Status(m.Status), Amount: m.Amount, Currency: m.Currency, Event: m.Event}, nil
}

// AnswerNotice is what the company waits for.
func (s *Server) AnswerNotice(w http.ResponseWriter, taken bool) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if !taken {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "fail")
		return
	}
	fmt.Fprint(w, "success")
}

const keyContext = "testpay_keys.key:jishi"
const sqlKey = `select key from testpay_keys where id = 'jishi'`

type keyRow struct {
	ID  string `db:"id"`
	Key string `db:"key"`
}

// makeKey draws the key of notices with the first payment.
func (s *Server) makeKey(ctx context.Context, tx *db.Tx) error {
	if _, found, err := db.Maybe[string](ctx, tx, sqlKey); err != nil || found {
		return err
	}
	var b [32]byte
	rand.Read(b[:])
	sealed, err := s.box.Seal([]byte(base64.StdEncoding.EncodeToString(b[:])), keyContext)
	if err != nil {
		return err
	}
	_, err = db.InsertIfAbsent(ctx, tx, "testpay_keys", keyRow{"jishi", sealed})
	return err
}

// Key is what notices are signed with; without one there was no payment yet, and every notice is
// forged.
func (s *Server) Key(ctx context.Context) ([]byte, error) {
	sealed, found, err := db.Maybe[string](ctx, s.db, sqlKey)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, gateway.ErrForged
	}
	return s.box.Open(sealed, keyContext)
}
