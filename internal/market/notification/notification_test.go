package notification_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/job"
	"jishi/internal/base/page"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
)

type bundle struct {
	*testing.T
	ctx context.Context
	d   *db.DB
	s   *notification.Store
	set *settings.Store
}

func run(t *testing.T, fn func(b *bundle)) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		box, err := secret.NewBox(secret.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		set := &settings.Store{DB: d}
		fn(&bundle{T: t, ctx: context.Background(), d: d, set: set, s: &notification.Store{DB: d, Box: box, Settings: set}})
	})
}

func (b *bundle) update(fn func(tx *db.Tx) error) {
	b.Helper()
	if err := b.d.Update(b.ctx, fn); err != nil {
		b.Fatal(err)
	}
}

func (b *bundle) mail() {
	b.Helper()
	b.update(func(tx *db.Tx) error {
		return b.s.Mail(b.ctx, tx, notification.To{Address: "lin@example.com", Name: "Lin"}, i18n.EN, "verify", notification.Args{"link": "https://shop.example/verify#secret"})
	})
}

func (b *bundle) letter() notification.Letter {
	b.Helper()
	p, err := b.s.Mails(b.ctx, b.d, notification.MailFilter{}, page.Query{})
	if err != nil || len(p.Items) != 1 {
		b.Fatalf("%+v %v", p, err)
	}
	return p.Items[0]
}

// flaky is a mail server that refuses the first letters.
type flaky struct {
	mu       sync.Mutex
	refusals int
	got      []string
}

func (f *flaky) Send(_ context.Context, from, to notification.To, messageID string, r notification.Rendered) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refusals > 0 {
		f.refusals--
		return errors.New("451 try again later")
	}
	f.got = append(f.got, from.Address+" "+to.Address+" "+r.Subject+" "+r.Body)
	return nil
}

func (b *bundle) smtp(f *flaky) {
	b.Helper()
	b.update(func(tx *db.Tx) error {
		site := settings.Default()
		site.Mail = settings.Mail{Mode: "smtp", Host: "mx.example", Port: 587, TLS: "starttls", FromAddress: "shop@example.com"}
		return b.set.SaveSite(b.ctx, tx, 0, site)
	})
	b.s.Dial = func(settings.Mail, string) notification.Transport { return f }
}

// work runs a runner with the given pauses until the letter has left or is given up.
func (b *bundle) work(schedule ...time.Duration) {
	b.Helper()
	done := make(chan struct{}, 1)
	kinds := b.s.Jobs()
	mail := kinds[0]
	kinds[0].Schedule = schedule
	kinds[0].Handler = func(ctx context.Context, j job.Job) error {
		err := mail.Handler(ctx, j)
		if err == nil {
			done <- struct{}{}
		}
		return err
	}
	kinds[0].Dead = func(ctx context.Context, tx *db.Tx, j job.Job) error {
		defer func() { done <- struct{}{} }()
		return mail.Dead(ctx, tx, j)
	}
	ctx, cancel := context.WithCancel(b.ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		(&job.Runner{DB: b.d, Log: slog.New(slog.DiscardHandler), Kinds: kinds}).Run(ctx)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		b.Error("the letter is still under way")
	}
	cancel()
	<-ended // waits for the running handler
}

func TestMailIsTriedAgain(t *testing.T) {
	run(t, func(b *bundle) {
		server := &flaky{refusals: 2}
		b.smtp(server)
		b.mail()
		if l := b.letter(); l.State != notification.MailWaiting {
			b.Errorf("%+v", l)
		}
		b.work(0, 0, 0)
		if len(server.got) != 1 || !strings.Contains(server.got[0], "shop@example.com lin@example.com Verify your e-mail address for Jishi") ||
			!strings.Contains(server.got[0], "https://shop.example/verify#secret") || strings.Contains(server.got[0], "{") {
			b.Errorf("%q", server.got)
		}
		if l := b.letter(); l.State != notification.MailSent || l.Attempts != 3 || l.SentAt.IsZero() || l.LastError != "" {
			b.Errorf("%+v", l)
		}
	})
}

func TestMailIsGivenUpAndRevived(t *testing.T) {
	run(t, func(b *bundle) {
		server := &flaky{refusals: 2}
		b.smtp(server)
		b.mail()
		b.work(0)
		if l := b.letter(); l.State != notification.MailFailed || !strings.Contains(l.LastError, "451") {
			b.Errorf("%+v", l)
		}
		jobs, err := job.List(b.ctx, b.d, "dead", notification.MailJob, page.Query{})
		if err != nil || len(jobs.Items) != 1 {
			b.Fatalf("%+v %v", jobs, err)
		}
		b.update(func(tx *db.Tx) error { return job.Revive(b.ctx, tx, jobs.Items[0].ID) })
		b.work(0)
		if l := b.letter(); l.State != notification.MailSent {
			b.Errorf("%+v", l)
		}
	})
}

func TestWithoutAServerMailsAreKept(t *testing.T) {
	run(t, func(b *bundle) {
		b.mail()
		args, err := db.One[string](b.ctx, b.d, "select args from mails")
		if err != nil || strings.Contains(args, "secret") {
			b.Error("a link is stored readably", err)
		}
		jobs, err := job.List(b.ctx, b.d, "ready", notification.MailJob, page.Query{})
		if err != nil || len(jobs.Items) != 1 || strings.Contains(jobs.Items[0].Args, "secret") {
			b.Fatalf("%+v %v", jobs, err)
		}
		b.update(func(tx *db.Tx) error {
			_, err := db.Exec(b.ctx, tx, "update jobs set state = 'running', attempt = 1 where id = $1", jobs.Items[0].ID)
			return err
		})
		jobs.Items[0].Attempt = 1
		if err := b.s.SendMail(b.ctx, jobs.Items[0]); err != nil {
			b.Fatal(err)
		}
		l := b.letter()
		if l.State != notification.MailKept {
			b.Errorf("%+v", l)
		}
		_, r, err := b.s.Read(b.ctx, b.d, l.ID)
		if err != nil || !strings.HasPrefix(r.Body, "Hello Lin,") || !strings.Contains(r.Body, "https://shop.example/verify#secret") {
			b.Errorf("%+v %v", r, err)
		}
		if _, _, err := b.s.Read(b.ctx, b.d, "mail_other"); !errs.Is(err, "mail.not_found") {
			b.Error(err)
		}
	})
}

func TestMessages(t *testing.T) {
	run(t, func(b *bundle) {
		post := func(m notification.Message) {
			b.Helper()
			m.Class, m.Code = notification.ClassReview, "realname_verified"
			m.Args = notification.Args{"realName": i18n.Text{ZH: "竹艺", EN: "Bamboo"}}
			b.update(func(tx *db.Tx) error { return b.s.Post(b.ctx, tx, m) })
		}
		post(notification.Message{AccountID: "acc_1"})
		post(notification.Message{AccountID: "acc_1", Permission: access.OrderRead, Link: "/buyer/orders"})
		post(notification.Message{AccountID: "acc_2"})
		post(notification.Message{Permission: access.RealNameReview})
		post(notification.Message{Permission: access.TopUpConfirm})

		all := access.Caller{Kind: "user", UserID: "usr_1", AccountID: "acc_1", Permissions: []access.Permission{access.OrderRead, access.BalanceRead}}
		few := access.Caller{Kind: "user", UserID: "usr_2", AccountID: "acc_1"}
		ops := access.Caller{Kind: "operator", UserID: "opr_1", Permissions: []access.Permission{access.RealNameReview}}
		see := func(c access.Caller, total, unread int) {
			b.Helper()
			p, err := b.s.Messages(b.ctx, b.d, c, i18n.EN, notification.ItemFilter{}, page.Query{Limit: 1})
			n, err2 := b.s.Unread(b.ctx, b.d, c)
			if err != nil || err2 != nil || p.Total != total || n != unread {
				b.Errorf("%s sees %d, unread %d, %v %v; want %d, %d", c.UserID, p.Total, n, err, err2, total, unread)
			}
		}
		see(all, 2, 2)
		p, err := b.s.Messages(b.ctx, b.d, all, i18n.EN, notification.ItemFilter{}, page.Query{})
		if err != nil {
			b.Fatal(err)
		}
		if p.Items[0].Link == "" { // two of one millisecond stand in any order
			p.Items[0] = p.Items[1]
		}
		if i := p.Items[0]; i.Title != "Real name confirmed" || i.Body != "Confirmed name: Bamboo" || i.Link != "/buyer/orders" || i.Read {
			b.Errorf("%+v", i)
		}
		see(few, 1, 1)
		see(ops, 1, 1)
		b.update(func(tx *db.Tx) error { return b.s.MarkRead(b.ctx, tx, all, p.Items[0].ID) })
		b.update(func(tx *db.Tx) error { return b.s.MarkRead(b.ctx, tx, all, p.Items[0].ID) })
		see(all, 2, 1)
		for _, c := range []access.Caller{few, ops, {Kind: "user", UserID: "usr_3", AccountID: "acc_2"}} {
			if err := b.d.Update(b.ctx, func(tx *db.Tx) error { return b.s.MarkRead(b.ctx, tx, c, p.Items[0].ID) }); !errs.Is(err, "message.not_found") {
				b.Errorf("%s: %v", c.UserID, err)
			}
		}
		b.update(func(tx *db.Tx) error { return b.s.MarkAllRead(b.ctx, tx, all) })
		see(all, 2, 0)
		see(few, 1, 1)
		post(notification.Message{AccountID: "acc_1"})
		see(all, 3, 1)
		q, err := b.s.Messages(b.ctx, b.d, all, i18n.ZH, notification.ItemFilter{Class: "review", Unread: true}, page.Query{})
		if err != nil || q.Total != 1 || q.Items[0].Title != "实名认证已通过" {
			b.Errorf("%+v %v", q, err)
		}
		if err := b.d.Update(b.ctx, func(tx *db.Tx) error {
			return b.s.Post(b.ctx, tx, notification.Message{AccountID: "acc_1", Class: "gossip", Code: "realname_verified"})
		}); err == nil {
			b.Error("an unknown class was taken")
		}
		purge := func() (more bool) {
			b.update(func(tx *db.Tx) (err error) {
				more, err = b.s.Purge(b.ctx, tx)
				return err
			})
			return more
		}
		if purge() {
			b.Error("nothing is old, but more is left")
		}
		see(all, 3, 1)
		b.update(func(tx *db.Tx) error {
			for i := range 501 { // each of them read by somebody
				id := fmt.Sprintf("msg_old_%d", i)
				if _, err := db.Exec(b.ctx, tx, `insert into messages (id, account_id, class, code, created_at) values ($1, 'acc_1', 'review', 'realname_verified', 1)`, id); err != nil {
					return err
				}
				if _, err := db.Exec(b.ctx, tx, `insert into message_reads (message_id, reader_id, read_at) values ($1, 'usr_1', 1)`, id); err != nil {
					return err
				}
			}
			return nil
		})
		if !purge() || purge() {
			b.Error("501 old messages are two batches")
		}
		see(all, 3, 1)
		if n, err := db.One[int](b.ctx, b.d, `select count(*) from message_reads where message_id like 'msg_old_%'`); err != nil || n != 0 {
			b.Errorf("%d marks of messages that are gone, %v", n, err)
		}
	})
}
