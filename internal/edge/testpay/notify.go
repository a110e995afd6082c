package testpay

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/job"
	"jishi/internal/base/outbound"
)

// JobKind is the job that delivers one notice.
const JobKind = "testpay.notify"

// Schedule are the pauses after which a notice that was not taken comes again.
var Schedule = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour}

type notice struct {
	Payment string `json:"payment"`
	Event   string `json:"event"`
}

// queue writes a notice that goes out after a while.
func queue(ctx context.Context, tx *db.Tx, a account, event string, after time.Duration) error {
	_, err := job.Enqueue(ctx, tx, job.New{Kind: JobKind, Args: notice{a.ID, event}, Ref: a.Number, RunAt: clock.Wall{}.Now().Add(after)})
	return err
}

// Deliver is the job's handler: it posts the notice and wants "success" for an answer. After the
// last pause the company gives up, as they do.
func (s *Server) Deliver(ctx context.Context, j job.Job) error {
	var n notice
	if err := j.Decode(&n); err != nil {
		return err
	}
	a, found, err := db.Maybe[account](ctx, s.db, sqlByID, n.Payment)
	if err != nil || !found {
		return err
	}
	err = s.send(ctx, a, n.Event)
	if err != nil && j.Attempt > len(Schedule) {
		s.log.Warn("testpay gives up a notice", "payment", a.ID, "error", err)
		return nil
	}
	return err
}

func (s *Server) send(ctx context.Context, a account, event string) error {
	body, header, err := s.signed(ctx, a, event)
	if err != nil {
		return err
	}
	status, answer, err := s.post(ctx, a.NotifyURL, header, body)
	if err != nil {
		return err
	}
	if status != http.StatusOK || string(answer) != "success" {
		return fmt.Errorf("testpay: the notice was not taken: %d", status)
	}
	return nil
}

// overTheNetwork is the way of notices outside of sandboxes.
func (s *Server) overTheNetwork(ctx context.Context, to string, header http.Header, body []byte) (int, []byte, error) {
	got, err := s.client.Do(ctx, outbound.Request{Method: http.MethodPost, URL: to, Header: header, Body: body, Timeout: 10 * time.Second, Development: true})
	return got.Status, got.Body, err
}

func (s *Server) signed(ctx context.Context, a account, event string) ([]byte, http.Header, error) {
	key, err := s.Key(ctx)
	if err != nil {
		return nil, nil, err
	}
	body, err := json.Marshal(message{Event: event, Number: a.Number, Reference: a.ID, Status: a.State, Amount: a.Amount, Currency: a.Currency})
	if err != nil {
		return nil, nil, err
	}
	stamp := strconv.FormatInt(clock.Wall{}.Now().Unix(), 10)
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set(HeaderTimestamp, stamp)
	header.Set(HeaderSignature, Sign(key, stamp, body))
	return body, header, nil
}
