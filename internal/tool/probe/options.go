package probe

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/i18n"
	"jishi/internal/base/outbound"
	"jishi/wire/saas"
)

// Options are the flags of jishi probe. URL, a key and Generation are required.
type Options struct {
	URL          string        `name:"url" required:"" help:"Production address to check, complete with its path." placeholder:"URL" env:"JISHI_PROBE_URL"`
	Generation   string        `required:"" enum:"v1,v2" help:"Generation of the interface: v1 or v2." placeholder:"v1|v2" env:"JISHI_PROBE_GENERATION"`
	KeyFile      string        `help:"File with the access key, nothing else in it. Without it the variable JISHI_KEY is read." type:"path" placeholder:"FILE" env:"JISHI_PROBE_KEY_FILE"`
	Key          string        `hidden:"" env:"JISHI_KEY"`
	Scenario     []string      `help:"What to run: a scenario, an activity, a kind of product (period, one-time, on-demand, package) or checks; several times or separated by commas. Without it everything that every server should pass." placeholder:"NAME" env:"JISHI_PROBE_SCENARIO"`
	Format       string        `help:"Report as text, junit or json." enum:"text,junit,json" default:"text" env:"JISHI_PROBE_FORMAT"`
	Development  bool          `help:"Admit private networks, where any certificate will do, and IP addresses and http everywhere. The loopback network needs no flag." env:"JISHI_PROBE_DEVELOPMENT"`
	Timeout      time.Duration `help:"Time limit of one call, its answer included." default:"20s" env:"JISHI_PROBE_TIMEOUT"`
	ReadyTimeout time.Duration `help:"How long an instance may take that newInstance has answered with 000004." default:"1m" env:"JISHI_PROBE_READY_TIMEOUT"`
	EncryptType  string        `help:"V1: algorithm for newInstance.contact, 1 is AES-256 and 2 AES-128." enum:"1,2" default:"1" env:"JISHI_PROBE_ENCRYPT_TYPE"`

	Lang    i18n.Lang     `kong:"-"` // of the report; "" is English
	Version string        `kong:"-"` // sent as User-Agent
	Clock   clock.Clock   `kong:"-"` // nil is the wall clock
	Poll    time.Duration `kong:"-"` // between two queries for an instance in process; 0 is 2 s
}

// Languages are the variables that choose the language of a command's output, the strongest first.
var languages = []string{"LC_ALL", "LC_MESSAGES", "LANG"}

// Language is the reader's language by the environment: Chinese when the first variable that is set says so.
func Language(getenv func(string) string) i18n.Lang {
	for _, name := range languages {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "zh") {
				return i18n.ZH
			}
			return i18n.EN
		}
	}
	return i18n.EN
}

// maxKeyFile is the size in bytes beyond which a file holds no key.
const maxKeyFile = 4096

func (o *Options) key() (string, error) {
	key := o.Key
	if o.KeyFile != "" {
		data, err := os.ReadFile(o.KeyFile)
		if err != nil {
			return "", err
		}
		if len(data) > maxKeyFile {
			return "", fmt.Errorf("%s is too long for a key", o.KeyFile)
		}
		key = strings.TrimPrefix(string(data), "\uFEFF")
	}
	if key = strings.TrimSpace(key); key == "" {
		return "", errors.New("no key: name its file with --key-file, or set the variable JISHI_KEY")
	}
	if strings.ContainsAny(key, "\r\n") {
		return "", errors.New("the key has more than one line")
	}
	return key, nil
}

// address checks the production address and tells which otherwise refused networks may be reached for it.
func (o *Options) address() (address string, development bool, networks []netip.Prefix, err error) {
	development = o.Development
	if !development && isLoopback(o.URL) {
		development = true
		networks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	address, err = outbound.ValidateURL(o.URL, outbound.Rules{HTTPSOnly: o.Generation == string(saas.V2), Development: development})
	if e, ok := outbound.As(err); ok {
		text := i18n.Message(o.Lang, e.Code(), e.Args())
		switch e.Reason {
		case "ip", "host", "https":
			text += ". " + i18n.Message(o.Lang, "probe.hint_development", nil)
		}
		err = fmt.Errorf("--url %s: %s", o.URL, text)
	}
	return address, development, networks, err
}

// isLoopback tells whether an address names this machine literally. A name that merely resolves to it does not.
func isLoopback(raw string) bool {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return false
	}
	if strings.EqualFold(u.Hostname(), "localhost") {
		return true
	}
	a, err := netip.ParseAddr(u.Hostname())
	return err == nil && a.IsLoopback()
}
