package isvapp

import (
	"errors"
	"log/slog"
	"net"
	"time"

	"jishi/isv"
	"jishi/wire/saas"
)

// ProductionPath is the path of the production interface under the application's address.
const ProductionPath = "/produceAPI"

// Config says how an application runs. Data is required, and so is at least one key.
type Config struct {
	Listener net.Listener // where Run serves; closed when it ends
	Listen   string       // host:port for Run, used when Listener is nil
	Data     string       // folder, created with mode 0700
	V1Key    string       // "" = V1 is not served
	V2Key    string       // "" = V2 is not served
	// GeneralKey signs order notices; "" = they are refused.
	GeneralKey string
	Name       string // shown on the pages
	// PublicURL is the address buyers and marketplace use; delivered access data begin with it. Run derives it from the
	// listener when it is blank, a caller who serves Handler himself must set it.
	PublicURL string
	// AdminPassword opens /admin; blank = a random one, made once per folder, see App.AdminPassword.
	AdminPassword string
	// ReadyAfter is how long provisioning takes. Above zero, V2 newInstance answers 000004 and queryInstance does so too
	// until the instance is ready; V1 always provisions at once.
	ReadyAfter time.Duration
	// Orders reads what V2 calls do not say: product, customer, quantity and expiry. nil = V2 instances show none of them.
	Orders *isv.Client
	Faults Faults
	Logger *slog.Logger     // default slog.Default()
	Now    func() time.Time // default time.Now
}

// Faults make the application misbehave on purpose, for demonstrations and tests. The zero value behaves.
type Faults struct {
	Activity  saas.Activity // only calls of this activity, "" = all
	FailFirst int           // the first calls since the start fail with Code
	Always    bool          // all calls fail with Code
	Code      string        // default 000005
	Delay     time.Duration // before each answer, ended early when the caller hangs up
	// AfterWork lets newInstance do its work before it fails: the instance exists, the marketplace does not know it.
	AfterWork bool
}

func (c *Config) check() error {
	if c.Data == "" {
		return errors.New("isvapp: no data folder")
	}
	if c.V1Key == "" && c.V2Key == "" {
		return errors.New("isvapp: no key, neither of V1 nor of V2")
	}
	if c.Name == "" {
		c.Name = "Sample Board"
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Faults.Code == "" {
		c.Faults.Code = saas.CodeInternal
	}
	return nil
}
